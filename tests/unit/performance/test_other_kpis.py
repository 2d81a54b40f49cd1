"""Leads, orders, receipts and complaints: small stories, and the numbers worked out by hand."""

from fractions import Fraction

from shared.events.complaint import (
    ComplaintAcknowledged,
    ComplaintClosed,
    ComplaintFiled,
    ComplaintReopened,
    ComplaintResolved,
)
from shared.events.event import Event, Money
from shared.events.examples.cast import at, on
from shared.events.lead import (
    LeadAssigned,
    LeadClaimed,
    LeadContacted,
    LeadConverted,
    LeadCreated,
    LeadDisqualified,
    LeadQualified,
    LeadReleased,
)
from shared.events.order import (
    OrderConfirmed,
    OrderDelivered,
    OrderOpened,
    OrderRepromised,
    OrderShipped,
)
from shared.events.receivable import InvoiceIssued, ReceiptRecorded, ReceivableWrittenOff
from tests.unit.performance.world import World, money, parts


def _lead(key: str, when: str, *, line: str | None = None) -> LeadCreated:
    return LeadCreated(lead_id=key, occurred_at=at(when), company="云帆科技", source="Fair", line=line)


def _contacted(key: str, when: str, *, first: bool = True) -> LeadContacted:
    return LeadContacted(lead_id=key, occurred_at=at(when), by="wang", first=first)


def _qualified(key: str, when: str) -> LeadQualified:
    return LeadQualified(lead_id=key, occurred_at=at(when), by="wang", company="云帆科技")


def test_leads_count_on_the_day_they_came_in(world: World) -> None:
    world.happened(_lead("1", "03-01 00:00"), _lead("2", "03-31 23:59"), _lead("3", "04-01 00:00"))
    assert world.value("leads") == 2


def test_qualified_rate_is_of_the_leads_that_came_in_even_if_qualified_later(world: World) -> None:
    world.happened(*(_lead(f"{n}", "03-30 10:00") for n in range(4)))
    world.happened(_qualified("0", "04-09 10:00"))
    world.happened(
        LeadConverted(
            lead_id="1",
            occurred_at=at("03-31 10:00"),
            account_id="a",
            deal_id="d",
            owner="li",
            created_at=at("03-30 10:00"),
        )
    )
    assert world.value("qualified_rate") == Fraction(2, 4)
    assert world.value("qualified_rate", "04-01", "05-01") is None


def test_a_lead_that_turned_out_bad_is_not_qualified_any_more(world: World) -> None:
    world.happened(_lead("1", "03-02 10:00"), _qualified("1", "03-03 10:00"))
    world.happened(LeadDisqualified(lead_id="1", occurred_at=at("03-04 10:00"), reason="A student"))
    assert world.value("qualified_rate") == 0


def test_response_time_is_the_median_of_minutes_until_the_first_contact(world: World) -> None:
    for key, contact in {"1": "10:07", "2": "10:30", "3": "12:00"}.items():
        world.happened(_lead(key, "03-03 10:00"), _contacted(key, f"03-03 {contact}"))
    world.happened(_lead("nobody-called", "03-03 10:00"))
    (value,) = world.values("lead_response_time")
    assert value.unit == "minutes"
    assert parts(value) == (30, None, 3)


def test_a_second_contact_does_not_change_the_response_time(world: World) -> None:
    world.happened(_lead("1", "03-03 10:00"), _contacted("1", "03-03 10:05"))
    world.happened(_contacted("1", "03-03 11:00", first=False))
    assert world.value("lead_response_time") == 5


def test_a_lead_counts_for_who_has_it_now_and_in_the_pool_for_nobody(world: World) -> None:
    world.happened(
        _lead("1", "03-03 10:00"), LeadAssigned(lead_id="1", occurred_at=at("03-03 10:01"), owner="wang")
    )
    assert world.value("leads", person="wang") == 1
    world.happened(LeadReleased(lead_id="1", occurred_at=at("03-10 10:00"), reason="七天未跟进"))
    assert world.value("leads", person="wang") == 0
    assert world.value("leads") == 1
    world.happened(LeadClaimed(lead_id="1", occurred_at=at("03-11 10:00"), owner="li"))
    assert world.value("leads", person="li") == 1


def _order(key: str, *rest: Event) -> tuple[Event, ...]:
    opened = OrderOpened(
        order_id=key,
        occurred_at=at("03-01 10:00"),
        title="It",
        owner="wang",
        product="Atlas 200",
        line="Atlas",
        amount=money(100),
    )
    return (
        opened,
        OrderConfirmed(order_id=key, occurred_at=at("03-01 11:00"), promised_on=on("03-20")),
        *rest,
    )


def _shipped(key: str, when: str) -> OrderShipped:
    return OrderShipped(order_id=key, occurred_at=at(when), owner="wang", line="Atlas", amount=money(100))


def _delivered(key: str, when: str, *, promise: str | None = "03-20") -> OrderDelivered:
    first = on(promise) if promise else None
    return OrderDelivered(order_id=key, occurred_at=at(when), owner="wang", first_promise=first)


def test_orders_shipped_counts_on_the_day_the_goods_left(world: World) -> None:
    world.happened(*_order("1", _shipped("1", "03-05 10:00")), *_order("2", _shipped("2", "04-01 00:00")))
    world.happened(*_order("3"))
    assert world.value("orders_shipped") == 1
    assert world.value("orders_shipped", line="Atlas") == 1
    assert world.value("orders_shipped", line="Vega") == 0


