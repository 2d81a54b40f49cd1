"""Champions are named when a period has closed: once, of what is known by then, and corrected once."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from services.performance.measures.awards import AWARDS
from services.performance.timers import LOOK_EVERY, caught_up
from shared.events.award import AwardCorrected, AwardGranted
from shared.events.event import Money
from shared.events.examples.cast import at
from shared.events.rate import RateSet
from shared.eventstore.decider import Refused
from shared.eventstore.sqlite import SqliteStore
from shared.projections.feed import Feed
from shared.projections.runner import Runner
from tests.unit.performance.asking import Service
from tests.unit.performance.awarding import BY_TIMER, Race, about, first, lag
from tests.unit.performance.deals import dollars
from tests.unit.performance.world import PROJECTIONS, ZONE, World, lost, opened, reopened

CLOSED = "04-02 00:00"
MARCH = "won_amount-month-2025-03-01"


@pytest.fixture
async def race(world: World, tmp_path: Path) -> AsyncIterator[Race]:
    world.runner = Runner(world.engine, "performance", (*PROJECTIONS, AWARDS))
    store = SqliteStore(tmp_path / "events.db")
    service = Service(None, world, store, Feed(world.engine))  # type: ignore[arg-type]  # nobody asks over HTTP
    yield Race(service)
    await service.store.close()


async def test_the_champion_of_a_month_is_named_a_day_after_it_and_once(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    race.sold("chen", "03-31 23:59", 800)
    race.sold("li", "04-01 00:00", 9000)
    assert await race.told("04-01 23:59") == []
    news = await race.told(CLOSED)
    assert about(news) == AwardGranted(
        award_id=MARCH,
        occurred_at=at(CLOSED),
        kpi="won_amount",
        kpi_version=1,
        kind="month",
        start=date(2025, 3, 1),
        end=date(2025, 4, 1),
        winners=(first("chen", 800),),
        shared=False,
    )
    assert await race.told("04-02 00:01") == []
    race.start()
    assert await race.told("04-20 09:00") == []
    assert len(await race.told_of(MARCH)) == 1


async def test_a_quarter_closes_with_its_last_month_and_has_a_champion_of_its_own(race: Race) -> None:
    race.sold("wang", "01-05 10:00", 300)
    race.sold("wang", "02-05 10:00", 300)
    race.sold("chen", "03-05 10:00", 500)
    news = await race.told(CLOSED)
    assert about(news, kind="month").winners == (first("chen", 500),)
    assert about(news, kind="quarter").winners == (first("wang", 600),)
    assert about(news, "won_count", "quarter").winners == (first("wang", count=2),)
    assert len(news) == 4


async def test_the_year_ends_at_midnight_in_shanghai(race: Race) -> None:
    race.sold("wang", "12-31 23:59", 300)
    race.sold("chen", "01-01 00:00", 200)
    race.sold("li", datetime(2026, 1, 1, tzinfo=ZONE), 900)
    assert await race.told(datetime(2026, 1, 1, 23, 59, tzinfo=ZONE)) == []
    news = await race.told(datetime(2026, 1, 2, tzinfo=ZONE))
    assert {(it.kind, it.winners) for it in news if it.kpi == "won_amount"} == {
        ("month", (first("wang", 300),)),
        ("quarter", (first("wang", 300),)),
        ("year", (first("wang", 300),)),
    }
    assert about(news, "won_count", "year").winners == (first("chen", count=1), first("wang", count=1))
    assert about(news, kind="year").start == date(2025, 1, 1)


async def test_equals_share_an_award(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    race.sold("chen", "03-06 10:00", 100)
    race.sold("chen", "03-07 10:00", 200)
    granted = about(await race.told(CLOSED))
    assert (granted.winners, granted.shared) == ((first("chen", 300), first("wang", 300)), True)


async def test_without_a_result_there_is_no_award(race: Race) -> None:
    race.service.world.happened(opened("1", "03-02 10:00"), lost("1", "03-05 10:00"))
    assert await race.told(CLOSED) == []
    race.sold("wang", "03-06 10:00", 0)
    assert [it.kpi for it in await race.told("04-02 00:01")] == ["won_count"] * 2


@pytest.mark.parametrize("behind", [1, 4000, None], ids=str)
async def test_while_anything_lags_or_cannot_be_asked_it_is_put_off(race: Race, behind: int | None) -> None:
    race.sold("wang", "03-05 10:00", 300)
    race.freshness = [*lag(0), *lag(behind)]
    assert await race.told(CLOSED) == []
    race.sold("chen", "03-31 18:00", 900)
    race.freshness = lag(0)
    assert about(await race.told("04-02 00:00")).winners == (first("chen", 900),)


async def test_while_the_boards_are_rebuilt_nothing_is_said_about_them(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    race.waiting = {"topics": "not caught up"}
    assert await race.told(CLOSED) == []
    race.waiting = {}
    due = race.due(CLOSED)
    race.waiting = {"topics": "not caught up"}
    for award_id in due:
        await race.timer.fire(award_id, at(CLOSED), BY_TIMER)
    assert due
    assert await race.service.store.head() == -1


def test_nothing_that_is_known_lags_where_nothing_is_followed() -> None:
    assert caught_up([], {})
    assert not caught_up([], {"relay": "away"})


async def test_killed_before_its_list_knew_it_is_granted_once(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    assert len(await race.announced(CLOSED)) == 4
    race.start()
    assert MARCH in race.due("04-02 00:05")
    assert await race.announced("04-02 00:10") == []
    assert len(await race.told_of(MARCH)) == 1


async def test_killed_between_two_awards_the_other_is_granted_later(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    one, *others = race.due(CLOSED)
    await race.timer.fire(one, at(CLOSED), BY_TIMER)
    race.start()
    news = await race.told("04-02 00:05")
    assert sorted(it.award_id for it in news) == sorted(others)


async def test_a_late_win_that_changes_who_was_first_corrects_it_once(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    await race.told(CLOSED)
    race.sold("chen", "03-20 10:00", 450)
    corrected = about(await race.told("04-10 09:00"))
    assert isinstance(corrected, AwardCorrected)
    assert (corrected.winners, corrected.previous) == ((first("chen", 450),), (first("wang", 300),))
    assert corrected.reason == "other-winners"
    assert await race.told("04-10 09:05") == []
    race.start()
    assert await race.announced("04-10 09:10") == []
    assert [it.type for it in await race.told_of(MARCH)] == ["award-granted.v1", "award-corrected.v1"]


async def test_a_win_taken_back_leaves_nobody_and_won_again_it_is_told_again(race: Race) -> None:
    deal = race.sold("wang", "03-05 10:00", 300)
    await race.told(CLOSED)
    race.service.world.happened(reopened(deal, "04-05 10:00"))
    nobody = about(await race.told("04-05 10:05"))
    assert (nobody.winners, nobody.reason) == ((), "no-winner")
    assert await race.told("04-05 11:00") == []
    race.sold("wang", "03-09 10:00", 200)
    again = about(await race.told("04-06 09:00"))
    assert (again.winners, again.previous, again.reason) == ((first("wang", 200),), (), "other-winners")


async def test_another_value_of_the_same_champion_is_corrected_too(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    await race.told(CLOSED)
    race.sold("wang", "03-06 10:00", 50)
    assert about(await race.told("04-10 09:00")).reason == "other-value"


async def test_once_the_next_period_has_closed_it_stands_for_good(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    await race.told(CLOSED)
    race.sold("chen", "03-20 10:00", 450)
    news = await race.told("05-02 00:00")
    assert {it.kind for it in news} == {"quarter"}
    assert [it.type for it in await race.told_of(MARCH)] == ["award-granted.v1"]


async def test_what_was_found_is_refused_when_it_is_fired_too_late(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    assert race.due("04-02 09:00")[MARCH] == at(CLOSED)
    with pytest.raises(Refused):
        await race.timer.fire(MARCH, at("05-02 00:00"), BY_TIMER)


async def test_what_was_imported_of_years_ago_grants_nothing(race: Race) -> None:
    for month in ("01", "06", "12"):
        race.sold("wang", f"{month}-05 10:00", 300)
    assert await race.told(datetime(2027, 1, 20, 9, tzinfo=ZONE)) == []
    assert len(await race.told_of("won_amount-year-2025-01-01")) == 0


async def test_it_looks_once_a_minute(race: Race) -> None:
    assert race.timer.due(at(CLOSED)) == {}
    race.sold("wang", "03-05 10:00", 300)
    assert race.timer.due(at(CLOSED) + LOOK_EVERY - timedelta(microseconds=1)) is None
    assert race.timer.due(at(CLOSED) + LOOK_EVERY)


async def test_amounts_race_in_the_companys_currency_at_the_rates_of_their_days(race: Race) -> None:
    race.sold("wang", "03-05 10:00", 300)
    race.sold("chen", "03-10 10:00", dollars(45))
    race.sold("li", "03-11 10:00", Money(minor=900_00, currency="EUR"))
    without_rate = about(await race.told(CLOSED))
    assert without_rate.winners == (first("wang", 300),)
    assert [(it.minor, it.currency) for it in without_rate.unpriced] == [(900_00, "EUR"), (45_00, "USD")]
    race.service.world.happened(
        RateSet(
            rate_id="USD-CNY",
            occurred_at=at("04-03 09:00"),
            base="USD",
            quote="CNY",
            on=date(2025, 3, 1),
            rate=Decimal("7.1745"),
            source="中国人民银行中间价",
        )
    )
    corrected = about(await race.told("04-03 09:05"))
    (winner,) = corrected.winners
    assert (winner.person_id, winner.value, winner.currency) == ("chen", 322_85, "CNY")
    assert [it.currency for it in corrected.unpriced] == ["EUR"]
