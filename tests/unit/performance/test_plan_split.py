"""Parts sum to the last unit, and a plan's levels never cross."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.performance.plan_split import split, split_levels
from shared.eventstore.decider import Refused
from tests.unit.performance.planning import levels

AMOUNTS = st.integers(0, 10**15)
WEIGHTS = st.lists(st.integers(0, 10**15), min_size=1, max_size=40).filter(any)


def test_a_hundred_in_three_gives_the_odd_one_to_the_earlier_part() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]


def test_the_largest_remainder_comes_first_wherever_it_stands() -> None:
    # 10 by 3 : 3 : 1 is 4 2/7, 4 2/7, 1 3/7: one unit is left, and 3/7 is the most
    assert split(10, [3, 3, 1]) == [4, 4, 2]


def test_a_part_without_weight_gets_nothing() -> None:
    assert split(7, [0, 1, 0, 1]) == [0, 4, 0, 3]


def test_nothing_is_split_into_nothings() -> None:
    assert split(0, [2, 3]) == [0, 0]


@pytest.mark.parametrize("weights", [[], [0], [0, 0, 0]], ids=str)
def test_weights_that_weigh_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(Refused) as refused:
        split(100, weights)
    assert refused.value.code == "no-weights"


def test_a_level_that_would_round_past_another_does_not() -> None:
    # by 6 : 6 : 2, ten alone is 4, 4, 2 and eleven alone is 5, 5, 1: the last part's floor above its target
    assert split(10, [6, 6, 2]) == [4, 4, 2]
    assert split(11, [6, 6, 2]) == [5, 5, 1]
    assert split_levels(levels(10, 11, 11), [6, 6, 2]) == [levels(5, 5, 5), levels(4, 5, 5), levels(1, 1, 1)]
    assert split_levels(levels(10, 10, 11), [6, 6, 2]) == [levels(4, 4, 4), levels(4, 4, 5), levels(2, 2, 2)]


@given(AMOUNTS, WEIGHTS)
def test_parts_sum_exactly_and_are_less_than_a_unit_from_their_share(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
        assert weight or not part


@given(AMOUNTS, WEIGHTS)
def test_who_weighs_more_gets_no_less_and_who_weighs_the_same_not_more_when_later(
    total: int, weights: list[int]
) -> None:
    parts = list(zip(weights, split(total, weights), strict=True))
    for i, (weight, part) in enumerate(parts):
        assert all(part >= other for lighter, other in parts if lighter < weight)
        assert all(part >= other for same, other in parts[i:] if same == weight)


@given(st.lists(AMOUNTS, min_size=3, max_size=3), WEIGHTS)
def test_each_level_sums_exactly_and_keeps_its_place(amounts: list[int], weights: list[int]) -> None:
    floor, target, stretch = sorted(amounts)
    whole = levels(floor, target, stretch, "USD")
    parts = split_levels(whole, weights)
    assert [part.target for part in parts] == split(target, weights)
    for level in ("floor", "target", "stretch"):
        assert sum(getattr(part, level) for part in parts) == getattr(whole, level)
    for part, weight in zip(parts, weights, strict=True):
        assert part.floor <= part.target <= part.stretch
        assert part.currency == "USD"
        assert weight or part == levels(0, 0, 0, "USD")
