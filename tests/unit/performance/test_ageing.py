"""What is owed is told by how long it has been due, now and at any past moment."""

from datetime import date, timedelta

import pytest

from services.performance.ageing_api import AGES, age_of
from shared.events.event import Money
from shared.events.examples.cast import at, on
from shared.events.receivable import InvoiceIssued, ReceiptRecorded
from tests.unit.performance.asking import Service
from tests.unit.performance.world import money

DUE = date(2025, 3, 10)


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (-400, "not-due"),
        (0, "not-due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "over-90"),
        (4000, "over-90"),
    ],
)
def test_an_amount_ages_by_the_day(days: int, age: str) -> None:
    assert age_of(DUE, DUE + timedelta(days=days)) == age


def _invoice(key: str, due: str, amount: Money) -> InvoiceIssued:
    return InvoiceIssued(
        receivable_id=key,
        occurred_at=at("01-02 09:00"),
        order_id=key,
        owner="wang",
        line="Atlas",
        amount=amount,
        due_on=on(due),
    )


async def test_owed_amounts_stand_in_their_age_and_leave_it_when_they_are_paid(service: Service) -> None:
    service.world.happened(
        _invoice("yunfan", "03-31", money(900)),
        _invoice("b", "03-01", money(50)),
        _invoice("c", "01-05", money(30, "USD")),
    )
    paid = ReceiptRecorded(
        receivable_id="yunfan", occurred_at=at("03-02 10:00"), receipt_id="r", amount=money(400)
    )
    service.world.happened(paid)
    ages = await _ages(service, "2025-03-31T12:00:00+08:00")
    assert ages == {"not-due": {"CNY": 500}, "1-30": {"CNY": 50}, "61-90": {"USD": 30}}
    before = await _ages(service, "2025-03-01T12:00:00+08:00")
    assert before == {"not-due": {"CNY": 950}, "31-60": {"USD": 30}}


async def _ages(service: Service, moment: str) -> dict[str, dict[str, float]]:
    answer = await service.get("/ageing", as_of=moment)
    assert [row["age"] for row in answer["ages"]] == list(AGES)
    return {
        row["age"]: {it["unit"]: it["value"] for it in row["amounts"]}
        for row in answer["ages"]
        if row["amounts"]
    }
