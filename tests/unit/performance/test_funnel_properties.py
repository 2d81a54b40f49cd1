"""Whatever happens to deals, likely or not: what always holds in their funnel."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any, Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.performance.funnel import Funnel, funnel
from services.performance.measures.deal import stay
from services.performance.measures.deals import WON
from services.performance.stages import BARS
from services.performance.sums import Row, Sums
from shared.events.deal import (
    STAGES,
    DealAdvanced,
    DealEvent,
    DealLost,
    DealOpened,
    DealReassigned,
    DealReopened,
    DealRepriced,
    DealRescheduled,
    DealWon,
    Stage,
)
from shared.events.event import Money
from shared.events.examples.cast import at
from tests.unit.performance.deals import GOODS, adds, after, bars

BOUNDED: Final = settings(max_examples=200, deadline=None, derandomize=True)
MORNING: Final = at("03-03 09:00")
IT: Final[dict[str, Any]] = {"deal_id": "1", "occurred_at": MORNING}
COUNTED: Final = ("strict", "reached", "implied", "standing", "undecided", "won", "lost", "lost_at")

STAGE = st.sampled_from(STAGES)
PEOPLE = st.sampled_from(("wang", "li"))
MONEY = st.builds(Money, minor=st.integers(0, 500), currency=st.sampled_from(("CNY", "USD")))
DAYS = st.dates(date(2025, 3, 1), date(2025, 3, 20))


def _some(event: type[DealEvent], **fields: Any) -> st.SearchStrategy[DealEvent]:
    fixed = {name: st.just(value) for name, value in IT.items()}
    return st.builds(event, **fixed, **fields)


OPENED = _some(
    DealOpened,
    title=st.just("一单"),
    product=st.just("Atlas 200"),
    line=st.sampled_from(("Atlas", "织女")),
    owner=PEOPLE,
    amount=MONEY,
    stage=STAGE,
    account_id=st.none() | st.just("acc-yunfan"),
    expected_close=st.none() | DAYS,
)
THEN = st.one_of(
    _some(DealAdvanced, stage=STAGE, previous=STAGE),
    _some(DealAdvanced, stage=STAGE, previous=STAGE),
    _some(DealReopened, reason=st.just("客户回头"), stage=STAGE),
    _some(DealLost, reason=st.just("价格")),
    _some(
        DealWon,
        **{k: st.just(v) for k, v in GOODS.items()},
        owner=PEOPLE,
        amount=MONEY,
        opened_at=st.just(MORNING),
    ),
    _some(DealRepriced, amount=MONEY, previous=MONEY),
    _some(DealReassigned, owner=PEOPLE, previous=PEOPLE),
    _some(DealRescheduled, expected_close=DAYS),
)
Story = Sequence[DealEvent]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A deal's beginning and then anything, also what nobody may do, as time goes on."""
    events = [draw(OPENED), *draw(st.lists(THEN, max_size=12))]
    pauses = draw(st.lists(st.integers(0, 60 * 50), min_size=len(events), max_size=len(events)))
    moments = accumulate((timedelta(seconds=59 * pause) for pause in pauses), initial=MORNING)
    return [
        event.model_copy(update={"occurred_at": moment})
        for event, moment in zip(events, moments, strict=False)
    ]


@st.composite
def allowed_stories(draw: st.DrawFn) -> Story:
    """Only what deals may do: closed once, reopened only when closed, where they stood."""
    begin, *rest = draw(stories())
    kept, is_open, stage = [begin], True, begin.stage  # type: ignore[union-attr]  # it opens the deal
    for event in rest:
        if isinstance(event, DealReopened) != is_open:
            going_on = event.model_copy(update={"stage": stage}) if isinstance(event, DealReopened) else event
            kept.append(going_on)
            is_open = not isinstance(event, DealWon | DealLost)
            stage = event.stage if isinstance(event, DealAdvanced) else stage
    return kept


def _funnel(them: Sequence[Story]) -> Funnel:
    cells = ((cell, n) for story in them for cell, n in adds(*story).items())
    return funnel(Sums(Row(cell.measure, "in", cell.currency, {cell.bucket: n}) for cell, n in cells))


COHORTS = st.lists(stories(), max_size=8).map(lambda them: (them, _funnel(them)))


@BOUNDED
@given(COHORTS)
def test_strict_is_within_reached_and_reached_within_implied_at_every_bar(
    cohort: tuple[list[Story], Funnel],
) -> None:
    for bar in cohort[1].bars:
        assert 0 <= bar.strict <= bar.reached <= bar.implied
        assert bar.skipped == bar.implied - bar.reached


@BOUNDED
@given(COHORTS)
def test_implied_and_strict_never_grow_along_the_funnel(cohort: tuple[list[Story], Funnel]) -> None:
    for before, bar in pairwise(cohort[1].bars):
        assert bar.implied <= before.implied
        assert bar.strict <= before.strict


@BOUNDED
@given(COHORTS)
def test_every_deal_opened_is_open_won_or_lost(cohort: tuple[list[Story], Funnel]) -> None:
    them, found = cohort
    assert found.opened == len(them) == found.open + found.won + found.lost
    assert found.opened == found.bars[0].implied
    assert found.won == found.bars[WON].implied == found.bars[WON].reached
    assert found.lost == sum(bar.lost for bar in found.bars)


