"""What is said about webhooks over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, model_validator

from services.coordination.webhooks import listing
from services.coordination.webhooks.queue import Standing
from services.coordination.webhooks.reach import checked_url
from services.coordination.webhooks.webhook import Disabled, Known, StateName
from shared.events.catalogue import EVENTS
from shared.events.event import Id, Instant, Label
from shared.events.webhook import EventName, FieldPath, Lang, Signature, Target, Url
from shared.service.commands import Body


def _known(name: str) -> str:
    if name not in EVENTS:
        raise ValueError(f"there is no event {name}")
    return name


Start = Literal["now", "first"] | Instant
"""``now``, ``first`` (the very first event), or a moment: events that were recorded from then on."""


class Describe(Body):
    name: Label
    url: Annotated[Url, AfterValidator(checked_url)]
    target: Target = "webhook"
    """What is there: a program that takes events, or a chat's bot that takes messages."""
    lang: Lang = "zh"
    """Of messages in chats."""
    signature: Signature = "v1"
    types: Annotated[
        list[Annotated[EventName, AfterValidator(_known)]], Field(max_length=200, default_factory=list)
    ]
    """Only these events; all when it is empty."""
    where: Annotated[dict[FieldPath, Label], Field(max_length=10, default_factory=dict)]
    """Only events whose fields have all these values: `{"region": "华东", "amount.currency": "CNY"}`."""

    @model_validator(mode="after")
    def _fields_are_there(self) -> "Describe":
        wanted = [EVENTS[name] for name in self.types] or list(EVENTS.values())
        there = {field for event in wanted for field in event.model_fields.keys() - event.personal_fields()}
        if unknown := sorted(path for path in self.where if path.partition(".")[0] not in there):
            raise ValueError(f"none of these events has a field {', '.join(unknown)}")
        return self

    def content(self) -> dict[str, Any]:
        return self.model_dump(include=set(Describe.model_fields) - {"occurred_at"})


class Subscribe(Describe):
    id: Id | None = None
    start: Start = "now"


class Change(Describe):
    """All of it is said again."""


class Rotate(Body):
    overlap_hours: Annotated[int, Field(ge=0, le=24 * 30)] = 24
    """So long the secret before signs as well."""

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.overlap_hours)


class Replay(Body):
    start: Annotated[Start, Field(alias="from")]


class Nothing(Body):
    pass


def since(start: Start, *, now: datetime) -> datetime | None:
    """From when on events count; None for the very first."""
    match start:
        case "now":
            return now
        case "first":
            return None
        case _:
            return start


class WebhookRow(BaseModel):
    id: str
    name: str
    host: str
    target: Target
    lang: Lang
    signature: Signature
    types: list[str]
    where: dict[str, str]
    state: StateName


class WebhookView(WebhookRow):
    url: str
    disabled_because: str | None
    since: datetime | None
    """Events recorded from then on; the very first when it is not there."""
    waiting: int
    """Events that were read and are not delivered."""
    dead: int
    """Events that were tried as often as the schedule allows."""
    paused_until: datetime | None
    """Its endpoint asked to be let alone until then."""


class Secret(BaseModel):
    """What verifies signatures: ``whsec_…`` for ``v1``, to be kept secret, or ``whpk_…`` for ``v1a``."""

    signature: Signature
    key: str
    previous: str | None
    """It signs as well, until ``previous_until``."""
    previous_until: datetime | None


class Tried(BaseModel):
    """What came of an example that was sent now."""

    type: str
    status: int | None
    latency_ms: int
    sha256: str
    error: str | None
    answer: str
    """The beginning of what was answered."""


class Delivery(BaseModel):
    """One attempt."""

    event_id: str
    type: str
    stream: str
    attempt: int
    at: datetime
    status: int | None
    """Of the answer; nothing when none came."""
    latency_ms: int
    sha256: str
    """Of the body that was sent."""
    error: str | None
    """Nothing when it was delivered."""


class DeadLetter(BaseModel):
    event_id: str
    type: str
    stream: str
    attempts: int
    died_at: datetime
    error: str


class LinedUp(BaseModel):
    """How many dead letters wait again, and how many are dead still: ask once more for those."""

    lined_up: int
    left: int


def row(stream: str, it: listing.Listed) -> WebhookRow:
    return WebhookRow(
        id=stream.removeprefix("webhook-"),
        name=it.name,
        host=it.host,
        target=it.target,
        lang=it.lang,
        signature=it.signature,
        types=list(it.types),
        where=it.where,
        state=it.state,
    )


def view(webhook: Known, standing: Standing) -> WebhookView:
    described = webhook.it.described
    return WebhookView(
        id=webhook.it.webhook_id,
        name=described.name,
        host=urlsplit(described.url or "").hostname or "",
        target=described.target,
        lang=described.lang,
        signature=described.signature,
        types=list(described.types),
        where=described.where,
        state=webhook.name,
        url=described.url or "",
        disabled_because=webhook.reason if isinstance(webhook, Disabled) else None,
        since=webhook.it.since,
        waiting=standing.waiting,
        dead=standing.dead,
        paused_until=standing.paused_until,
    )
