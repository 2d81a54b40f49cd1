"""What every event is: a fact in the past tense, with an explicit wire name and a business time."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

PERSONAL: Final = "personal"
"""Marks a field that stays in its service's own store and never reaches a public topic."""

SEALED: Final = "sealed"
"""Where a store keeps an event's personal fields, sealed with the person's key; no event has such a field."""


_SEALED: Final = f'"{SEALED}"'.encode()
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def _in_utc(at: datetime) -> datetime:
    if EARLIEST.year - 1 <= at.year <= LATEST.year:  # one of year 1 or 9999 may have no time in UTC
        utc = at.astimezone(UTC)  # two times of one zone are compared four times as fast
        if EARLIEST <= utc < LATEST:
            return utc
    raise ValueError("must be a moment of the years 1900 to 2199")


def _plausible(day: date) -> date:
    if not EARLIEST.date() <= day < LATEST.date():
        raise ValueError("must be a day of the years 1900 to 2199")
    return day


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with a time zone, kept in UTC."""

Day = Annotated[date, AfterValidator(_plausible)]

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""Names one thing of its kind; safe in a URL, a stream name and a Kafka key."""

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")
]
"""1 to 500 characters, none of them NUL (PostgreSQL cannot keep it)."""

PersonRef = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[A-Za-z0-9_.-]{1,129}$")]
"""Whom personal data is about, such as ``lead-42``; a contact's id counts within its account, so theirs is
``contact-<account>.<contact>``."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""A short lower-case name: a department, a kind of hand-off."""

Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00]*$")
]
"""1 to 80 characters that boards group by: a region, a product line."""

PersonalText = Annotated[Text | None, PERSONAL]
"""Text about a person; always optional, because outside its service it is not there."""


Quantity = Annotated[int, Field(ge=1, le=10**9)]


class Money(BaseModel):
    """An amount in the minor unit of its currency (分, cents), never a float."""

    model_config = ConfigDict(frozen=True)

    minor: Annotated[int, Field(ge=0, le=10**15, strict=True)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"


class Event(BaseModel):
    """A domain event: frozen, named on the wire, tolerant of fields it does not know."""

    # what is wrong with an event may be logged, what it says of a person must not
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    type: ClassVar[str] = ""
    """Name and version on the wire, such as ``deal-won.v1``; never a Python path."""
    category: ClassVar[str] = ""
    """The kind of stream it belongs to: ``deal`` for streams ``deal-<id>``."""
    service: ClassVar[str] = ""
    """The service whose topic carries it."""
    key: ClassVar[str] = ""
    """The field that names the stream's thing: ``<category>_id`` unless said otherwise."""
    personal_to: ClassVar[str] = ""
    """Whom its personal fields are about, in terms of the others: ``lead-{lead_id}``."""

    occurred_at: Instant
    """When it happened in the business (the envelope says when it was recorded)."""

    def __init_subclass__(cls, **names: Any) -> None:
        if "category" in names:
            names.setdefault("key", f"{names['category']}_id")
        for name in ("type", "category", "service", "key", "personal_to"):
            if name in names:
                setattr(cls, name, names.pop(name))
        super().__init_subclass__(**names)

    @classmethod
    def personal_fields(cls) -> frozenset[str]:
        return frozenset(name for name, field in cls.model_fields.items() if PERSONAL in field.metadata)

    @classmethod
    def person_in(cls, fields: Mapping[str, Any]) -> str:
        """Whom the personal fields of an event with these fields are about; raises ``KeyError``."""
        return cls.personal_to.format_map(fields)

    def wire(self) -> bytes:
        """The event as its store keeps it: compact JSON, absent fields left out."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The event from its stored or published JSON; raises ``pydantic.ValidationError``."""
        return cls.model_validate_json(data)


def is_sealed(data: bytes) -> bool:
    """Whether an event's JSON still holds personal fields sealed; raises ``ValueError`` for no JSON."""
    return _SEALED in data and SEALED in json.loads(data)


class Envelope(BaseModel):
    """What is known about an event beside its content: who, when recorded, and why."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    actor: str
    """The person or system that asked for it."""
    role: str
    department: str | None = None
    correlation_id: str
    """The same for everything that follows from one outside request."""
    causation_id: str | None = None
    """The event that this one is a reaction to."""
    command: str | None = None
    """The idempotency key of the command, and a fingerprint of its body."""
    traceparent: str | None = None