@BOUNDED
@given(COHORTS)
def test_those_standing_and_the_undecided_are_both_all_that_are_open(
    cohort: tuple[list[Story], Funnel],
) -> None:
    found = cohort[1]
    assert sum(bar.standing for bar in found.bars) == found.open
    assert sum(bar.undecided for bar in found.bars) == found.open


@BOUNDED
@given(COHORTS)
def test_no_conversion_is_above_one_nor_below_its_raw_form(cohort: tuple[list[Story], Funnel]) -> None:
    for bar in cohort[1].bars[1:]:
        for share in (bar.conversion, bar.matured_conversion, bar.matured):
            assert share is None or 0 <= share <= 1
        if bar.conversion is not None and bar.matured_conversion is not None:
            assert bar.conversion <= bar.matured_conversion
            assert bar.matured is not None
            assert bar.conversion == bar.matured_conversion * bar.matured


@BOUNDED
@given(COHORTS)
def test_each_bar_is_the_one_before_less_the_undecided_the_lost_and_none_else(
    cohort: tuple[list[Story], Funnel],
) -> None:
    for before, bar in pairwise(cohort[1].bars):
        assert bar.implied == before.implied - before.undecided - before.lost


@BOUNDED
@given(stories())
def test_a_deal_adds_nothing_or_one_to_each_bar(story: Story) -> None:
    cells = adds(*story)
    for measure in ("deals_opened", *(f"funnel_{way}" for way in COUNTED)):
        found = Counter(cell.bucket for cell in cells if cell.measure == measure)
        assert set(found.values()) <= {1}
        assert set(bars(cells, measure).values()) <= {1}
    for stage in STAGES:
        assert sum(bars(cells, f"stage_minutes_{stage}").values()) <= 1


@BOUNDED
@given(stories())
def test_the_bars_are_those_of_the_way_the_deal_went(story: Story) -> None:
    way = [place for place, _ in _way(story)]
    won = after(*story).standing == "won"
    cells = adds(*story)
    assert set(bars(cells, "funnel_reached")) == set(way) | ({WON} if won else set())
    assert set(bars(cells, "funnel_implied")) == set(range(WON + 1 if won else max(way) + 1))
    firsts = list(dict.fromkeys(way))
    strict = 0
    while strict < len(firsts) and firsts[strict] == strict:
        entry = way.index(strict)
        if entry and way[entry - 1] != strict - 1:
            break
        strict += 1
    assert set(bars(cells, "funnel_strict")) == set(range(strict + (won and strict == WON)))


@BOUNDED
@given(allowed_stories(), st.integers(0, 3000))
def test_the_times_in_the_stages_are_exactly_the_time_the_deal_was_open(story: Story, pause: int) -> None:
    deal = after(*story)
    now = story[-1].occurred_at + timedelta(minutes=pause)
    assert timedelta(microseconds=sum(deal.spent.values()) + stay(deal, now)) == _open_time(story, now)


@BOUNDED
@given(allowed_stories(), st.booleans(), st.integers(0, 3000), st.integers(0, 3000))
def test_reopening_undoes_exactly(story: Story, win: bool, before: int, between: int) -> None:
    deal = after(*story)
    assume(deal.standing == "open")
    closed_at = story[-1].occurred_at + timedelta(minutes=before)
    reopened_at = closed_at + timedelta(minutes=between)
    price = Money(minor=deal.minor, currency=deal.currency)
    end: DealEvent = DealLost(deal_id="1", occurred_at=closed_at, reason="价格")
    if win:
        facts = {"owner": deal.owner, "amount": price, "opened_at": MORNING, **GOODS}
        end = DealWon.model_validate({"deal_id": "1", "occurred_at": closed_at, **facts})
    again = DealReopened(deal_id="1", occurred_at=reopened_at, reason="客户回头", stage=deal.stage)
    assert adds(*story, end, again) == adds(*story)
    assert adds(*story, end) != adds(*story)


@BOUNDED
@given(stories())
def test_moving_to_where_it_stands_changes_nothing(story: Story) -> None:
    deal = after(*story)
    same = DealAdvanced(deal_id="1", occurred_at=story[-1].occurred_at, stage=deal.stage, previous=deal.stage)
    assert after(*story, same) == deal


@BOUNDED
@given(COHORTS)
def test_a_bar_is_worth_what_its_deals_are_worth(cohort: tuple[list[Story], Funnel]) -> None:
    them, found = cohort
    deals = [after(*story) for story in them]
    for i, bar in enumerate(found.bars):
        worth: Counter[str] = Counter()
        for deal in deals:
            if i <= deal.furthest or deal.standing == "won":
                worth[deal.currency] += deal.minor
        assert +Counter(bar.amount) == +worth
    assert len(found.bars) == len(BARS)


def _way(story: Story) -> list[tuple[int, datetime]]:
    """The stages it stood at, one after the other, and since when."""
    way: list[tuple[int, datetime]] = []
    for event in story:
        stage: Stage | None = getattr(event, "stage", None)
        if stage is not None and (not way or way[-1][0] != STAGES.index(stage)):
            way.append((STAGES.index(stage), event.occurred_at))
    return way


def _open_time(story: Story, now: datetime) -> timedelta:
    """From every opening to the next end, or now."""
    total, since = timedelta(), None
    for event in story:
        if isinstance(event, DealOpened | DealReopened):
            since = event.occurred_at
        elif isinstance(event, DealWon | DealLost) and since is not None:
            total, since = total + (event.occurred_at - since), None
    return total + (now - since if since is not None else timedelta())
