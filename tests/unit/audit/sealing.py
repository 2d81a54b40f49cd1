"""A store with a ledger, its export, and what verification says of one."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import uuid4

import msgspec

from shared.audit import page as pages
from shared.audit.export import exported
from shared.audit.ledger import Ledger
from shared.audit.verification import Finding, Verification
from shared.eventstore.store import EventStore, NewEvent

SERVICE: Final = "orders"
SECRET: Final = "signs nothing outside the tests of the audit"  # noqa: S105 - as it says
KEY: Final = pages.signing_key(SECRET)


def happened(n: int) -> NewEvent:
    data = msgspec.json.encode({"occurred_at": "2026-01-01T00:00:00Z", "reason": f"第 {n} 次"})
    return NewEvent(uuid4(), "order-cancelled.v1", data, b'{"actor":"p-wang"}')


async def work(store: EventStore, *streams: str, events: int) -> None:
    """As many events on each of these streams, in turn."""
    for n in range(events):
        for stream in streams:
            there = len(await store.read(stream))
            await store.append(stream, [happened(n)], expected=there - 1)


async def sealed_in_turns(store: EventStore, *, pages: int, events: int) -> list[bytes]:
    """The lines of an export with so many pages, each with so many events of two orders."""
    ledger = Ledger(store, SERVICE, SECRET)
    for _ in range(pages):
        await work(store, "order-1", "order-2", events=events // 2)
        await ledger.seal()
    return await lines_of(store)


async def lines_of(store: EventStore, service: str = SERVICE) -> list[bytes]:
    return b"".join([piece async for piece in exported(store, service)]).splitlines(keepends=True)


def found_in(
    lines: Iterable[bytes], *, keys: Sequence[str] = (), at_least: Collection[str] = ()
) -> list[Finding]:
    accepted = [pages.public_key(key) for key in keys] or [KEY.public_key()]
    verification = Verification(accepted, witnessed=at_least)
    found = [finding for line in lines for finding in verification.line(line)]
    return found + list(verification.end())


def newest(lines: Iterable[bytes]) -> str:
    """The hash of the last page, as somebody noted it down."""
    return [pages.end(line) for line in lines if line.startswith(b'{"page"')][-1].sha256