def test_on_time_is_by_the_first_promise_to_the_end_of_that_day(world: World) -> None:
    world.happened(*_order("last-minute", _delivered("last-minute", "03-20 23:59")))
    world.happened(*_order("a-minute-late", _delivered("a-minute-late", "03-21 00:00")))
    world.happened(*_order("early", _delivered("early", "03-02 09:00")))
    world.happened(*_order("on-its-way", _shipped("on-its-way", "03-25 10:00")))
    (value,) = world.values("on_time_delivery")
    assert parts(value) == (Fraction(2, 3), 2, 3)


def test_another_promise_does_not_make_a_late_delivery_on_time(world: World) -> None:
    again = OrderRepromised(
        order_id="1",
        occurred_at=at("03-15 10:00"),
        promised_on=on("03-28"),
        previous=on("03-20"),
        reason="A part came late",
    )
    world.happened(*_order("1", again, _delivered("1", "03-27 10:00")))
    assert world.value("on_time_delivery") == 0


def test_what_was_never_promised_is_neither_late_nor_on_time(world: World) -> None:
    world.happened(*_order("1", _delivered("1", "03-27 10:00", promise=None)))
    assert world.value("on_time_delivery") is None


def _invoice(key: str, amount: Money, due: str) -> InvoiceIssued:
    return InvoiceIssued(
        receivable_id=key,
        occurred_at=at("02-20 10:00"),
        order_id=key,
        owner="wang",
        line="Atlas",
        amount=amount,
        due_on=on(due),
    )


def _receipt(key: str, when: str, amount: Money, *, receipt: str = "r1") -> ReceiptRecorded:
    return ReceiptRecorded(receivable_id=key, occurred_at=at(when), receipt_id=receipt, amount=amount)


def test_receipts_count_when_they_come_in_and_what_is_owed_when_it_falls_due(world: World) -> None:
    world.happened(_invoice("1", money(1000), "03-10"), _invoice("2", money(600), "04-10"))
    world.happened(_receipt("1", "03-11 10:00", money(300)), _receipt("1", "04-02 10:00", money(700)))
    world.happened(_receipt("2", "03-31 23:59", money(100)))
    assert world.value("receipts") == 400
    (rate,) = world.values("collection_rate")
    assert parts(rate) == (Fraction(2, 5), 400, 1000)
    assert world.value("collection_rate", "04-01", "05-01") == Fraction(700, 600)


def test_two_receipts_of_one_day_are_both_there(world: World) -> None:
    world.happened(_invoice("1", money(1000), "03-10"))
    world.happened(_receipt("1", "03-11 10:00", money(300)), _receipt("1", "03-11 16:00", money(45)))
    assert world.value("receipts") == 345


def test_a_collection_rate_without_anything_due_is_undefined(world: World) -> None:
    world.happened(_invoice("1", money(1000), "05-10"), _receipt("1", "03-11 10:00", money(300)))
    assert world.value("receipts") == 300
    assert world.value("collection_rate") is None


def test_what_is_written_off_was_due_all_the_same(world: World) -> None:
    world.happened(_invoice("1", money(1000), "03-10"), _receipt("1", "03-11 10:00", money(900)))
    gone = ReceivableWrittenOff(
        receivable_id="1", occurred_at=at("03-12 10:00"), amount=money(100), reason="银行手续费"
    )
    world.happened(gone)
    assert world.value("collection_rate") == Fraction(9, 10)


def test_receipts_in_two_currencies_are_two_numbers(world: World) -> None:
    world.happened(_invoice("1", money(1000), "03-10"), _invoice("2", money(50, "EUR"), "03-10"))
    world.happened(_receipt("1", "03-11 10:00", money(300)), _receipt("2", "03-11 10:00", money(50, "EUR")))
    assert {value.unit: value.value for value in world.values("receipts")} == {"CNY": 300, "EUR": 50}
    rates = {value.currency: value.value for value in world.values("collection_rate")}
    assert rates == {"CNY": Fraction(3, 10), "EUR": 1}


def _filed(key: str, when: str) -> ComplaintFiled:
    return ComplaintFiled(complaint_id=key, occurred_at=at(when), subject="It does not start")


def _answered(key: str, when: str) -> ComplaintAcknowledged:
    return ComplaintAcknowledged(complaint_id=key, occurred_at=at(when), by="olivia")


def test_complaints_open_are_those_of_now_whenever_they_were_filed(world: World) -> None:
    world.happened(_filed("old", "01-05 10:00"), _filed("1", "03-05 10:00"), _filed("2", "03-05 10:00"))
    world.happened(ComplaintResolved(complaint_id="1", occurred_at=at("03-06 10:00"), resolution="Replaced"))
    assert world.value("complaints_open") == 2
    assert world.value("complaints_open", "06-01", "07-01") == 2
    world.happened(ComplaintReopened(complaint_id="1", occurred_at=at("03-07 10:00"), reason="Again"))
    assert world.value("complaints_open") == 3
    world.happened(ComplaintResolved(complaint_id="1", occurred_at=at("03-08 10:00"), resolution="Replaced"))
    world.happened(ComplaintClosed(complaint_id="1", occurred_at=at("03-09 10:00")))
    assert world.value("complaints_open") == 2


def test_complaint_response_is_the_median_of_minutes_until_the_first_answer(world: World) -> None:
    for key, answer in {"1": "10:10", "2": "10:20", "3": "10:45", "4": "23:00"}.items():
        world.happened(_filed(key, "03-05 10:00"), _answered(key, f"03-05 {answer}"))
    world.happened(_answered("1", "03-06 10:00"), _filed("unheard", "03-05 10:00"))
    assert world.value("complaint_response_time") == Fraction(65, 2)
