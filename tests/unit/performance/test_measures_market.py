"""What a market estimate adds: every day its part, together exactly the size."""

from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.measures.market import MARKETS, Market, evolve
from services.performance.measures.spread import spread
from services.performance.measures.targets import TARGETS
from shared.events.event import Money
from shared.events.examples.cast import at, on
from shared.events.market import MarketEstimated, MarketEstimateWithdrawn
from shared.events.target import TargetSet
from shared.projections.projection import Cell
from tests.unit.performance.measured import adds

START: Final = date(2025, 3, 30)
THREE_DAYS: Final = {"start": on("03-30"), "end": on("04-02")}


def _estimated(minor: int, currency: str = "CNY", **more: Any) -> MarketEstimated:
    facts = {"line": "Atlas", "region": "华东", "source": "工控网", "estimated_on": on("01-03"), **more}
    size = Money(minor=minor, currency=currency)
    return MarketEstimated(market_id="m", occurred_at=at("01-06 09:00"), size=size, **{**THREE_DAYS, **facts})


def _cell(day: str, currency: str = "CNY", *, line: str = "Atlas", region: str = "华东") -> Cell:
    return Cell("market_amount", f"2025-{day}", "", line, currency, region=region)


WITHDRAWN = MarketEstimateWithdrawn(market_id="m", occurred_at=at("02-01 09:00"))


def test_a_size_that_does_not_divide_gives_its_rest_to_later_days() -> None:
    """100 分 over 3 days: due by their ends are 33, 66 and 100."""
    assert adds(MARKETS, _estimated(100)) == {_cell("03-30"): 33, _cell("03-31"): 33, _cell("04-01"): 34}
    assert adds(MARKETS, _estimated(101)) == {_cell("03-30"): 33, _cell("03-31"): 34, _cell("04-01"): 34}
    assert list(adds(MARKETS, _estimated(1)).values()) == [0, 0, 1]


def test_two_currencies_are_spread_each_on_its_own() -> None:
    yuan, euros = _estimated(100), _estimated(7, "EUR", region=None)
    assert adds(MARKETS, yuan).keys().isdisjoint(adds(MARKETS, euros))
    assert adds(MARKETS, euros) == {
        _cell("03-30", "EUR", region=""): 2,
        _cell("03-31", "EUR", region=""): 2,
        _cell("04-01", "EUR", region=""): 3,
    }


def test_a_market_of_all_lines_and_regions_names_none() -> None:
    added = adds(MARKETS, _estimated(3, line=None, region=None))
    assert added == {_cell(day, line="", region=""): 1 for day in ("03-30", "03-31", "04-01")}


def test_a_later_estimate_replaces_the_earlier_one_whole() -> None:
    later = _estimated(50, "USD", line="Vega", start=on("04-01"), end=on("04-03"))
    assert adds(MARKETS, _estimated(100), later) == {
        _cell("04-01", "USD", line="Vega"): 25,
        _cell("04-02", "USD", line="Vega"): 25,
    }


def test_a_withdrawn_estimate_adds_nothing_until_it_is_made_again() -> None:
    assert adds(MARKETS, _estimated(100), WITHDRAWN) == {}
    assert adds(MARKETS, _estimated(100), WITHDRAWN, _estimated(90)) == adds(MARKETS, _estimated(90))


def test_the_estimates_that_stand_are_listed_with_their_source_and_day() -> None:
    stands = evolve(Market(), _estimated(100))
    assert (stands.source, stands.estimated_on) == ("工控网", on("01-03"))
    assert MARKETS.index(stands) == {"state": "standing", "line": "Atlas", "region": "华东"}
    assert MARKETS.index(evolve(stands, WITHDRAWN)) == {}
    assert MARKETS.index(Market()) == {}
    assert MARKETS.dated


def test_a_target_is_spread_by_the_same_rule() -> None:
    target = TargetSet(
        target_id="t",
        occurred_at=at("01-02 09:00"),
        person_id="wang",
        amount=Money(minor=100),
        **THREE_DAYS,
    )
    assert list(adds(TARGETS, target).values()) == [33, 33, 34]


@pytest.mark.parametrize("days", [0, -1])
def test_no_days_have_no_parts(days: int) -> None:
    assert list(spread(100, START, date.fromordinal(START.toordinal() + days))) == []


@given(st.integers(0, 10**15), st.integers(1, 400))
def test_the_days_sum_to_the_whole_and_no_two_are_more_than_one_apart(minor: int, days: int) -> None:
    parts = list(spread(minor, START, date.fromordinal(START.toordinal() + days)))
    assert sum(part for _, part in parts) == minor
    assert [date.fromisoformat(day).toordinal() - START.toordinal() for day, _ in parts] == [*range(days)]
    assert max(part for _, part in parts) - min(part for _, part in parts) <= 1
