"""Wins, losses, prices, cycles and targets: small stories, and the numbers worked out by hand."""

from fractions import Fraction

import pytest

from services.performance.formulas import Value
from services.performance.kpis import KPIS
from shared.events.deal import DealReassigned, DealRepriced
from shared.events.examples.cast import at
from shared.events.target import TargetWithdrawn
from tests.unit.performance.world import (
    World,
    formed,
    joined,
    lost,
    money,
    opened,
    parts,
    reopened,
    target,
    won,
)


def _closed(world: World, *amounts: int, losses: tuple[int, ...] = ()) -> None:
    """Deals won and lost in March, at these prices in yuan."""
    for n, amount in enumerate(amounts):
        world.happened(opened(f"w{n}", "03-02 10:00"), won(f"w{n}", "03-10 10:00", amount=money(amount)))
    for n, amount in enumerate(losses):
        world.happened(opened(f"l{n}", "03-02 10:00", amount=money(amount)), lost(f"l{n}", "03-11 10:00"))


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.name)
def test_where_nothing_happened_counts_and_amounts_are_zero_and_the_rest_is_undefined(
    world: World, kpi: object
) -> None:
    name = getattr(kpi, "name", "")
    zero = {"leads", "open_pipeline", "won_count", "won_amount", "orders_shipped", "receipts"}
    assert world.value(name) == (0 if name in zero | {"complaints_open"} else None)


def test_won_count_and_won_amount(world: World) -> None:
    _closed(world, 1000, 250, losses=(500,))
    assert world.value("won_count") == 2
    assert world.value("won_amount") == 1250


def test_a_win_counts_at_the_price_it_was_won_for(world: World) -> None:
    world.happened(opened("1", "03-02 10:00", amount=money(900)), won("1", "03-09 10:00", amount=money(850)))
    assert world.value("won_amount") == 850


def test_cents_stay_exact(world: World) -> None:
    for n in range(3):
        tenth = money(0).model_copy(update={"minor": 10})
        world.happened(opened(f"{n}", "03-02 10:00"), won(f"{n}", "03-03 10:00", amount=tenth))
    assert world.value("won_amount") == Fraction(3, 10)


def test_win_rate_by_count_is_won_out_of_closed(world: World) -> None:
    _closed(world, 1000, 250, losses=(500,))
    world.happened(opened("still-open", "03-05 10:00"))
    (value,) = world.values("win_rate")
    assert value == Value("ratio", Fraction(2, 3), Fraction(2), Fraction(3))


def test_win_rate_by_value_weighs_the_prices(world: World) -> None:
    _closed(world, 1000, 250, losses=(500, 250))
    (value,) = world.values("win_rate_value")
    assert parts(value) == (Fraction(5, 8), 1250, 2000)


def test_win_rate_where_only_losses_were_is_zero_not_undefined(world: World) -> None:
    _closed(world, losses=(500,))
    assert world.value("win_rate") == 0
    assert world.value("win_rate_value") == 0
    assert world.value("average_deal_size") is None


def test_average_deal_size_is_won_amount_by_won_deals(world: World) -> None:
    _closed(world, 1000, 250, 100, losses=(500,))
    assert world.value("average_deal_size") == 450


def test_an_average_may_end_in_a_part_of_a_cent(world: World) -> None:
    _closed(world, 1, 1, 0)
    assert world.value("average_deal_size") == Fraction(2, 3)


def test_currencies_are_never_added_up(world: World) -> None:
    world.happened(opened("1", "03-02 10:00"), won("1", "03-03 10:00", amount=money(700)))
    world.happened(opened("2", "03-02 10:00"), won("2", "03-03 10:00", amount=money(30, "USD")))
    world.happened(opened("3", "03-02 10:00", amount=money(10, "USD")), lost("3", "03-03 10:00"))
    amounts = {value.unit: value.value for value in world.values("won_amount")}
    assert amounts == {"CNY": 700, "USD": 30}
    averages = {value.unit: value.value for value in world.values("average_deal_size")}
    assert averages == {"CNY": 700, "USD": 30}
    rates = {value.currency: value.value for value in world.values("win_rate_value")}
    assert rates == {"CNY": 1, "USD": Fraction(3, 4)}
    assert world.value("won_count") == 2


def test_a_currency_without_cents_is_whole(world: World) -> None:
    yen = money(0).model_copy(update={"minor": 1200, "currency": "JPY"})
    world.happened(opened("1", "03-02 10:00"), won("1", "03-03 10:00", amount=yen))
    (value,) = world.values("won_amount")
    assert value.unit == "JPY"
    assert parts(value) == (1200, 1200, None)


def test_open_pipeline_is_what_stands_open_now_whenever_it_was_opened(world: World) -> None:
    world.happened(opened("old", "01-05 10:00", amount=money(40)), opened("new", "03-05 10:00"))
    world.happened(opened("gone", "03-05 10:00"), lost("gone", "03-06 10:00"))
    assert world.value("open_pipeline") == 140
    assert world.value("open_pipeline", "06-01", "07-01") == 140


