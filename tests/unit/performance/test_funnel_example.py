"""Six deals of one March, and every number of their funnel worked out by hand."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import pytest

from services.performance.funnel import Funnel
from shared.events.deal import DealEvent
from tests.unit.performance.deals import advanced, cohort, dollars, lost, opened, reopened, won, yuan
from tests.unit.performance.world import World

STRAIGHT: Final = (  # 120, 1440, 1440 and 1440 minutes
    opened("03-03 09:00", deal="straight", amount=yuan(1000)),
    advanced("03-03 11:00", "engaging", deal="straight"),
    advanced("03-04 11:00", "proposing", deal="straight"),
    advanced("03-05 11:00", "negotiating", deal="straight"),
    won("03-06 11:00", deal="straight", amount=yuan(1000)),
)
SKIPPING: Final = (  # 60 and, proposing, 2880 minutes
    opened("03-03 09:00", deal="skipping", amount=yuan(600)),
    advanced("03-03 10:00", "proposing", deal="skipping"),
    won("03-05 10:00", deal="skipping", amount=yuan(500)),
)
BACK_AND_LOST: Final = (  # 30, then engaging 120 + 60, proposing 60 minutes
    opened("03-03 09:00", deal="back", amount=yuan(200)),
    advanced("03-03 09:30", "engaging", deal="back"),
    advanced("03-03 11:30", "proposing", deal="back"),
    advanced("03-03 12:30", "engaging", deal="back"),
    lost("03-03 13:30", deal="back"),
)
STILL: Final = (opened("03-04 09:00", deal="still", amount=yuan(300)),)
TAKEN_UP_LATER: Final = (opened("03-10 09:00", deal="later", stage="engaging", amount=dollars(50)),)
REOPENED: Final = (  # 240, 1440, then proposing 60 + 60 and negotiating 60 minutes
    opened("03-05 09:00", deal="reopened", amount=yuan(700)),
    advanced("03-05 13:00", "engaging", deal="reopened"),
    advanced("03-06 13:00", "proposing", deal="reopened"),
    lost("03-06 14:00", deal="reopened"),
    reopened("03-10 14:00", "proposing", deal="reopened"),
    advanced("03-10 15:00", "negotiating", deal="reopened"),
    advanced("03-10 16:00", "proposing", deal="reopened"),
)
ALL: Final[Sequence[Sequence[DealEvent]]] = (
    STRAIGHT,
    SKIPPING,
    BACK_AND_LOST,
    STILL,
    TAKEN_UP_LATER,
    REOPENED,
)


@pytest.fixture
def march(world: World) -> Funnel:
    for story in ALL:
        world.happened(*story)
    return cohort(world)


def test_the_six_deals_are_open_won_or_lost(march: Funnel) -> None:
    assert (march.opened, march.open, march.won, march.lost) == (6, 3, 2, 1)
    assert march.decided == Fraction(1, 2)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("strict", [5, 3, 3, 2, 1]),
        ("reached", [5, 4, 4, 2, 2]),
        ("implied", [6, 5, 4, 3, 2]),
        ("skipped", [1, 1, 0, 1, 0]),
        ("standing", [1, 1, 1, 0, 0]),
        ("undecided", [1, 1, 0, 1, 0]),
        ("lost", [0, 0, 1, 0, 0]),
    ],
)
def test_the_six_deals_counted_each_way(march: Funnel, way: str, expected: list[int]) -> None:
    assert [getattr(bar, way) for bar in march.bars] == expected


def test_how_many_of_the_six_took_each_step(march: Funnel) -> None:
    assert [bar.conversion for bar in march.bars] == [
        None,
        Fraction(5, 6),
        Fraction(4, 5),
        Fraction(3, 4),
        Fraction(2, 3),
    ]
    assert [bar.matured_conversion for bar in march.bars] == [None, 1, 1, Fraction(3, 4), 1]
    assert [bar.matured for bar in march.bars] == [None, Fraction(5, 6), Fraction(4, 5), 1, Fraction(2, 3)]


def test_what_the_six_are_worth_at_each_stage(march: Funnel) -> None:
    assert [(bar.amount["CNY"], bar.amount["USD"]) for bar in march.bars] == [
        (2700_00, 50_00),
        (2400_00, 50_00),
        (2400_00, 0),
        (2200_00, 0),
        (1500_00, 0),
    ]
    assert [(bar.standing_amount["CNY"], bar.standing_amount["USD"]) for bar in march.bars] == [
        (300_00, 0),
        (0, 50_00),
        (700_00, 0),
        (0, 0),
        (0, 0),
    ]


def test_how_long_the_six_stayed_in_each_stage(march: Funnel) -> None:
    assert [(bar.minutes_median, bar.minutes_p90) for bar in march.bars] == [
        (90, 204),  # of 30, 60, 120, 240
        (1440, 1440),  # of 180, 1440, 1440
        (780, 2448),  # of 60, 120, 1440, 2880
        (750, 1302),  # of 60, 1440
        (None, None),
    ]
