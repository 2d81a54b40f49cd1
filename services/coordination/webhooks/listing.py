"""The list of webhooks; of an address only the host, for the rest may be a secret."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from services.coordination.webhooks.webhook import StateName
from shared.events.webhook import (
    Described,
    Lang,
    Signature,
    Target,
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
from shared.projections.projection import Projection


class Listed(Struct, frozen=True):
    name: str = ""
    host: str = ""
    target: Target = "webhook"
    lang: Lang = "zh"
    signature: Signature = "v1"
    types: tuple[str, ...] = ()
    where: dict[str, str] = {}
    state: StateName = "live"
    removed: bool = False
    subscribed_at: datetime | None = None


def evolve(row: Listed, event: WebhookEvent) -> Listed:
    match event:
        case WebhookSubscribed():
            return replace(_described(row, event), subscribed_at=event.occurred_at)
        case WebhookChanged():
            return _described(row, event)
        case WebhookPaused():
            return replace(row, state="paused")
        case WebhookResumed():
            return replace(row, state="live")
        case WebhookDisabled():
            return replace(row, state="disabled")
        case WebhookRemoved():
            return replace(row, removed=True)
        case _:
            return row


def _described(row: Listed, event: Described) -> Listed:
    return replace(
        row,
        name=event.name,
        host=urlsplit(event.url or "").hostname or "",
        target=event.target,
        lang=event.lang,
        signature=event.signature,
        types=event.types,
        where=event.where,
    )


def index(row: Listed) -> Mapping[str, str]:
    return {"state": "removed"} if row.removed else {"state": row.state, "standing": "yes"}


WEBHOOKS: Final = Projection(
    name="webhook-list",
    version=1,
    state=Listed,
    initial=Listed(),
    events=(
        WebhookSubscribed,
        WebhookChanged,
        WebhookSecretRotated,
        WebhookReplayed,
        WebhookPaused,
        WebhookResumed,
        WebhookDisabled,
        WebhookRemoved,
    ),
    evolve=evolve,
    index=index,
)
