"""The funnel of a cohort, and the five mistakes that funnels are known for."""

from fractions import Fraction

import pytest

from services.performance.funnel import NEEDED, Funnel, funnel
from services.performance.measures.catalogue import MEASURES
from services.performance.sums import Sums
from shared.events.deal import STAGES
from tests.unit.performance.deals import (
    adds,
    advanced,
    cohort,
    dollars,
    lost,
    opened,
    reassigned,
    reopened,
    won,
    yuan,
)
from tests.unit.performance.world import World


def counts(found: Funnel, of: str) -> list[int]:
    return [getattr(bar, of) for bar in found.bars]


def totals(found: Funnel) -> tuple[int, int, int, int]:
    """Opened, open, won, lost."""
    return found.opened, found.open, found.won, found.lost


def test_an_empty_cohort_has_all_its_bars_and_no_ratio() -> None:
    found = funnel(Sums([]))
    assert [bar.name for bar in found.bars] == ["prospecting", "engaging", "proposing", "negotiating", "won"]
    assert totals(found) == (0, 0, 0, 0)
    assert found.decided is None
    for bar in found.bars:
        assert (bar.conversion, bar.matured_conversion, bar.matured) == (None, None, None)
        assert (bar.minutes_median, bar.minutes_p90) == (None, None)


def test_mistake_1_counting_log_rows_instead_of_deals_a_deal_that_goes_back_and_forth_counts_once(
    world: World,
) -> None:
    world.happened(
        opened("03-02 10:00"),
        advanced("03-03 10:00", "engaging"),
        advanced("03-04 10:00", "prospecting"),
        advanced("03-05 10:00", "engaging"),
        advanced("03-06 10:00", "prospecting"),
        advanced("03-07 10:00", "engaging"),
        lost("03-08 10:00"),
        reopened("03-09 10:00", "engaging"),
        lost("03-10 10:00"),
    )
    found = cohort(world)
    for way in ("strict", "reached", "implied"):
        assert counts(found, way) == [1, 1, 0, 0, 0]
    assert counts(found, "lost") == [0, 1, 0, 0, 0]
    assert totals(found) == (1, 0, 0, 1)


def test_mistake_2_losing_the_first_stage_deals_that_never_moved_stand_in_the_first_bar(
    world: World,
) -> None:
    world.happened(*(opened("03-02 10:00", deal=key) for key in "abcd"))
    world.happened(advanced("03-03 10:00", "engaging", deal="a"))
    found = cohort(world)
    for way in ("strict", "reached", "implied"):
        assert counts(found, way) == [4, 1, 0, 0, 0]
    assert counts(found, "standing") == [3, 1, 0, 0, 0]
    assert found.bars[1].conversion == Fraction(1, 4)
    assert totals(found) == (4, 4, 0, 0)


def test_mistake_3_leaving_lost_deals_out_of_their_cohort_they_stay_in_every_bar_they_came_to(
    world: World,
) -> None:
    world.happened(*(opened("03-02 10:00", deal=key) for key in "ab"))
    world.happened(*(advanced("03-03 10:00", "engaging", deal=key) for key in "ab"))
    before = cohort(world)
    world.happened(lost("03-20 10:00", deal="a"), won("03-21 10:00", deal="b"))
    found = cohort(world)
    assert counts(found, "reached")[:2] == counts(before, "reached")[:2] == [2, 2]
    assert counts(found, "implied") == [2, 2, 1, 1, 1]
    assert counts(found, "lost") == [0, 1, 0, 0, 0]
    assert found.bars[2].conversion == Fraction(1, 2)  # not 1, as among those that are left
    assert totals(found) == (2, 0, 1, 1)


def test_mistake_4_mixing_cohorts_deals_of_last_month_that_move_this_month_stay_in_last_months_funnel(
    world: World,
) -> None:
    world.happened(opened("02-28 23:59", deal="february"), opened("03-01 00:00", deal="march"))
    world.happened(advanced("03-05 10:00", "proposing", deal="february"))
    world.happened(won("03-10 10:00", deal="february"))
    march, february = cohort(world), cohort(world, "02-01", "03-01")
    assert counts(march, "implied") == [1, 0, 0, 0, 0]
    assert totals(march) == (1, 1, 0, 0)
    assert counts(february, "implied") == [1, 1, 1, 1, 1]
    assert totals(february) == (1, 0, 1, 0)


