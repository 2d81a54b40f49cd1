"""What a deal adds: told event by event, compared with cells worked out by hand."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.performance.measures.deal import Deal, stay
from shared.events.examples.cast import at
from shared.projections.projection import Cell
from tests.unit.performance.deals import (
    adds,
    advanced,
    after,
    bars,
    dollars,
    lost,
    opened,
    reassigned,
    reopened,
    repriced,
    rescheduled,
    won,
    yuan,
)

MINUTE = 60_000_000
NOW = Cell("", person="wang", line="Atlas", product="Atlas 200")
COHORT = replace(NOW, day="2025-03-03")
CLOSED = replace(NOW, day="2025-03-10")
OPEN = opened("03-03 09:00", amount=yuan(900), account_id="acc-yunfan")


def test_a_deal_nobody_opened_adds_nothing() -> None:
    assert adds() == {}


def test_an_open_deal_stands_in_the_pipeline_and_in_the_first_bar_of_its_cohort() -> None:
    assert adds(OPEN) == {
        NOW.of("open_count"): 1,
        NOW.of("open_amount", currency="CNY"): 900_00,
        NOW.of("open_undated_amount", currency="CNY", bucket=0): 900_00,
        COHORT.of("deals_opened"): 1,
        COHORT.of("funnel_strict", bucket=0): 1,
        COHORT.of("funnel_reached", bucket=0): 1,
        COHORT.of("funnel_implied", bucket=0): 1,
        COHORT.of("funnel_amount", currency="CNY", bucket=0): 900_00,
        COHORT.of("funnel_standing", bucket=0): 1,
        COHORT.of("funnel_standing_amount", currency="CNY", bucket=0): 900_00,
        COHORT.of("funnel_undecided", bucket=0): 1,
    }


def test_a_won_deal_counts_on_the_day_it_was_won_and_implies_every_stage() -> None:
    cells = adds(OPEN, advanced("03-04 09:00", "engaging"), won("03-10 17:00", amount=yuan(800)))
    assert {cell: n for cell, n in cells.items() if cell.day == CLOSED.day} == {
        CLOSED.of("won_count"): 1,
        CLOSED.of("won_amount", currency="CNY"): 800_00,
        CLOSED.of("won_priced_count", currency="CNY"): 1,
        CLOSED.of("cycle_days", bucket=7): 1,
        replace(CLOSED, customer="acc-yunfan").of("purchases"): 1,
        **{CLOSED.of("stage_closed", bucket=i): 1 for i in range(4)},
        **{CLOSED.of("stage_won", bucket=i): 1 for i in range(4)},
    }
    assert {cell: n for cell, n in cells.items() if cell.day == COHORT.day} == {
        COHORT.of("deals_opened"): 1,
        COHORT.of("funnel_strict", bucket=0): 1,
        COHORT.of("funnel_strict", bucket=1): 1,
        COHORT.of("funnel_reached", bucket=0): 1,
        COHORT.of("funnel_reached", bucket=1): 1,
        COHORT.of("funnel_reached", bucket=4): 1,
        **{COHORT.of("funnel_implied", bucket=i): 1 for i in range(5)},
        **{COHORT.of("funnel_amount", currency="CNY", bucket=i): 800_00 for i in range(5)},
        COHORT.of("funnel_won"): 1,
        COHORT.of("stage_minutes_prospecting", bucket=24 * 60): 1,
        COHORT.of("stage_minutes_engaging", bucket=(6 * 24 + 8) * 60): 1,
    }
    assert {cell.day for cell in cells} == {CLOSED.day, COHORT.day}


def test_a_lost_deal_is_closed_at_every_stage_it_came_to_and_won_at_none() -> None:
    cells = adds(OPEN, advanced("03-04 09:00", "proposing"), lost("03-10 08:00"))
    assert {cell: n for cell, n in cells.items() if cell.day == CLOSED.day} == {
        CLOSED.of("lost_count"): 1,
        CLOSED.of("lost_amount", currency="CNY"): 900_00,
        **{CLOSED.of("stage_closed", bucket=i): 1 for i in range(3)},
    }
    assert bars(cells, "funnel_lost") == {0: 1}
    assert bars(cells, "funnel_lost_at") == {2: 1}
    assert bars(cells, "funnel_undecided") == bars(cells, "funnel_standing") == {}


def test_a_win_for_no_known_customer_is_no_purchase() -> None:
    cells = adds(opened("03-03 09:00"), won("03-10 08:00"))
    assert bars(cells, "purchases") == {}
    assert bars(cells, "won_count") == {0: 1}


def test_a_deal_is_in_the_forecast_of_its_expected_close_at_the_stage_where_it_stands() -> None:
    dated = (OPEN, rescheduled("03-03 10:00", "04-30"), advanced("03-04 09:00", "proposing"))
    april = replace(NOW, day="2025-04-30")
    cells = adds(*dated)
    assert cells[april.of("open_by_close_amount", currency="CNY", bucket=2)] == 900_00
    assert bars(cells, "open_undated_amount") == {}
    moved = adds(*dated, rescheduled("03-05 10:00", "05-31"), repriced("03-05 11:00", dollars(70)))
    may = replace(NOW, day="2025-05-31")
    assert moved[may.of("open_by_close_amount", currency="USD", bucket=2)] == 70_00
    assert bars(adds(*dated, lost("03-05 10:00")), "open_by_close_amount") == {}


def test_everything_a_deal_adds_moves_with_its_owner() -> None:
    cells = adds(OPEN, advanced("03-04 09:00", "engaging"), reassigned("03-05 09:00", "li"))
    assert {cell.person for cell in cells} == {"li"}


def test_every_cell_says_line_and_product() -> None:
    begun = opened("03-03 09:00", line="机床", product="数控机床 200")
    story = (begun, advanced("03-04 09:00", "engaging"), won("03-10 17:00"))
    for much in range(1, len(story) + 1):
        assert {(cell.line, cell.product) for cell in adds(*story[:much])} == {("机床", "数控机床 200")}


def test_the_first_time_at_each_stage_is_kept() -> None:
    deal = after(
        OPEN,
        advanced("03-04 09:00", "engaging"),
        advanced("03-05 09:00", "prospecting"),
        advanced("03-06 09:00", "engaging"),
    )
    assert deal.entered == {"prospecting": at("03-03 09:00"), "engaging": at("03-04 09:00")}


def test_advancing_to_the_stage_where_it_stands_changes_nothing() -> None:
    story = (OPEN, advanced("03-04 09:00", "engaging"))
    assert after(*story, advanced("03-05 09:00", "engaging")) == after(*story)


@pytest.mark.parametrize(
    ("path", "strict", "reached", "implied"),
    [
        ("p e o n", {0, 1, 2, 3}, {0, 1, 2, 3}, 4),
        ("p e p e o", {0, 1, 2}, {0, 1, 2}, 3),  # a step back takes nothing away
        ("p e o p o n", {0, 1, 2, 3}, {0, 1, 2, 3}, 4),  # back over what it knows is no jump
        ("p o", {0}, {0, 2}, 3),
        ("p o e", {0}, {0, 1, 2}, 3),  # made up for later, but not one after the other
        ("p o p e o n", {0}, {0, 1, 2, 3}, 4),
        ("p e p o", {0, 1}, {0, 1, 2}, 3),
        ("e o n", set(), {1, 2, 3}, 4),  # taken up further on: the first is implied alone
        ("e p e o", set(), {0, 1, 2}, 3),
        ("n", set(), {3}, 4),
    ],
)
def test_a_deals_bars_depend_on_its_way(path: str, strict: set[int], reached: set[int], implied: int) -> None:
    names = {"p": "prospecting", "e": "engaging", "o": "proposing", "n": "negotiating"}
    first, *rest = path.split()
    opening = opened("03-03 09:00", stage=names[first])  # type: ignore[arg-type]  # a stage's name
    moves = [advanced(f"03-{4 + i:02} 09:00", names[one]) for i, one in enumerate(rest)]  # type: ignore[arg-type]
    cells = adds(opening, *moves)
    assert bars(cells, "funnel_strict") == dict.fromkeys(strict, 1)
    assert bars(cells, "funnel_reached") == dict.fromkeys(reached, 1)
    assert bars(cells, "funnel_implied") == dict.fromkeys(range(implied), 1)
    win = adds(opening, *moves, won("03-20 09:00"))
    assert bars(win, "funnel_strict").get(4, 0) == (len(strict) == 4)
    assert bars(win, "funnel_reached") == dict.fromkeys([*reached, 4], 1)
    assert bars(win, "funnel_implied") == dict.fromkeys(range(5), 1)


def test_stays_in_one_stage_are_one_entry_of_their_sum() -> None:
    story = (
        OPEN,
        advanced("03-03 09:40", "engaging"),
        advanced("03-03 10:00", "prospecting"),
        advanced("03-03 10:25", "engaging"),
    )
    cells = adds(*story)
    assert bars(cells, "stage_minutes_prospecting") == {65: 1}
    assert bars(cells, "stage_minutes_engaging") == {20: 1}  # the present stay is not over
    closed = adds(*story, lost("03-03 11:00"))
    assert bars(closed, "stage_minutes_engaging") == {55: 1}
    assert bars(closed, "stage_minutes_proposing") == {}


def test_minutes_are_cut_off_once_of_the_whole_time() -> None:
    halves = [
        event.model_copy(update={"occurred_at": event.occurred_at + timedelta(seconds=seconds)})
        for event, seconds in (
            (opened("03-03 09:00"), 0),
            (advanced("03-03 09:00", "engaging"), 90),
            (advanced("03-03 10:00", "prospecting"), 0),
            (advanced("03-03 10:00", "engaging"), 90),
        )
    ]
    assert bars(adds(*halves), "stage_minutes_prospecting") == {3: 1}


def test_time_between_closing_and_reopening_belongs_to_no_stage() -> None:
    story = (
        OPEN,
        advanced("03-03 10:00", "engaging"),
        lost("03-03 10:30"),
        reopened("03-08 10:00", "engaging"),
    )
    deal = after(*story)
    assert deal.since == at("03-08 10:00")
    assert stay(deal, at("03-08 10:15")) == 45 * MINUTE
    cells = adds(*story, advanced("03-08 10:20", "proposing"))
    assert bars(cells, "stage_minutes_prospecting") == {60: 1}
    assert bars(cells, "stage_minutes_engaging") == {50: 1}


def test_a_deal_reopened_at_another_stage_stands_there_from_then_on() -> None:
    story = (OPEN, lost("03-03 10:30"), reopened("03-08 10:00", "engaging"))
    cells = adds(*story)
    assert bars(cells, "stage_minutes_prospecting") == {90: 1}
    assert bars(cells, "funnel_standing") == {1: 1}
    assert bars(cells, "funnel_reached") == {0: 1, 1: 1}
    assert bars(adds(*story, lost("03-08 10:05")), "stage_minutes_engaging") == {5: 1}


@pytest.mark.parametrize(
    "end", [won("03-09 09:00", amount=yuan(900)), lost("03-09 09:00")], ids=["won", "lost"]
)
def test_reopening_takes_the_end_back_as_if_it_had_not_been(end: object) -> None:
    story = (OPEN, rescheduled("03-03 10:00", "04-30"), advanced("03-04 09:00", "proposing"))
    again = (end, reopened("03-11 09:00", "proposing"))
    assert adds(*story, *again) == adds(*story)  # type: ignore[arg-type]  # a deal's event
    assert adds(*story, *again, *again) == adds(*story)  # type: ignore[arg-type]


def test_a_price_agreed_when_it_was_won_stays_the_deals_price() -> None:
    cells = adds(OPEN, won("03-09 09:00", amount=yuan(750)), reopened("03-11 09:00", "prospecting"))
    assert cells[NOW.of("open_amount", currency="CNY")] == 750_00


def test_an_event_of_no_deal_yet_does_no_harm() -> None:
    assert after(lost("03-09 09:00")).opened_at is None
    assert adds(advanced("03-04 09:00", "engaging"), lost("03-09 09:00")) == {}
    assert stay(Deal(), at("03-09 09:00")) == 0
