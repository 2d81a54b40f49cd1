"""Whether a person is one that a service knows: whom any of its events is about."""

from typing import Final

import msgspec

from shared.events.catalogue import EVENTS, PERSONAL_FIELDS
from shared.eventstore.store import EventStore

_AT_HOME: Final = {"contact": "account"}
"""Where a person is not a stream of their own, the category of the one they are in."""


async def is_known(log: EventStore, service: str, person: str) -> bool:
    """``log`` needs no keys: whom an event is about is public."""
    return any(
        person == EVENTS[event.type].person_in(msgspec.json.decode(event.data))
        for event in await log.read(home(person))
        if event.type in PERSONAL_FIELDS and EVENTS[event.type].service == service
    )


def home(person: str) -> str:
    """The stream in which the person is met first: ``account-7`` for ``contact-7.2``."""
    kind, _, key = person.partition("-")
    return f"{_AT_HOME.get(kind, kind)}-{key.partition('.')[0]}"
