"""What may happen to a product, and which cost held when."""

from functools import partial

from services.orders import product
from services.orders.product import PRODUCT, cost_at
from shared.events.event import Money
from shared.events.product import ProductEvent, product_id
from tests.given import Given
from tests.given import given as given_of
from tests.unit.orders.examples import ATLAS, at, cny, costed, costed_again, listed, priced

list_it = partial(product.list_product, listed=listed)
price_it = partial(product.price, list_price=cny(8_500), at=at(1))
cost_it = partial(product.cost, unit_cost=cny(5_450), at=at(2))
cost_it_again = partial(product.cost, unit_cost=cny(5_200), at=at(5))


def given(*events: ProductEvent) -> Given[product.Product, ProductEvent]:
    return given_of(PRODUCT, *events)


def test_the_name_makes_the_id() -> None:
    assert product_id("Atlas 200") == ATLAS
    assert product_id("数控机床 V8") != product_id("数控机床 V9")


def test_a_product_is_listed() -> None:
    given().when(list_it).then(listed)


def test_listing_it_again_with_the_same_content_is_ignored() -> None:
    again = listed.model_copy(update={"occurred_at": at(9)})
    given(listed, priced, costed).when(partial(product.list_product, listed=again)).then()


def test_a_name_belongs_to_one_product() -> None:
    other = listed.model_copy(update={"line": "Vega"})
    given(listed).when(partial(product.list_product, listed=other)).then_refused("listed")


def test_its_price_changes() -> None:
    given(listed).when(price_it).then(priced)


def test_the_same_price_again_is_ignored() -> None:
    given(listed, priced, costed).when(price_it).then()


def test_a_cost_is_the_first_version() -> None:
    given(listed).when(cost_it).then(costed)


def test_another_cost_is_the_next_version() -> None:
    given(listed, costed).when(cost_it_again).then(costed_again)


def test_the_same_cost_again_is_ignored() -> None:
    given(listed, costed, costed_again).when(cost_it_again).then()


def test_the_cost_before_may_come_back_and_is_a_version_of_its_own() -> None:
    back = partial(product.cost, unit_cost=cny(5_450), at=at(7))
    given(listed, costed, costed_again).when(back).then(
        costed.model_copy(update={"version": 3, "previous": cny(5_200), "occurred_at": at(7)})
    )


def test_a_cost_in_another_currency_is_another_cost() -> None:
    dollars = Money(minor=5_450, currency="USD")
    given(listed, costed).when(partial(product.cost, unit_cost=dollars, at=at(5))).then(
        costed_again.model_copy(update={"unit_cost": dollars})
    )


def test_a_product_that_nobody_listed_is_not_found() -> None:
    given().when(price_it).then_refused("not-found")
    given().when(cost_it).then_refused("not-found")


def test_nothing_happens_before_the_last_thing_that_happened() -> None:
    late = listed.model_copy(update={"occurred_at": at(9)})
    given(late).when(price_it).then_refused("out-of-order")
    given(late).when(cost_it).then_refused("out-of-order")


def test_the_cost_of_a_moment_is_the_version_that_held_then() -> None:
    state = given(listed, costed, costed_again).state
    held = [cost_at(state, at(hour)) for hour in (1, 2, 4, 5, 9)]
    assert [cost and cost.version for cost in held] == [None, 1, 1, 2, 2]
    assert cost_at(given(listed).state, at(9)) is None
    assert cost_at(given().state, at(9)) is None
