"""A sealed store on files, and what stands in it as its file has it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from shared.events.event import Envelope, Event
from shared.eventstore.keyring import Keyring, open_keyring
from shared.eventstore.sealed import Sealed
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import NewEvent

MASTER_KEY: Final = "a master key that only the tests know"
ENVELOPE: Final = Envelope(actor="p-wang", role="sales", correlation_id="c-1")


@dataclass(frozen=True)
class Safe:
    folder: Path
    log: SqliteStore
    """The store as it is kept."""
    keyring: Keyring
    store: Sealed

    def holds(self, text: str) -> bool:
        """Whether any file has it in plain."""
        return any(text.encode() in file.read_bytes() for file in self.folder.rglob("*") if file.is_file())


@asynccontextmanager
async def safe(folder: Path, *, keys: str | None = None) -> AsyncIterator[Safe]:
    log = SqliteStore(folder / "events.db")
    keyring = open_keyring(keys or f"sqlite:///{folder}/keys.db", MASTER_KEY)
    try:
        yield Safe(folder, log, keyring, Sealed(log, keyring))
    finally:
        await log.close()
        keyring.close()


def new(event: Event) -> NewEvent:
    metadata = ENVELOPE.model_dump_json(exclude_none=True).encode()
    return NewEvent(uuid4(), event.type, event.wire(), metadata)
