"""An ERP is told of orders, until it is shut down."""

from datetime import UTC, datetime
from typing import Final

from .. import webhook
from ..event import Event
from .cast import at

ERP: Final = {"webhook_id": "wh-erp"}

TELLING_STORY: Final[tuple[Event, ...]] = (
    webhook.WebhookSubscribed(
        occurred_at=at("05-06 09:00"),
        **ERP,
        name="ERP 订单接口",
        url="https://erp.example.com/baton",
        target="webhook",
        lang="zh",
        signature="v1",
        types=("order-opened.v1", "order-shipped.v1"),
        where={"line": "Atlas"},
        since=datetime(2025, 1, 1, tzinfo=UTC),
    ),
    webhook.WebhookChanged(
        occurred_at=at("05-06 10:00"),
        **ERP,
        name="ERP 订单接口",
        url="https://erp.example.com/baton/v2",
        target="webhook",
        lang="zh",
        signature="v1",
        types=("order-opened.v1", "order-shipped.v1", "order-delivered.v1"),
        where={"line": "Atlas"},
    ),
    webhook.WebhookPaused(occurred_at=at("05-07 22:00"), **ERP),
    webhook.WebhookResumed(occurred_at=at("05-08 06:00"), **ERP),
    webhook.WebhookReplayed(occurred_at=at("05-08 06:10"), **ERP, reading=2, since=at("05-07 22:00")),
    webhook.WebhookSecretRotated(
        occurred_at=at("05-09 09:00"), **ERP, secret=2, overlap_until=at("05-10 09:00")
    ),
    webhook.WebhookDisabled(occurred_at=at("05-20 03:00"), **ERP, reason="It answered 410 Gone."),
    webhook.WebhookRemoved(occurred_at=at("05-21 09:00"), **ERP),
)
