"""What is decided about a webhook: subscribe, change, rotate, replay, pause, resume, disable, remove."""

from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from services.coordination.webhooks.webhook import (
    Disabled,
    Known,
    Live,
    NotSubscribed,
    Paused,
    Removed,
    Webhook,
    known,
)
from shared.events.webhook import (
    Described,
    WebhookChanged,
    WebhookDisabled,
    WebhookEvent,
    WebhookPaused,
    WebhookRemoved,
    WebhookReplayed,
    WebhookResumed,
    WebhookSecretRotated,
    WebhookSubscribed,
)
from shared.eventstore.decider import Refused

MOST: Final = 100


def subscribe(webhook: Webhook, *, wanted: WebhookSubscribed, others: int) -> list[WebhookEvent]:
    """``others`` is how many webhooks there are; each of them reads the whole log."""
    match webhook:
        case NotSubscribed():
            if others >= MOST:
                raise Refused(f"There are {MOST} webhooks already.", code="too-many-webhooks")
            return [wanted]
        case Live(it=it) | Paused(it=it) | Disabled(it=it):
            if _told(it.described) == _told(wanted):
                return []
            raise Refused("Another webhook has this id.", code="id-taken")
        case Removed():
            raise Refused("A webhook that was removed had this id.", code="id-taken")
        case _:
            assert_never(webhook)


def change(webhook: Webhook, *, wanted: WebhookChanged) -> list[WebhookEvent]:
    if _told(known(webhook).it.described) == _told(wanted):
        return []
    return [wanted]


def rotate(webhook: Webhook, *, overlap: timedelta, at: datetime) -> list[WebhookEvent]:
    """A new secret each time that it is asked for."""
    it = known(webhook).it
    return [
        WebhookSecretRotated(
            webhook_id=it.webhook_id, secret=it.secret + 1, overlap_until=at + overlap, occurred_at=at
        )
    ]


def replay(webhook: Webhook, *, since: datetime | None, at: datetime) -> list[WebhookEvent]:
    """Read again from a moment on, or from the very first event."""
    it = known(webhook).it
    return [WebhookReplayed(webhook_id=it.webhook_id, reading=it.reading + 1, since=since, occurred_at=at)]


def pause(webhook: Webhook, *, at: datetime) -> list[WebhookEvent]:
    match known(webhook):
        case Live() as live:
            return [WebhookPaused(webhook_id=_id(live), occurred_at=at)]
        case Paused():
            return []
        case Disabled():
            raise Refused("The other side disabled the webhook: nothing is sent.", code="webhook-disabled")
        case state:
            assert_never(state)


def resume(webhook: Webhook, *, at: datetime) -> list[WebhookEvent]:
    match known(webhook):
        case Live():
            return []
        case Paused() | Disabled() as standing:
            return [WebhookResumed(webhook_id=_id(standing), occurred_at=at)]
        case state:
            assert_never(state)


def disable(webhook: Webhook, *, reason: str, at: datetime) -> list[WebhookEvent]:
    """The other side wants no more; what it says of a webhook that is gone or disabled changes nothing."""
    match webhook:
        case Live() | Paused():
            return [WebhookDisabled(webhook_id=_id(webhook), reason=reason, occurred_at=at)]
        case NotSubscribed() | Disabled() | Removed():
            return []
        case _:
            assert_never(webhook)


def remove(webhook: Webhook, *, at: datetime) -> list[WebhookEvent]:
    if isinstance(webhook, Removed):
        return []
    return [WebhookRemoved(webhook_id=_id(known(webhook)), occurred_at=at)]


def _id(webhook: Known) -> str:
    return webhook.it.webhook_id


def _told(described: Described) -> dict[str, Any]:
    """What never depends on the moment of asking."""
    return described.model_dump(include=set(Described.model_fields) - {"occurred_at"})
