"""Which event store an address means."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared.eventstore.kurrent import KurrentStore
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.store import EventStore


async def open_store(url: str) -> EventStore:
    """The store at ``sqlite:///path/file.db`` (its folder is made) or ``kurrentdb://host:2113?tls=false``.

    ``sqlite:////path`` is absolute, ``sqlite:///path`` starts from the working directory.
    Raises ``ValueError`` for any other address, ``StoreInUse`` and ``StoreUnavailable``.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "sqlite" if not parts.netloc and len(parts.path) > 1:
            path = Path(unquote(parts.path).removeprefix("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            return SqliteStore(path)
        case "kurrentdb" | "kurrentdb+discover" | "esdb" | "esdb+discover":
            return KurrentStore(url)
        case _:
            raise ValueError(
                f"{parts.scheme}:// is no event store: EVENTSTORE_URL is sqlite:///folder/file.db, or"
                " kurrentdb:// or esdb:// (also with +discover) and the server's host:port"
            )
