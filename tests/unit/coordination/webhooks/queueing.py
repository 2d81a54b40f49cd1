"""Rows of the queue for the tests."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from services.coordination.webhooks.lines import Waiting
from services.coordination.webhooks.queue import Arrived, Attempt, Cursor, Queue, Settled, Term
from shared.kafka.log import Partition
from tests.unit.coordination.webhooks.examples import at

NOW: Final = at(1)
DEALS: Final = Partition("baton.customers.events", 3)


def arrived(stream: str, sequence: int) -> Arrived:
    return Arrived(stream, f"{stream}-{sequence}", "deal-won.v1", f"{stream} {sequence}".encode())


def in_office(queue: Queue, owner: str = "me", *, now: datetime = NOW) -> Term:
    term = queue.acquire(owner, now=now)
    assert term is not None
    return term


def take(
    queue: Queue, term: Term, *events: Arrived, offset: int = 1, position: int = 10, reading: int = 1
) -> None:
    queue.take(term, "wh-1", reading, events, {DEALS: Cursor(offset, position)}, now=NOW)


def settled(row: Waiting, *, error: str | None = None, again_in: timedelta | None = None) -> Settled:
    attempt = Attempt(
        event_id=row.event_id,
        type=row.type,
        stream=row.stream,
        attempt=row.attempts + 1,
        at=NOW,
        status=204 if error is None else 500,
        latency_ms=12,
        sha256="0" * 64,
        error=error,
    )
    return Settled(row, attempt, None if again_in is None else NOW + again_in)


def waits(rows: Sequence[Waiting]) -> list[str]:
    return [row.event_id for row in rows]
