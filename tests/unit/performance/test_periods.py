"""Periods are half-open and begin at midnight in Shanghai."""

from datetime import UTC, datetime

import pytest

from services.performance.days import day_of, days_between, minutes_between
from tests.unit.performance.world import ZONE, World, opened, target, won
from tests.unit.performance.world import money as yuan


@pytest.mark.parametrize(
    ("moment", "march"),
    [("02-28 23:59", 0), ("03-01 00:00", 1), ("03-31 23:59", 1), ("04-01 00:00", 0)],
)
def test_the_first_midnight_is_in_the_period_and_the_last_is_not(
    world: World, moment: str, march: int
) -> None:
    world.happened(opened("1", "02-01 10:00"), won("1", moment))
    assert world.value("won_count") == march


def test_months_side_by_side_hold_every_win_once(world: World) -> None:
    for n, moment in enumerate(("03-01 00:00", "03-31 23:59", "04-01 00:00", "04-30 23:59")):
        world.happened(opened(f"{n}", "02-01 10:00"), won(f"{n}", moment))
    months = [("03-01", "04-01"), ("04-01", "05-01")]
    assert [world.value("won_count", *month) for month in months] == [2, 2]
    assert world.value("won_count", "03-01", "05-01") == 4


def test_the_last_second_of_a_utc_day_is_the_next_morning_in_shanghai() -> None:
    assert day_of(datetime(2025, 3, 31, 15, 59, 59, 999_999, UTC), ZONE) == "2025-03-31"
    assert day_of(datetime(2025, 3, 31, 16, 0, tzinfo=UTC), ZONE) == "2025-04-01"


def test_days_are_counted_by_the_calendar_and_minutes_are_cut_off() -> None:
    late, early = datetime(2025, 3, 10, 15, 59, tzinfo=UTC), datetime(2025, 3, 10, 16, 1, tzinfo=UTC)
    assert days_between(late, early, ZONE) == 1
    assert minutes_between(late, early) == 2
    assert minutes_between(late, early.replace(second=59)) == 2
    assert minutes_between(early, late) == 0


def test_a_targets_last_day_is_the_one_before_its_end(world: World) -> None:
    world.happened(target("t", "wang", "03-01", "03-03", yuan(100)))
    days = [world.values("attainment", f"03-0{n}", f"03-0{n + 1}")[0].denominator for n in (1, 2, 3)]
    assert days == [50, 50, 0]
