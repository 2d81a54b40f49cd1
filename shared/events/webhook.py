"""Webhooks 事件订阅: who outside is told of which events, and from when on.

The address may hold a token, as those of chat bots do, so it stays in its service's own store.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .event import PERSONAL, Event, Id, Instant, Label, Text

Url = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[\x21-\x7e]+$")]
Target = Literal["webhook", "wecom", "dingtalk", "feishu", "slack", "teams"]
Signature = Literal["v1", "v1a"]
Lang = Literal["zh", "en"]
EventName = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z][a-z-]*\.v[0-9]+$")]
FieldPath = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z_]+(\.[a-z_]+)*$")]
"""A field of an event's payload, such as ``owner`` or ``amount.currency``."""


class OfWebhook(Event, category="webhook", service="coordination"):
    webhook_id: Id


class Described(OfWebhook):
    """Where events go, which, and how they are written and signed."""

    name: Label
    url: Annotated[Url | None, PERSONAL] = None
    target: Target
    lang: Lang
    signature: Signature
    types: Annotated[tuple[EventName, ...], Field(max_length=200)]
    """Only events of these names; all when it is empty."""
    where: Annotated[dict[FieldPath, Label], Field(max_length=10)]
    """Only events whose fields have all these values."""


class WebhookSubscribed(Described, type="webhook-subscribed.v1", personal_to="webhook-{webhook_id}"):
    """Somebody outside is told of events from now on, or from a moment in the past."""

    since: Instant | None = None
    """Events recorded from this moment on; from the very first when it is left out."""


class WebhookChanged(Described, type="webhook-changed.v1", personal_to="webhook-{webhook_id}"):
    """Where its events go, or which, was changed; all of it is said again."""


class WebhookSecretRotated(OfWebhook, type="webhook-secret-rotated.v1"):
    """It is signed with a new secret; for a while with the one before, too."""

    secret: Annotated[int, Field(ge=2)]
    """Counts the secrets, from 1."""
    overlap_until: Instant


class WebhookReplayed(OfWebhook, type="webhook-replayed.v1"):
    """Its events are sent again from a moment on; what waited to be sent does not count any more."""

    reading: Annotated[int, Field(ge=2)]
    """Counts how often reading began, from 1."""
    since: Instant | None = None
    """Events recorded from this moment on; from the very first when it is left out."""


class WebhookPaused(OfWebhook, type="webhook-paused.v1"):
    """Nothing is sent until it is resumed; what happens meanwhile is sent then."""


class WebhookResumed(OfWebhook, type="webhook-resumed.v1"):
    """It is sent again what happened, from where it stood."""


class WebhookDisabled(OfWebhook, type="webhook-disabled.v1"):
    """The other side wants no more (HTTP 410): nothing is sent until somebody resumes it."""

    reason: Text


class WebhookRemoved(OfWebhook, type="webhook-removed.v1"):
    """The subscription is gone, with all that waited to be sent."""


WebhookEvent = (
    WebhookSubscribed
    | WebhookChanged
    | WebhookSecretRotated
    | WebhookReplayed
    | WebhookPaused
    | WebhookResumed
    | WebhookDisabled
    | WebhookRemoved
)