def test_the_pipeline_follows_price_and_owner(world: World) -> None:
    world.happened(opened("1", "03-05 10:00"))
    world.happened(
        DealRepriced(deal_id="1", occurred_at=at("03-06 10:00"), amount=money(60), previous=money(100)),
        DealReassigned(deal_id="1", occurred_at=at("03-06 11:00"), owner="li", previous="wang"),
    )
    assert world.value("open_pipeline", person="li") == 60
    assert world.value("open_pipeline", person="wang") == 0


def test_a_reopened_deal_takes_its_win_back(world: World) -> None:
    _closed(world, 1000)
    world.happened(opened("1", "03-02 10:00"), won("1", "03-20 10:00", amount=money(300)))
    assert world.value("won_amount") == 1300
    world.happened(reopened("1", "03-21 10:00"))
    assert world.value("won_amount") == 1000
    assert world.value("won_count") == 1
    assert world.value("open_pipeline") == 300
    assert world.value("cycle_median") == 8
    world.happened(lost("1", "04-02 10:00"))
    assert world.value("win_rate") == 1
    assert world.value("win_rate", "04-01", "05-01") == 0


def _cycles(world: World, *days: int) -> None:
    """Deals opened on 1 March and won so many days later."""
    for n, length in enumerate(days):
        world.happened(opened(f"c{n}", "03-01 23:00"), won(f"c{n}", f"03-{1 + length:02} 01:00"))


def test_the_median_of_an_odd_number_of_cycles_is_the_middle_one(world: World) -> None:
    _cycles(world, 20, 3, 5)
    assert world.value("cycle_median") == 5


def test_the_median_of_an_even_number_of_cycles_lies_between_the_two_middle_ones(world: World) -> None:
    _cycles(world, 20, 3, 5, 8)
    assert world.value("cycle_median") == Fraction(13, 2)


def test_the_ninetieth_percentile_lies_on_the_line_between_its_neighbours(world: World) -> None:
    # type 7: of 10, 20, 25, 30 (and n = 4) it stands at (4 - 1) x 0.9 = 2.7, which is 25 + 0.7 x (30 - 25)
    _cycles(world, 30, 10, 20, 25)
    assert world.value("cycle_p90") == Fraction(57, 2)


def test_the_ninetieth_percentile_of_eleven_is_the_tenth(world: World) -> None:
    _cycles(world, *range(11))
    assert world.value("cycle_p90") == 9


def test_one_cycle_is_every_quantile(world: World) -> None:
    _cycles(world, 7)
    assert world.value("cycle_p90") == world.value("cycle_median") == 7


def test_a_cycle_counts_days_of_the_calendar_in_shanghai(world: World) -> None:
    world.happened(opened("1", "03-01 23:59"), won("1", "03-02 00:01"))
    assert world.value("cycle_median") == 1


def test_attainment_is_won_amount_out_of_target(world: World) -> None:
    _closed(world, 1000, 250)
    world.happened(target("t", "wang", "03-01", "04-01", money(2500)))
    (value,) = world.values("attainment")
    assert parts(value) == (Fraction(1, 2), 1250, 2500)


def test_of_a_quarters_target_a_part_of_it_gets_its_days(world: World) -> None:
    world.happened(target("q1", "wang", "01-01", "04-01", money(9000)))  # 90 days
    _closed(world, 1000)
    (value,) = world.values("attainment", "03-01", "03-16")
    assert parts(value) == (Fraction(2, 3), 1000, 1500)


def test_attainment_may_exceed_its_target_and_without_one_is_undefined(world: World) -> None:
    _closed(world, 3000)
    assert world.value("attainment") is None
    world.happened(target("t", "wang", "03-01", "04-01", money(1000)))
    assert world.value("attainment") == 3


def test_a_withdrawn_target_counts_no_more_and_one_set_anew_replaces_the_old(world: World) -> None:
    _closed(world, 500)
    world.happened(target("t", "wang", "03-01", "04-01", money(1000)))
    world.happened(target("t", "wang", "03-01", "04-01", money(2000)))
    assert world.value("attainment") == Fraction(1, 4)
    world.happened(TargetWithdrawn(target_id="t", occurred_at=at("03-05 10:00")))
    assert world.value("attainment") is None


def test_a_target_in_another_currency_is_another_race(world: World) -> None:
    _closed(world, 500)
    world.happened(target("t", "wang", "03-01", "04-01", money(100, "USD")))
    assert {v.currency: v.value for v in world.values("attainment")} == {"CNY": None, "USD": 0}


def test_a_teams_attainment_is_over_its_peoples_targets(world: World) -> None:
    world.happened(formed("east"), joined("wang", "east"), joined("li", "east"))
    world.happened(target("t1", "wang", "03-01", "04-01", money(1000)))
    world.happened(target("t2", "li", "03-01", "04-01", money(3000)))
    _closed(world, 1000)
    assert world.value("attainment", team="east") == Fraction(1, 4)
    assert world.value("attainment", person="wang") == 1
