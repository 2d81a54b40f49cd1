"""Webhooks 事件订阅: subscribed, changed, paused, disabled by the other side, resumed, removed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final, Literal, assert_never

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
from shared.eventstore.decider import Aggregate, NotFound

StateName = Literal["live", "paused", "disabled"]


@dataclass(frozen=True)
class NotSubscribed:
    pass


@dataclass(frozen=True)
class Content:
    webhook_id: str
    described: Described
    secret: int = 1
    """Which of its secrets signs now; they are counted from 1."""
    overlap_until: datetime | None = None
    """Until then the secret before signs as well."""
    reading: int = 1
    """How often reading began."""
    since: datetime | None = None
    """Where it began: at events recorded then, or at the very first."""


@dataclass(frozen=True)
class Live:
    it: Content
    name: ClassVar[StateName] = "live"


@dataclass(frozen=True)
class Paused:
    it: Content
    name: ClassVar[StateName] = "paused"


@dataclass(frozen=True)
class Disabled:
    """The other side wants no more."""

    it: Content
    reason: str
    name: ClassVar[StateName] = "disabled"


@dataclass(frozen=True)
class Removed:
    """Its id is never given again: what was signed for it must not pass for somebody else's."""


Known = Live | Paused | Disabled
Webhook = NotSubscribed | Known | Removed


def evolve(webhook: Webhook, event: WebhookEvent) -> Webhook:
    match event:
        case WebhookSubscribed():
            return Live(Content(event.webhook_id, event, since=event.since))
        case WebhookRemoved():
            return Removed()
        case _:
            pass
    state = known(webhook)
    match event:
        case WebhookChanged():
            return replace(state, it=replace(state.it, described=event))
        case WebhookSecretRotated(secret=secret, overlap_until=until):
            return replace(state, it=replace(state.it, secret=secret, overlap_until=until))
        case WebhookReplayed(reading=reading, since=since):
            return replace(state, it=replace(state.it, reading=reading, since=since))
        case WebhookPaused():
            return Paused(state.it)
        case WebhookResumed():
            return Live(state.it)
        case WebhookDisabled(reason=reason):
            return Disabled(state.it, reason)
        case _:
            assert_never(event)


WEBHOOK: Final = Aggregate[Webhook, WebhookEvent](
    category="webhook",
    initial=NotSubscribed(),
    evolve=evolve,
)


def known(webhook: Webhook) -> Known:
    """The webhook, if there is one; raises ``NotFound``."""
    if isinstance(webhook, NotSubscribed | Removed):
        raise NotFound("There is no such webhook.")
    return webhook
