"""Receivables over HTTP."""

from typing import Any, Final

from tests.service_app import bearer
from tests.unit.orders.conftest import Service
from tests.unit.orders.test_orders_api import problem

INVOICE: Final[dict[str, Any]] = {
    "id": "rec-1",
    "order_id": "ord-1",
    "account_id": "acc-1",
    "department": "east",
    "owner": "p-wang",
    "line": "Atlas",
    "amount": {"minor": 80_000, "currency": "CNY"},
    "due_on": "2021-04-20",
}

ANOTHER: Final = bearer("finance", person="p-xu")
"""Than who issued the invoice, or credited a return."""


def cny(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


def moved(**minor: int) -> dict[str, Any]:
    """The amounts that a receivable shows, zero unless said."""
    names = ("paid", "credited", "refunded", "written_off", "rest", "owed_back")
    return {name: cny(minor.get(name, 0)) for name in names}


async def test_an_invoice_is_paid_in_two_parts(service: Service) -> None:
    made = await service.client.post("/receivables", json=INVOICE)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "rec-1"}, '"0"')
    path = "/receivables/rec-1/receipts"
    first = await service.client.post(path, json={"id": "rcp-1", "amount": cny(50_000)})
    assert (first.status_code, first.json(), first.headers["etag"]) == (201, {"id": "rcp-1"}, '"1"')
    again = await service.client.post(path, json={"id": "rcp-1", "amount": cny(50_000)})
    assert (again.status_code, again.headers["etag"]) == (201, '"1"')
    told = problem(await service.client.post(path, json={"amount": cny(30_001)}), 409, "overpaid")
    assert told["owed"] == "30000"
    before = (await service.client.get("/receivables/rec-1")).json()
    assert (before["state"], before["overdue"]) == ("owed", True)
    last = await service.client.post(path, json={"id": "rcp-2", "amount": cny(30_000)})
    assert last.headers["etag"] == '"3"'
    seen = (await service.client.get("/receivables/rec-1")).json()
    history = seen.pop("history")
    assert seen == INVOICE | moved(paid=80_000) | {"state": "settled", "overdue": False}
    assert [event["type"] for event in history] == [
        "invoice-issued.v1",
        "receipt-recorded.v1",
        "receipt-recorded.v1",
        "receivable-settled.v1",
    ]


async def test_a_replayed_receipt_without_an_id_is_recorded_once(service: Service) -> None:
    await service.client.post("/receivables", json=INVOICE)
    key = {"Idempotency-Key": "k-1"}
    path, body = "/receivables/rec-1/receipts", {"amount": cny(1_000)}
    first = await service.client.post(path, json=body, headers=key)
    second = await service.client.post(path, json=body, headers=key)
    assert first.json() == second.json()
    assert (await service.client.get("/receivables/rec-1")).json()["paid"] == cny(1_000)


async def test_the_rest_is_written_off(service: Service) -> None:
    await service.client.post("/receivables", json=INVOICE)
    path, body = "/receivables/rec-1/write-off", {"reason": "Bankrupt"}
    problem(await service.client.post(path, json=body, headers={"If-Match": '"5"'}), 412, "stale")
    problem(await service.client.post(path, json=body), 409, "own-invoice")
    for _ in range(2):
        done = await service.client.post(path, json=body, headers=ANOTHER)
        assert (done.status_code, done.headers["etag"]) == (204, '"2"')
    assert (await service.client.get("/receivables/rec-1")).json()["state"] == "written-off"


