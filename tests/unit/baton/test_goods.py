"""What the simulated company sells, what comes back of it, and what is promised again."""

from collections import defaultdict
from datetime import date, datetime
from random import Random
from typing import Any

from baton.demo import company, order_moves
from baton.demo.clock import ZONE
from baton.demo.goods import products
from baton.demo.history import WEEKS, Beginning, stories
from baton.demo.telling import Step
from shared.events.product import product_id

MONDAY = datetime(2025, 6, 2, 10, 0, tzinfo=ZONE)
BEGINNING = Beginning(MONDAY, seed=8)
STORIES = list(stories(BEGINNING))
TODAY = MONDAY.date()
ORDER: dict[str, Any] = {
    "id": "o-1",
    "title": "GW-200 × 8 云帆科技",
    "quantity": 8,
    "amount": {"minor": 8_000, "currency": "CNY"},
    "promised_on": "2025-06-10",
    "returned_quantity": 0,
    "account_id": "a-1",
    "owner": "li-jing",
    "line": "工业网关 Gateways",
}


def test_every_product_is_listed_and_costed_twice_before_the_first_order_and_half_way() -> None:
    chains = list(products(BEGINNING.first_day()))
    assert len(chains) == len(company.PRODUCTS)
    for product, (listed, first, dearer) in zip(company.PRODUCTS, chains, strict=True):
        path = f"/products/{product_id(product.name)}/cost"
        assert (listed.path, first.path, dearer.path) == ("/products", path, path)
        assert listed.at == first.at < dearer.at < MONDAY
        assert first.body["unit_cost"]["minor"] < dearer.body["unit_cost"]["minor"]
        assert dearer.body["unit_cost"]["minor"] < listed.body["list_price"]["minor"]
    first_order = min(step.at for steps in STORIES for step in steps if step.path == "/orders")
    assert chains[0][1].at < first_order
    assert (MONDAY.date() - BEGINNING.first_day()).days == WEEKS * 7


def test_some_orders_are_promised_again_before_they_are_ready_and_for_a_later_day() -> None:
    again = 0
    for steps in STORIES:
        by_step = {step.path.rpartition("/")[2]: step for step in steps if step.path.startswith("/orders/")}
        if "repromise" not in by_step:
            continue
        again += 1
        said, first = by_step["repromise"], by_step["confirm"]
        assert said.body["promised_on"] > first.body["promised_on"]
        assert first.at <= said.at
        assert "ready" not in by_step or said.at <= by_step["ready"].at
    assert again > 5


def test_what_comes_back_is_credited_at_once_and_no_customer_pays_too_much_or_gets_back_too_much() -> None:
    came_back = refunded = 0
    for steps in STORIES:
        money: dict[str, int] = defaultdict(int)
        for step in steps:
            what = _money_of(step)
            if what is None:
                continue
            money[what] += step.body["amount"]["minor"]
            assert money["return"] <= money["receivables"]
            assert money["receipts"] - money["refunds"] <= money["receivables"]
            assert money["refunds"] <= max(0, money["receipts"] + money["credits"] - money["receivables"])
        assert money["return"] == money["credits"]
        came_back += money["return"] > 0
        refunded += money["refunds"] > 0
    assert came_back > 5
    assert refunded > 0


def _money_of(step: Step) -> str | None:
    kinds = ("return", "credits", "receivables", "receipts", "refunds")
    last = step.path.rpartition("/")[2]
    return last if step.service == "orders" and last in kinds else None


def test_who_is_late_may_promise_another_day_and_nobody_else_does() -> None:
    late = ORDER | {"promised_on": "2025-06-01"}
    paths = {order_moves.confirmed(late, Random(seed), TODAY).path for seed in range(50)}
    assert paths == {"/orders/o-1/repromise", "/orders/o-1/ready"}
    assert {order_moves.confirmed(ORDER, Random(seed), TODAY).path for seed in range(50)} == {
        "/orders/o-1/ready"
    }
    for seed in range(50):
        move = order_moves.confirmed(late, Random(seed), TODAY)
        assert date.fromisoformat(move.body.get("promised_on", "2025-06-03")) > TODAY


def test_a_few_orders_come_back_and_no_order_twice() -> None:
    made = [order_moves.delivered(ORDER, Random(seed), TODAY) for seed in range(300)]
    back = [move for move in made if move.path == "/orders/o-1/return"]
    assert 0 < len(back) < 40
    assert all(1 <= move.body["quantity"] <= 8 for move in back)
    assert all(move.body["amount"]["minor"] == 1_000 * move.body["quantity"] for move in back)
    gone = ORDER | {"returned_quantity": 8}
    again = {order_moves.delivered(gone, Random(seed), TODAY).path for seed in range(300)}
    assert "/orders/o-1/return" not in again
