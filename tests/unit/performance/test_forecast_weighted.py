"""The weighted forecast, worked out by hand."""

from fractions import Fraction

import pytest

from services.performance.forecast.weighted import Part, stage_probabilities, weighted

THIRD, HALF = Fraction(1, 3), Fraction(1, 2)


def test_a_stages_chance_is_the_part_won_of_the_closed_deals_that_came_there() -> None:
    """Twelve closed, four won; two came no further than the first stage, two no further than the second."""
    assert stage_probabilities({0: 12, 1: 10, 2: 8}, {0: 4, 1: 4, 2: 4}) == {
        0: THIRD,
        1: Fraction(4, 10),
        2: HALF,
        3: None,
    }


def test_nothing_closed_is_no_chance_and_nothing_won_is_none_at_all() -> None:
    assert stage_probabilities({}, {}) == {0: None, 1: None, 2: None, 3: None}
    assert stage_probabilities({0: 3}, {})[0] == 0


@pytest.mark.parametrize(("closed", "won"), [({0: 3}, {0: 4}), ({}, {1: 1}), ({0: 3}, {0: -1})])
def test_no_more_deals_are_won_than_closed(closed: dict[int, int], won: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be won"):
        stage_probabilities(closed, won)


def test_what_is_won_counts_once_and_in_full_and_what_is_open_by_its_chance() -> None:
    """500 won; 900 at a third and 250 at a half: 500 + 300 + 125."""
    found = weighted({2: 250, 0: 900}, 500, {0: THIRD, 2: HALF})
    assert found.total == 925
    assert found.parts == (Part(0, 900, THIRD), Part(2, 250, HALF))
    assert [part.weighted for part in found.parts] == [300, 125]
    assert found.unweighted == ()


def test_it_is_exact_where_money_does_not_divide() -> None:
    assert weighted({0: 100}, 0, {0: THIRD}).total == Fraction(100, 3)


def test_a_stage_without_history_is_left_out_and_said_to_be() -> None:
    found = weighted({0: 900, 3: 4000}, 500, {0: THIRD, 1: HALF, 3: None})
    assert found.total == 800
    assert found.unweighted == (Part(3, 4000, None),)
    assert weighted({2: 10}, 0, {}).unweighted == (Part(2, 10, None),)


def test_a_lost_deal_adds_nothing_and_a_reopened_one_counts_by_its_stage_again() -> None:
    """Of two deals of 300 one is lost: what is open shrinks, and nothing else is said of it."""
    assert weighted({1: 600}, 0, {1: HALF}).total == 300
    assert weighted({1: 300}, 0, {1: HALF}).total == 150
    assert weighted({1: 600}, 0, {1: HALF}).total == 300


def test_a_win_moves_from_its_chance_to_the_whole() -> None:
    assert weighted({3: 400}, 0, {3: HALF}).total == 200
    assert weighted({3: 0}, 400, {3: HALF}) == weighted({}, 400, {3: HALF})
    assert weighted({}, 400, {3: HALF}).total == 400


def test_nothing_open_and_nothing_won_is_nothing() -> None:
    assert weighted({}, 0, {}).total == 0
