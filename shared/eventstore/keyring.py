"""Whose data can be read: a key for each person, made when it is needed, until it is destroyed."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple, ParamSpec, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.exc import OperationalError

from shared.eventstore.key_rows import NOBODY, KeyRows, Row
from shared.eventstore.store import StoreUnavailable
from shared.eventstore.wrapping import Wrapping

P = ParamSpec("P")
T = TypeVar("T")

REMEMBERED: Final = 20_000
REMEMBER_SECONDS: Final = 60.0
"""Another process may destroy a key: it is used here for so long at most."""

Keys = Mapping[str, AESGCM | None]
"""By person: what seals and opens their data, ``None`` where the key was destroyed."""


class _Remembered(NamedTuple):
    key: AESGCM | None
    until: float


class Keyring:
    """Of one service. Whoever asks while somebody is served is served with all others who wait."""

    def __init__(
        self, rows: KeyRows, wrapping: Wrapping, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Raises ``WrongMasterKey``."""
        self._rows = rows
        self._wrapping = wrapping
        self._clock = clock
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        self._wanted: dict[str, None] = {}
        self._turn = asyncio.Lock()
        nobody = rows.keep({NOBODY: wrapping.new(NOBODY)})[NOBODY]
        wrapping.opened(NOBODY, nobody.wrapped or b"")

    async def made(self, persons: Collection[str]) -> Keys:
        """The keys of all of them; who had none has one now, on the disk. Nobody gets a second one."""
        found = self._remembered_of(persons)
        if len(found) == len(persons):
            return found
        self._wanted |= dict.fromkeys(person for person in persons if person not in found)
        async with self._turn:
            found = self._remembered_of(persons)
            if missing := [person for person in persons if person not in found]:
                wanted, self._wanted = self._wanted | dict.fromkeys(missing), {}
                fetched = await _asked(self._make, list(wanted))
                self._remember(fetched)
                found |= {person: fetched[person] for person in missing}
            return found

    async def known(self, persons: Collection[str]) -> Keys:
        """The keys of those who ever had one."""
        found = self._remembered_of(persons)
        if len(found) == len(persons):
            return found
        async with self._turn:
            missing = [person for person in persons if person not in found]
            fetched = self._opened(await _asked(self._rows.find, missing))
            self._remember(fetched)
            return found | fetched

    async def destroy(self, person: str) -> None:
        """What was sealed with their key, in whatever copy of the store, can never be read again."""
        async with self._turn:
            await _asked(self._rows.destroy, person, at=datetime.now(UTC))
            self._remembered.pop(person, None)

    async def destroyed(self) -> int:
        """How many keys were destroyed so far, by whichever process."""
        return await _asked(self._rows.destroyed)

    async def row(self, person: str) -> Row | None:
        return (await _asked(self._rows.find, [person])).get(person)

    async def unfollowed(self) -> list[str]:
        """Those whose key was destroyed while something derived from their data may be left."""
        return await _asked(self._rows.unfollowed)

    async def followed(self, persons: Collection[str]) -> None:
        await _asked(self._rows.followed, list(persons), at=datetime.now(UTC))

    def forget(self) -> None:
        self._remembered.clear()

    def close(self) -> None:
        self._rows.close()

    def _make(self, persons: Collection[str]) -> dict[str, AESGCM | None]:
        held = self._rows.find(persons)
        new = {person: self._wrapping.new(person) for person in persons if person not in held}
        return self._opened({**held, **(self._rows.keep(new) if new else {})})

    def _opened(self, rows: Mapping[str, Row]) -> dict[str, AESGCM | None]:
        return {
            person: None if row.wrapped is None else self._wrapping.opened(person, row.wrapped)
            for person, row in rows.items()
        }

    def _remembered_of(self, persons: Collection[str]) -> dict[str, AESGCM | None]:
        now = self._clock()
        there = ((person, self._remembered.get(person)) for person in persons)
        return {person: it.key for person, it in there if it is not None and it.until > now}

    def _remember(self, keys: Keys) -> None:
        until = self._clock() + REMEMBER_SECONDS
        for person, key in keys.items():
            self._remembered[person] = _Remembered(key, until)
            self._remembered.move_to_end(person)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


async def _asked(ask: Callable[P, T], *args: P.args, **about: P.kwargs) -> T:
    """Asks the database, beside the loop; raises ``StoreUnavailable`` where it cannot answer now."""
    try:
        return await asyncio.to_thread(ask, *args, **about)
    except OperationalError as error:
        raise StoreUnavailable(f"the keys: {error.orig}") from error


def open_keyring(url: str, master_key: str) -> Keyring:
    """The keyring at ``sqlite:///path`` or ``postgresql+psycopg://…``. Raises ``WrongMasterKey``."""
    rows = KeyRows(url)
    try:
        return Keyring(rows, Wrapping(master_key))
    except BaseException:
        rows.close()
        raise