def test_mistake_5_skipped_stages_making_later_bars_larger_than_earlier_implied_never_grows(
    world: World,
) -> None:
    world.happened(*(opened("03-02 10:00", deal=key) for key in "abc"))
    world.happened(*(advanced("03-03 10:00", "negotiating", deal=key) for key in "abc"))
    world.happened(opened("03-02 10:00", deal="d", stage="proposing"), won("03-09 10:00", deal="d"))
    found = cohort(world)
    assert counts(found, "reached") == [3, 0, 1, 3, 1]  # grows twice: no funnel at all
    assert counts(found, "implied") == [4, 4, 4, 4, 1]
    assert counts(found, "skipped") == [1, 4, 3, 1, 0]
    assert counts(found, "strict") == [3, 0, 0, 0, 0]
    assert [bar.conversion for bar in found.bars] == [None, 1, 1, 1, Fraction(1, 4)]


def test_conversion_is_mature_when_the_undecided_are_not_held_against_it(world: World) -> None:
    world.happened(*(opened("03-02 10:00", deal=key) for key in "abcdefgh"))
    world.happened(*(advanced("03-03 10:00", "engaging", deal=key) for key in "abc"))
    world.happened(*(lost("03-04 10:00", deal=key) for key in "d"))
    engaging = cohort(world).bars[1]
    assert engaging.conversion == Fraction(3, 8)
    assert engaging.matured_conversion == Fraction(3, 4)
    assert engaging.matured == Fraction(4, 8)
    proposing = cohort(world).bars[2]
    assert proposing.conversion == 0
    assert proposing.matured_conversion is None  # nobody is decided there: no ratio at all
    assert proposing.matured == 0


def test_a_deal_that_stepped_back_is_decided_where_it_was_passed_and_undecided_where_it_came_furthest(
    world: World,
) -> None:
    world.happened(
        opened("03-02 10:00"), advanced("03-03 10:00", "proposing"), advanced("03-04 10:00", "engaging")
    )
    found = cohort(world)
    assert counts(found, "standing") == [0, 1, 0, 0, 0]
    assert counts(found, "undecided") == [0, 0, 1, 0, 0]
    assert [bar.matured for bar in found.bars] == [None, 1, 1, 0, None]


def test_amounts_are_of_those_standing_there_and_of_all_who_came_so_far_for_each_currency(
    world: World,
) -> None:
    world.happened(opened("03-02 10:00", deal="1"), opened("03-02 10:00", deal="2", amount=yuan(70)))
    world.happened(opened("03-02 10:00", deal="3", amount=dollars(5), stage="engaging"))
    world.happened(opened("03-02 10:00", deal="4"), lost("03-03 10:00", deal="4"))
    first, second, *_ = cohort(world).bars
    assert first.standing_amount == {"CNY": 170_00, "USD": 0}
    assert second.standing_amount == {"CNY": 0, "USD": 5_00}
    assert first.amount == {"CNY": 270_00, "USD": 5_00}
    assert second.amount == {"CNY": 0, "USD": 5_00}


def test_a_bar_moves_with_its_owner_and_is_filtered_by_line(world: World) -> None:
    world.happened(opened("03-02 10:00", deal="1"), opened("03-02 10:00", deal="2", line="织女"))
    assert counts(cohort(world, line="织女"), "implied") == [1, 0, 0, 0, 0]
    assert counts(cohort(world, person="wang"), "implied") == [2, 0, 0, 0, 0]
    world.happened(reassigned("03-03 10:00", "li", deal="1"))
    assert totals(cohort(world, person="wang")) == (1, 1, 0, 0)
    assert totals(cohort(world, person="li")) == (1, 1, 0, 0)


@pytest.mark.parametrize("end", ["won", "lost"])
def test_a_reopened_deal_is_open_again_and_not_counted_again(world: World, end: str) -> None:
    world.happened(opened("03-02 10:00"), advanced("03-03 10:00", "engaging"))
    before = cohort(world)
    closed = won("03-04 10:00") if end == "won" else lost("03-04 10:00")
    world.happened(closed)
    assert totals(cohort(world))[:2] == (1, 0)
    world.happened(reopened("03-09 10:00", "engaging"))
    assert cohort(world) == before


def test_every_measure_a_deal_adds_is_in_the_catalogue_and_the_funnel_needs_no_other() -> None:
    way = [advanced(f"03-0{day} 10:00", stage) for day, stage in enumerate(STAGES[1:], start=3)]
    begun = opened("03-02 10:00", account_id="acc-yunfan")
    dated = opened("03-02 10:00", expected_close="2025-04-30")
    ends = (won("03-09 10:00"), lost("03-09 10:00"))
    added = {
        cell.measure
        for story in ((begun,), (dated,), *((begun, *way, end) for end in ends))
        for cell in adds(*story)
    }
    assert added <= MEASURES.keys()
    assert set(NEEDED) <= added
    assert {MEASURES[measure].standing for measure in NEEDED} == {False}