async def test_a_credit_after_full_payment_is_owed_back_and_refunded_in_parts(service: Service) -> None:
    await service.client.post("/receivables", json=INVOICE)
    await service.client.post("/receivables/rec-1/receipts", json={"amount": cny(80_000)})
    credit = {"return_id": "ret-1", "amount": cny(24_000), "reason": "无法启动"}
    refunds = "/receivables/rec-1/refunds"
    problem(await service.client.post(refunds, json={"amount": cny(1)}), 409, "over-refunded")
    for _ in range(2):
        done = await service.client.post("/receivables/rec-1/credits", json=credit)
        assert (done.status_code, done.headers["etag"]) == (204, '"3"')
    problem(await service.client.post(refunds, json={"amount": cny(1)}), 409, "own-credit")
    told = problem(
        await service.client.post(refunds, json={"amount": cny(24_001)}, headers=ANOTHER),
        409,
        "over-refunded",
    )
    assert (told["owed_back"], told["currency"]) == ("24000", "CNY")
    for _ in range(2):
        refund = {"id": "rfd-1", "amount": cny(20_000)}
        back = await service.client.post(refunds, json=refund, headers=ANOTHER)
        assert (back.status_code, back.json(), back.headers["etag"]) == (201, {"id": "rfd-1"}, '"4"')
    seen = (await service.client.get("/receivables/rec-1")).json()
    history = seen.pop("history")
    shown = moved(paid=80_000, credited=24_000, refunded=20_000, owed_back=4_000)
    assert seen == INVOICE | shown | {"state": "settled", "overdue": False}
    assert [event["type"] for event in history][3:] == ["receivable-credited.v1", "refund-paid.v1"]
    await service.following.catch_up()
    [row] = (await service.client.get("/receivables")).json()["items"]
    assert row == seen


async def test_a_list_shows_what_is_left_of_a_write_off_after_a_credit(service: Service) -> None:
    await service.client.post("/receivables", json=INVOICE)
    await service.client.post("/receivables/rec-1/receipts", json={"amount": cny(30_000)})
    await service.client.post("/receivables/rec-1/write-off", json={"reason": "Bankrupt"}, headers=ANOTHER)
    credit = {"return_id": "ret-1", "amount": cny(60_000), "reason": "退货"}
    await service.client.post("/receivables/rec-1/credits", json=credit)
    await service.following.catch_up()
    [row] = (await service.client.get("/receivables")).json()["items"]
    shown = moved(paid=30_000, credited=60_000, owed_back=10_000)
    assert row == INVOICE | shown | {"state": "written-off", "overdue": False}


async def test_what_makes_no_sense_is_refused(service: Service) -> None:
    await service.client.post("/receivables", json=INVOICE)
    path = "/receivables/rec-1/receipts"
    problem(await service.client.post("/receivables", json=INVOICE | {"line": "Bolt"}), 409, "id-taken")
    dollars = {"amount": {"minor": 1, "currency": "USD"}}
    problem(await service.client.post(path, json=dollars), 409, "other-currency")
    problem(await service.client.post(path, json={"amount": cny(-1)}), 422, "invalid")
    problem(await service.client.post(path, json={"amount": cny(1), "colour": "red"}), 422, "invalid")
    problem(
        await service.client.post("/receivables/nobody/receipts", json={"amount": cny(1)}), 404, "not-found"
    )
    problem(await service.client.get("/receivables/nobody"), 404, "not-found")


async def test_a_viewer_may_only_look_and_only_an_importer_says_when(service: Service) -> None:
    problem(
        await service.client.post("/receivables", json=INVOICE, headers=bearer("viewer")), 403, "not-allowed"
    )
    past = INVOICE | {"occurred_at": "2017-02-01T08:00:00+08:00"}
    problem(await service.client.post("/receivables", json=past), 403, "not-allowed")
    assert (
        await service.client.post("/receivables", json=past, headers=bearer("importer"))
    ).status_code == 201


async def test_lists_show_what_is_owed_and_overdue(service: Service) -> None:
    await service.client.post("/receivables", json=INVOICE)
    await service.client.post("/receivables", json=INVOICE | {"id": "rec-2", "due_on": "2131-04-20"})
    await service.client.post("/receivables", json=INVOICE | {"id": "rec-3", "account_id": "acc-3"})
    await service.client.post("/receivables/rec-1/receipts", json={"amount": cny(50_000)})
    await service.client.post("/receivables/rec-3/receipts", json={"amount": cny(50_000)})
    await service.client.post("/receivables/rec-3/write-off", json={"reason": "Bankrupt"}, headers=ANOTHER)
    await service.following.catch_up()

    async def listed(**query: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await service.client.get("/receivables", params=query)).json()["items"]
        return items

    assert [(row["id"], row["state"], row["overdue"]) for row in await listed()] == [
        ("rec-3", "written-off", False),
        ("rec-2", "owed", False),
        ("rec-1", "owed", True),
    ]
    assert [row["id"] for row in await listed(account="acc-3")] == ["rec-3"]
    owed = {"state": "owed", "overdue": True}
    assert (await listed(state="owed"))[1] == INVOICE | moved(paid=50_000, rest=30_000) | owed
