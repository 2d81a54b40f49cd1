"""One webhook, step by step."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from services.coordination.webhooks.webhook import Content
from shared.events.webhook import (
    WebhookChanged,
    WebhookDisabled,
    WebhookPaused,
    WebhookRemoved,
    WebhookReplayed,
    WebhookResumed,
    WebhookSecretRotated,
    WebhookSubscribed,
)

KEY: Final = "a master key that only the tests know, long enough"


def at(hour: int) -> datetime:
    return datetime(2026, 3, 10, hour, tzinfo=UTC)


TOLD: Final[dict[str, Any]] = {
    "webhook_id": "wh-1",
    "name": "ERP",
    "url": "https://erp.example.com/baton",
    "target": "webhook",
    "lang": "zh",
    "signature": "v1",
    "types": ("deal-won.v1",),
    "where": {"owner": "p-wang"},
}

subscribed: Final = WebhookSubscribed(**TOLD, occurred_at=at(1))
changed: Final = WebhookChanged(**TOLD | {"types": ()}, occurred_at=at(2))
paused: Final = WebhookPaused(webhook_id="wh-1", occurred_at=at(3))
resumed: Final = WebhookResumed(webhook_id="wh-1", occurred_at=at(4))
rotated: Final = WebhookSecretRotated(
    webhook_id="wh-1", secret=2, overlap_until=at(5) + timedelta(hours=24), occurred_at=at(5)
)
replayed: Final = WebhookReplayed(webhook_id="wh-1", reading=2, since=at(1), occurred_at=at(6))
disabled: Final = WebhookDisabled(webhook_id="wh-1", reason="It answered 410 Gone.", occurred_at=at(7))
removed: Final = WebhookRemoved(webhook_id="wh-1", occurred_at=at(8))


def content(**told: Any) -> Content:
    """A webhook that is described otherwise than the example."""
    return Content("wh-1", WebhookSubscribed(**TOLD | told, occurred_at=at(1)))
