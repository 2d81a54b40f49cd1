"""The whole ledger and the events it seals, line by line, for somebody who trusts nobody here."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

import msgspec

from shared.audit import page as pages
from shared.audit.ledger import last_page
from shared.audit.page import Told
from shared.events.catalogue import categories
from shared.eventstore.reading import up_to
from shared.eventstore.store import NOTHING, EventStore, StoredEvent

PIECE_BYTES: Final = 64 * 1024
PAGES_AT_ONCE: Final = 10
"""In memory; each is some 200 kB."""


class Line(msgspec.Struct, omit_defaults=True):
    event: Told


async def exported(store: EventStore, service: str) -> AsyncGenerator[bytes, None]:
    """JSON lines: each page as it is kept, then the events that stand in the store up to its end.

    Events behind the last page are in no export. Memory is bounded by some pages; pieces have some 64 kB.
    """
    last = await last_page(store, service)
    own = categories(service)
    head = await store.head(own)
    piece = bytearray()
    async with (
        aclosing(up_to(_position(last), store, [pages.category(service)], batch=PAGES_AT_ONCE)) as kept,
        aclosing(up_to(head, store, own)) as events,
    ):
        ahead = await anext(events, None)
        end = NOTHING
        async for page in kept:
            piece += page.data + b"\n"
            end = max(end, _end(page.data))
            while ahead is not None and ahead.position <= end:
                piece += msgspec.json.encode(Line(pages.told(ahead))) + b"\n"
                if len(piece) >= PIECE_BYTES:
                    yield bytes(piece)
                    piece.clear()
                ahead = await anext(events, None)
    yield bytes(piece)


def _position(last: StoredEvent | None) -> int:
    return last.position if last else NOTHING


def _end(page: bytes) -> int:
    """A page that cannot be read has no end of its own; whoever verifies will say so."""
    try:
        return pages.end(page).position
    except ValueError:
        return NOTHING
