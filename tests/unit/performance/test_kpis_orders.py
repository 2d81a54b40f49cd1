"""KPIs of orders: small stories, and the numbers worked out by hand."""

from fractions import Fraction

from shared.events.examples.cast import at
from shared.events.order import OrderChanged
from tests.unit.performance.happenings import (
    cancelled,
    delivered,
    ordered,
    promised,
    repromised,
    returned,
    shipped,
)
from tests.unit.performance.world import World, money, parts

APRIL = ("04-01", "05-01")


def _sold(world: World, key: str, day: str, amount: int, *, pieces: int = 1, cost: int | None = None) -> None:
    """An order of so many yuan, shipped on a day; ``cost`` is of one piece."""
    unit_cost = None if cost is None else money(cost)
    world.happened(ordered(key, "02-20 10:00", money(amount), quantity=pieces, unit_cost=unit_cost))
    world.happened(shipped(key, f"{day} 10:00", money(amount)))


def _promised(world: World, key: str, day: str) -> None:
    world.happened(ordered(key, "02-20 10:00"), promised(key, "02-21 10:00", day))


def test_orders_and_their_pieces_count_on_the_day_they_were_opened(world: World) -> None:
    world.happened(ordered("1", "03-01 00:00", quantity=12), ordered("2", "03-31 23:59", quantity=3))
    world.happened(ordered("3", "04-01 00:00", quantity=100))
    assert world.value("orders") == 2
    assert world.value("quantity") == 15


def test_a_changed_order_has_the_pieces_of_now(world: World) -> None:
    world.happened(ordered("1", "03-10 10:00", quantity=12))
    changed = OrderChanged(
        order_id="1",
        occurred_at=at("04-02 10:00"),
        quantity=8,
        amount=money(80),
        previous_amount=money(100),
    )
    world.happened(changed)
    assert world.value("quantity") == 8
    assert world.value("quantity", as_of="04-01 10:00") == 12


def test_a_cancelled_order_was_none_and_broke_no_promise(world: World) -> None:
    world.happened(ordered("1", "03-01 10:00", quantity=12), promised("1", "03-01 11:00", "03-05"))
    world.happened(cancelled("1", "03-02 10:00"))
    assert world.value("orders") == 0
    assert world.value("quantity") == 0
    assert world.value("on_time_in_full") is None


def test_orders_shipped_counts_on_the_day_the_goods_left(world: World) -> None:
    _sold(world, "1", "03-05", 100)
    _sold(world, "2", "04-01", 100)
    world.happened(ordered("3", "03-05 10:00"))
    assert world.value("orders_shipped") == 1
    assert world.value("orders_shipped", line="Atlas") == 1
    assert world.value("orders_shipped", line="Vega") == 0


def test_a_return_takes_from_the_day_it_came_back_and_never_from_the_day_of_the_sale(world: World) -> None:
    _sold(world, "1", "03-05", 1000)
    _sold(world, "2", "03-06", 500)
    assert world.value("revenue") == 1500
    world.happened(returned("1", "04-10 10:00", money(400)))
    assert world.value("revenue") == 1500
    assert world.value("revenue", *APRIL) == -400
    assert world.value("revenue", "03-01", "05-01") == 1100


def test_return_rate_is_what_came_back_by_what_left(world: World) -> None:
    _sold(world, "1", "03-05", 1000)
    world.happened(returned("1", "03-10 10:00", money(200)), returned("1", "04-10 10:00", money(300)))
    (value,) = world.values("return_rate")
    assert parts(value) == (Fraction(1, 5), 200, 1000)
    assert world.value("return_rate", *APRIL) is None
    _sold(world, "2", "04-05", 100)
    assert world.value("return_rate", *APRIL) == 3  # most of it was shipped in March


def test_margin_is_at_the_cost_the_order_froze_whatever_it_costs_later(world: World) -> None:
    _sold(world, "1", "03-05", 1000, pieces=10, cost=60)
    (value,) = world.values("gross_margin")
    assert parts(value) == (Fraction(2, 5), 400, 1000)
    _sold(world, "2", "03-06", 1000, pieces=10, cost=80)  # it costs more since
    (value,) = world.values("gross_margin")
    assert parts(value) == (Fraction(3, 10), 600, 2000)


def test_margin_takes_a_return_back_with_its_cost(world: World) -> None:
    _sold(world, "1", "03-05", 1000, pieces=10, cost=60)
    world.happened(returned("1", "03-10 10:00", money(200), 2))
    (value,) = world.values("gross_margin")  # 800 sold, at a cost of 480
    assert parts(value) == (Fraction(2, 5), 320, 800)


def test_an_order_whose_cost_nobody_knows_is_not_in_the_margin(world: World) -> None:
    _sold(world, "1", "03-05", 1000, pieces=10, cost=60)
    _sold(world, "2", "03-06", 9000)
    assert world.value("gross_margin") == Fraction(2, 5)
    assert world.value("revenue") == 10_000
    assert world.value("gross_margin", *APRIL) is None


def test_a_loss_is_a_margin_below_zero(world: World) -> None:
    _sold(world, "1", "03-05", 100, cost=150)
    assert world.value("gross_margin") == Fraction(-1, 2)


def test_on_time_is_by_the_first_promise_to_the_end_of_that_day(world: World) -> None:
    for key, there in {"early": "03-02 09:00", "last": "03-20 23:59", "late": "03-21 00:00"}.items():
        _promised(world, key, "03-20")
        world.happened(delivered(key, there))
    (value,) = world.values("on_time_in_full")
    assert parts(value) == (Fraction(2, 3), 2, 3)


def test_what_is_overdue_is_a_miss_today_and_was_none_the_day_it_was_due(world: World) -> None:
    _promised(world, "there", "03-10")
    world.happened(delivered("there", "03-09 10:00"))
    _promised(world, "not-there", "03-20")
    answers = {day: parts(world.values("on_time_in_full", today=day)[0]) for day in ("03-20", "03-21")}
    assert answers == {"03-20": (1, 1, 1), "03-21": (Fraction(1, 2), 1, 2)}
    world.happened(delivered("not-there", "03-28 10:00"))
    assert world.value("on_time_in_full", today="03-28") == Fraction(1, 2)


def test_it_counts_in_the_period_of_the_promise_not_of_the_delivery(world: World) -> None:
    _promised(world, "1", "03-31")
    world.happened(delivered("1", "04-02 10:00"))
    assert world.value("on_time_in_full", today="04-30") == 0
    assert world.value("on_time_in_full", *APRIL, today="04-30") is None


def test_another_promise_does_not_make_a_late_delivery_on_time(world: World) -> None:
    _promised(world, "1", "03-20")
    world.happened(repromised("1", "03-15 10:00", "03-28", "03-20"), delivered("1", "03-27 10:00"))
    assert world.value("on_time_in_full") == 0


def test_what_was_never_promised_is_neither_late_nor_on_time(world: World) -> None:
    world.happened(ordered("1", "03-01 10:00"), delivered("1", "03-27 10:00"))
    assert world.value("on_time_in_full") is None


def test_slips_are_promises_of_a_later_day_on_the_day_they_were_made(world: World) -> None:
    _promised(world, "1", "03-20")
    world.happened(repromised("1", "03-15 10:00", "03-28", "03-20"))
    world.happened(repromised("1", "03-20 10:00", "03-25", "03-28"))  # sooner: no slip
    world.happened(repromised("1", "04-01 10:00", "04-05", "03-25"))
    assert world.value("slips") == 1
    assert world.value("slip_days") == 8
    assert world.value("slips", *APRIL) == 1
    assert world.value("slip_days", *APRIL) == 11
