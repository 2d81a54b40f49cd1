"""KPIs of customers: small stories, and the numbers worked out by hand."""

from fractions import Fraction

from tests.unit.performance.happenings import cancelled, ordered, returned, shipped
from tests.unit.performance.test_rate import usd
from tests.unit.performance.world import (
    World,
    formed,
    joined,
    money,
    moved,
    opened,
    parts,
    reopened,
    won,
)

APRIL = ("04-01", "05-01")


def _won(world: World, customer: str, *days: str, owner: str = "wang") -> None:
    """The customer says yes to a deal on each of these days."""
    for day in days:
        key = f"{customer}-{day}"
        world.happened(
            opened(key, f"{day} 09:00", owner=owner, account_id=customer), won(key, f"{day} 10:00")
        )


def test_a_customer_counts_once_however_often_they_buy(world: World) -> None:
    _won(world, "yun-1", "03-02", "03-20")
    _won(world, "yun-2", "03-31")
    _won(world, "yun-3", "04-01")
    world.happened(opened("of-nobody-known", "03-02 10:00"), won("of-nobody-known", "03-03 10:00"))
    assert world.value("customers") == 2


def test_an_order_of_a_won_deal_is_no_second_purchase_and_one_without_a_deal_is_the_first(
    world: World,
) -> None:
    _won(world, "yun-1", "03-02")
    world.happened(ordered("1", "03-03 10:00", account_id="yun-1", deal_id="yun-1-03-02"))
    world.happened(ordered("2", "03-03 10:00", account_id="yun-2"))
    assert world.value("customers") == 2
    assert world.value("repurchase") == 0


def test_a_purchase_that_is_taken_back_was_none(world: World) -> None:
    _won(world, "yun-1", "03-02")
    world.happened(ordered("1", "03-03 10:00", account_id="yun-2"))
    world.happened(reopened("yun-1-03-02", "03-05 10:00"), cancelled("1", "03-05 10:00"))
    assert world.value("customers") == 0


def test_a_new_customer_buys_for_the_first_time_ever(world: World) -> None:
    _won(world, "old", "01-10", "03-10")
    _won(world, "new", "03-20", "04-20")
    assert world.value("new_customers") == 1
    assert world.value("new_customers", *APRIL) == 0


def test_who_is_new_to_a_seller_and_old_to_the_company_is_not_new(world: World) -> None:
    _won(world, "yun-1", "02-10", owner="li")
    _won(world, "yun-1", "03-10", owner="wang")
    _won(world, "yun-2", "03-10", owner="wang")
    assert world.value("new_customers", person="wang") == 1
    assert world.value("customers", person="wang") == 2


def test_a_first_purchase_that_came_to_nothing_leaves_the_next_one_the_first(world: World) -> None:
    _won(world, "yun-1", "02-10", "03-10")
    assert world.value("new_customers") == 0
    world.happened(reopened("yun-1-02-10", "03-15 10:00"))
    assert world.value("new_customers") == 1
    assert world.value("new_customers", as_of="03-14 10:00") == 0


def test_retention_is_who_of_the_period_before_came_again(world: World) -> None:
    for customer, days in {
        "a": ["02-10", "03-10"],
        "b": ["02-10"],
        "c": ["03-10"],
        "d": ["01-10", "03-02"],
    }.items():
        _won(world, customer, *days)
    (value,) = world.values("retention")  # March has 31 days: before it is from 29 January on
    assert parts(value) == (Fraction(1, 2), 1, 2)
    assert world.value("retention", "01-01", "02-01") is None


def test_repurchase_is_who_of_the_customers_bought_twice(world: World) -> None:
    for customer, days in {"a": ["03-02", "03-03"], "b": ["03-03"], "c": ["02-01", "03-03"]}.items():
        _won(world, customer, *days)
    (value,) = world.values("repurchase")
    assert parts(value) == (Fraction(1, 3), 1, 3)
    assert world.value("repurchase", *APRIL) is None


def test_a_team_has_the_customers_of_the_days_people_were_in_it(world: World) -> None:
    world.happened(formed("east"), formed("west"), joined("wang", "east"))
    _won(world, "a", "03-02", "03-20")
    world.happened(moved("wang", "west", "03-15"))
    assert [world.value("customers", team=team) for team in ("east", "west")] == [1, 1]
    assert [world.value("repurchase", team=team) for team in ("east", "west")] == [0, 0]
    assert world.value("repurchase") == 1


def test_revenue_per_customer_is_what_was_shipped_less_what_came_back_by_customers_shipped_to(
    world: World,
) -> None:
    for key, customer, amount in (("1", "a", 300), ("2", "a", 200), ("3", "b", 400), ("4", None, 7000)):
        world.happened(ordered(key, "02-20 10:00", money(amount), account_id=customer))
        world.happened(shipped(key, "03-05 10:00", money(amount)))
    world.happened(returned("3", "03-20 10:00", money(100)))
    (value,) = world.values("revenue_per_customer")  # what nobody known bought is in neither
    assert parts(value) == (400, 800, 2)
    assert world.value("revenue_per_customer", *APRIL) is None
    assert world.value("revenue") == 7800


def test_customers_of_amounts_without_a_rate_are_told_with_those_amounts(world: World) -> None:
    dollars = money(10, "USD")
    world.happened(usd("03-10", "7"))
    for key, customer, day in (("1", "a", "03-09"), ("2", "b", "03-10")):
        world.happened(ordered(key, "02-20 10:00", dollars, account_id=customer))
        world.happened(shipped(key, f"{day} 10:00", dollars))
    found = {value.currency: parts(value) for value in world.values("revenue_per_customer", currency="CNY")}
    assert found == {"CNY": (70, 70, 1), "USD": (10, 10, 1)}
