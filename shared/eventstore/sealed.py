"""An event store in which what is about a person is sealed with that person's key."""

import os
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Any, Final, NamedTuple, cast

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.events.catalogue import EVENTS, PERSONAL_FIELDS
from shared.events.event import SEALED
from shared.eventstore.keyring import Keyring, Keys
from shared.eventstore.store import NOTHING, EventStore, NewEvent, StoredEvent
from shared.eventstore.wrapping import NONCE_BYTES

Fields = dict[str, Any]

log = structlog.get_logger()


class Unreadable(Exception):
    """Sealed data does not open though its key was not destroyed: it was changed, or the key was lost."""


class Parted(NamedTuple):
    """An event's fields, and whose the personal ones are."""

    public: Fields
    personal: Fields
    person: str


Opening = Callable[[StoredEvent, Parted | None, Keys], StoredEvent]

_UNKNOWN: Final = object()


class Sealed:
    """Another store, and the keyring that opens what is sealed in it.

    Events that were stored in the open before are read as they are, until their person's key is destroyed.
    """

    def __init__(self, store: EventStore, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring

    async def append(self, stream: str, events: Sequence[NewEvent], *, expected: int) -> list[StoredEvent]:
        """Personal fields about somebody whose key was destroyed are left out."""
        parted = [part(event) for event in events]
        persons = {it.person for it in parted if it and it.personal}
        if not persons:
            return await self._store.append(stream, events, expected=expected)
        keys = await self._keyring.made(persons)
        sealed = [_sealed(stream, event, it, keys) for event, it in zip(events, parted, strict=True)]
        return await self._opened(await self._store.append(stream, sealed, expected=expected))

    async def read(self, stream: str, *, after: int = NOTHING) -> list[StoredEvent]:
        return await self._opened(await self._store.read(stream, after=after))

    async def follow(
        self, categories: Sequence[str], *, after: int = NOTHING, batch: int = 1000
    ) -> AsyncIterator[list[StoredEvent]]:
        """What cannot be opened stays sealed: whoever folds it parks its stream, and the rest goes on."""
        following = self._store.follow(categories, after=after, batch=batch)
        async with aclosing(cast("AsyncGenerator[list[StoredEvent], None]", following)) as several:
            async for stored in several:
                yield await self._opened(stored, _as_far_as_it_opens)

    async def head(self, categories: Sequence[str] = ()) -> int:
        return await self._store.head(categories)

    async def last(self, categories: Sequence[str]) -> StoredEvent | None:
        found = await self._store.last(categories)
        return (await self._opened([found]))[0] if found else None

    @property
    def damage(self) -> str:
        return self._store.damage

    async def check(self) -> None:
        await self._store.check()

    async def close(self) -> None:
        await self._store.close()

    async def _opened(self, stored: list[StoredEvent], opening: Opening | None = None) -> list[StoredEvent]:
        """Raises ``Unreadable`` unless ``opening`` does something else about it."""
        parted = [_part_if_one(event) for event in stored]
        persons = {it.person for it in parted if it and (it.personal or SEALED in it.public)}
        if not persons:
            return stored
        keys = await self._keyring.known(persons)
        return [(opening or _opened)(event, it, keys) for event, it in zip(stored, parted, strict=True)]


def part(event: NewEvent | StoredEvent) -> Parted | None:
    """``None`` for an event that never says anything of a person. Raises ``ValueError`` for no such event."""
    personal = PERSONAL_FIELDS.get(event.type)
    if personal is None:
        return None
    try:
        fields = msgspec.json.decode(event.data, type=Fields)
        person = EVENTS[event.type].person_in(fields)
    except (msgspec.DecodeError, KeyError) as error:
        raise ValueError(f"a {event.type} that does not say whom it is about") from error
    return Parted(
        {name: value for name, value in fields.items() if name not in personal},
        {name: value for name, value in fields.items() if name in personal},
        person,
    )


def _part_if_one(event: StoredEvent) -> Parted | None:
    """What is no such event is nobody's: it is parked by whoever reads it."""
    try:
        return part(event)
    except ValueError:
        return None


def _sealed(stream: str, event: NewEvent, it: Parted | None, keys: Keys) -> NewEvent:
    if it is None or not it.personal:
        return event
    key = keys[it.person]
    if key is None:
        return event._replace(data=msgspec.json.encode(it.public))
    nonce = os.urandom(NONCE_BYTES)
    blob = nonce + key.encrypt(nonce, msgspec.json.encode(it.personal), _place(stream, event))
    return event._replace(data=msgspec.json.encode({**it.public, SEALED: b64encode(blob).decode()}))


def _opened(event: StoredEvent, it: Parted | None, keys: Keys) -> StoredEvent:
    if it is None:
        return event
    erased = keys.get(it.person, _UNKNOWN) is None
    if SEALED not in it.public:
        return event._replace(data=msgspec.json.encode(it.public)) if erased and it.personal else event
    public = {name: value for name, value in it.public.items() if name != SEALED}
    if erased:
        return event._replace(data=msgspec.json.encode(public))
    key = keys.get(it.person)
    if key is None:
        raise Unreadable(f"there is no key of {it.person}, whom event {event.id} of {event.stream} is about")
    return event._replace(data=_in_order(event.type, public | _personal(event, it.public[SEALED], key)))


def _as_far_as_it_opens(event: StoredEvent, it: Parted | None, keys: Keys) -> StoredEvent:
    try:
        return _opened(event, it, keys)
    except Unreadable as error:
        log.error("sealed data cannot be opened", stream=event.stream, event_id=str(event.id), why=str(error))  # noqa: TRY400 - it says all
        return event


def _personal(event: StoredEvent, sealed: Any, key: AESGCM) -> Fields:
    try:
        blob = b64decode(sealed, validate=True)
        opened = key.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], _place(event.stream, event))
    except (InvalidTag, ValueError, TypeError) as error:
        raise Unreadable(f"what is sealed in event {event.id} of {event.stream} was changed") from error
    return msgspec.json.decode(opened, type=Fields)


def _place(stream: str, event: NewEvent | StoredEvent) -> bytes:
    """What is sealed in one event opens in no other."""
    return f"{event.id}\n{stream}\n{event.type}".encode()


def _in_order(event_type: str, fields: Fields) -> bytes:
    """As the event itself writes them."""
    order = [name for name in EVENTS[event_type].model_fields if name in fields]
    return msgspec.json.encode({name: fields[name] for name in (*order, *fields)})
