"""KPIs of won and lost deals: small stories, and the numbers worked out by hand."""

from fractions import Fraction

from services.performance.formulas import Value
from tests.unit.performance.world import World, lost, money, opened, parts, reopened, won


def _closed(world: World, *amounts: int, losses: tuple[int, ...] = ()) -> None:
    """Deals won and lost in March, at these prices in yuan."""
    for n, amount in enumerate(amounts):
        world.happened(opened(f"w{n}", "03-02 10:00"), won(f"w{n}", "03-10 10:00", amount=money(amount)))
    for n, amount in enumerate(losses):
        world.happened(opened(f"l{n}", "03-02 10:00", amount=money(amount)), lost(f"l{n}", "03-11 10:00"))


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
