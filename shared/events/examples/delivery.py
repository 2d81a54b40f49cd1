"""From the order over its delivery and a complaint to the last cent paid."""

from typing import Final

from .. import complaint, handoff, order, organisation, receivable, survey
from ..event import Event, Money
from .awards import AWARDS
from .cast import (
    CHEN,
    COMPLAINT,
    DEAL,
    DEBT,
    EAST,
    GOODS,
    HANDOFF,
    KEY_ACCOUNTS,
    OLIVIA,
    ORDER,
    ORDERED,
    PRICE,
    SURVEY,
    UNIT_COST,
    WANG,
    YUNFAN,
    at,
    on,
)

DELIVERY_STORY: Final[tuple[Event, ...]] = (
    order.OrderOpened(
        occurred_at=at("03-10 17:45"),
        **ORDER,
        **YUNFAN,
        **DEAL,
        **GOODS,
        owner=WANG,
        title="云帆科技 Atlas 200",
        deal_won_at=at("03-10 17:45"),
        quantity=10,
        amount=PRICE,
        unit_cost=UNIT_COST,
        cost_version=2,
    ),
    order.OrderChanged(
        occurred_at=at("03-11 09:00"), **ORDER, quantity=12, amount=ORDERED, previous_amount=PRICE
    ),
    order.OrderConfirmed(occurred_at=at("03-11 10:00"), **ORDER, promised_on=on("03-24")),
    order.OrderCancelled(occurred_at=at("03-11 10:10"), order_id="ord-1204", reason="Entered twice"),
    handoff.HandoffRequested(
        occurred_at=at("03-11 10:15"),
        **HANDOFF,
        kind="order-to-production",
        subject="order-ord-1203",
        title="生产 12 × Atlas 200 for 云帆科技",
        from_department="sales",
        to_department="production",
        due_at=at("03-12 10:15"),
    ),
    handoff.HandoffReturned(
        occurred_at=at("03-11 14:00"), **HANDOFF, by=CHEN, reason="缺少电压规格 (which voltage?)"
    ),
    handoff.HandoffResubmitted(occurred_at=at("03-11 16:30"), **HANDOFF, by=WANG, note="380 V"),
    handoff.HandoffCancelled(
        occurred_at=at("03-11 17:00"), handoff_id="ho-ord-1204-production", reason="Order cancelled"
    ),
    handoff.HandoffBreached(occurred_at=at("03-12 10:15"), **HANDOFF, due_at=at("03-12 10:15")),
    handoff.HandoffAccepted(occurred_at=at("03-12 11:00"), **HANDOFF, by=CHEN),
    order.OrderRepromised(
        occurred_at=at("03-17 09:00"),
        **ORDER,
        promised_on=on("03-26"),
        previous=on("03-24"),
        reason="A part came late",
    ),
    order.OrderReady(occurred_at=at("03-20 15:00"), **ORDER),
    handoff.HandoffCompleted(occurred_at=at("03-20 15:05"), **HANDOFF, by=CHEN),
    order.OrderShipped(
        occurred_at=at("03-21 09:00"),
        **ORDER,
        **YUNFAN,
        owner=WANG,
        line="Atlas",
        amount=ORDERED,
        carrier="顺丰速运",
    ),
    receivable.InvoiceIssued(
        occurred_at=at("03-21 09:00"),
        **DEBT,
        **ORDER,
        **YUNFAN,
        owner=WANG,
        line="Atlas",
        amount=ORDERED,
        due_on=on("04-20"),
    ),
    order.OrderDelivered(
        occurred_at=at("03-23 13:20"),
        **ORDER,
        **YUNFAN,
        owner=WANG,
        proof="Signed by 赵敏's desk",
        first_promise=on("03-24"),
    ),
    survey.SurveySent(
        occurred_at=at("03-24 09:00"),
        **SURVEY,
        **YUNFAN,
        kind="csat",
        about="delivery",
        subject="ord-1203",
        owner=WANG,
        line="Atlas",
    ),
    survey.SurveyAnswered(
        occurred_at=at("03-25 08:40"),
        **SURVEY,
        **YUNFAN,
        kind="csat",
        about="delivery",
        subject="ord-1203",
        owner=WANG,
        line="Atlas",
        score=2,
        comment="发货很快，但有两台无法启动",
    ),
    complaint.ComplaintFiled(
        occurred_at=at("03-25 08:50"),
        **COMPLAINT,
        **YUNFAN,
        **ORDER,
        subject="Two of the twelve do not start",
        severity="high",
    ),
    complaint.ComplaintAcknowledged(occurred_at=at("03-25 09:05"), **COMPLAINT, by=OLIVIA),
    complaint.ComplaintAssigned(occurred_at=at("03-25 09:10"), **COMPLAINT, to=OLIVIA),
    complaint.ComplaintHeld(occurred_at=at("03-25 11:00"), **COMPLAINT, reason="等待客户提供序列号"),
    complaint.ComplaintResumed(occurred_at=at("03-25 15:00"), **COMPLAINT),
    complaint.ComplaintReopened(occurred_at=at("03-27 10:00"), **COMPLAINT, reason="One stopped again"),
    complaint.ComplaintResolved(
        occurred_at=at("03-28 16:00"), **COMPLAINT, resolution="Both power supplies replaced"
    ),
    complaint.ComplaintClosed(occurred_at=at("03-31 09:00"), **COMPLAINT, satisfaction=4),
    organisation.PersonMoved(
        occurred_at=at("04-01 09:00"),
        person_id=WANG,
        team_id=KEY_ACCOUNTS,
        previous=EAST,
        on=on("04-01"),
    ),
    *AWARDS,
    receivable.ReceiptRecorded(
        occurred_at=at("04-15 11:30"), **DEBT, receipt_id="rcp-501", amount=Money(minor=95_980_00)
    ),
    receivable.ReceivableWrittenOff(
        occurred_at=at("04-16 10:00"), **DEBT, amount=Money(minor=20_00), reason="银行手续费 (bank charges)"
    ),
    receivable.ReceivableSettled(occurred_at=at("04-16 10:00"), **DEBT),
    order.OrderReturned(
        occurred_at=at("04-21 10:00"),
        **ORDER,
        **YUNFAN,
        **GOODS,
        return_id="ret-9",
        quantity=1,
        amount=Money(minor=8_000_00),
        unit_cost=UNIT_COST,
        reason="仍然无法启动 (it still does not start)",
        owner=WANG,
    ),
    receivable.ReceivableCredited(
        occurred_at=at("04-21 10:00"),
        **DEBT,
        return_id="ret-9",
        amount=Money(minor=8_000_00),
        reason="仍然无法启动 (it still does not start)",
    ),
    receivable.RefundPaid(
        occurred_at=at("04-23 15:00"), **DEBT, refund_id="rfd-12", amount=Money(minor=7_980_00)
    ),
)
