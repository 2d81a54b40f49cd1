"""The cell log as a live feed: one reader, any number of listeners, resumable by number."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, NamedTuple

from opentelemetry.trace import SpanKind
from sqlalchemy import bindparam, select

from shared import traces
from shared.ages import age, ages
from shared.projections.database import Database, instant
from shared.projections.served import began, latest
from shared.projections.tables import DIMENSIONS, causes, cell_log, cells

IN_ONE_PIECE: Final = 500
WAITING_AT_MOST: Final = 200
"""Pieces a slow listener may have waiting before it is sent away (it resumes by number)."""
WORTH_CATCHING_UP: Final = 10_000
LISTENERS_A_SECOND: Final = 10_000
"""So many get a piece in a second: what changes meanwhile comes in the next, and not in many small ones."""

_COLUMNS: Final = (
    cell_log.c.seq,
    *(cells.c[name] for name in (*DIMENSIONS, "bucket")),
    cell_log.c.change,
    cells.c.value,
    causes.c.type,
    causes.c.stream,
    cell_log.c.recorded_at,
    causes.c.traceparent,
)
_TOLD: Final = tuple(column.name for column in _COLUMNS[:-1])
"""What a change says of its cell, and of the event behind it."""
_AFTER: Final = (
    select(*_COLUMNS)
    .join_from(cell_log, cells, cells.c.id == cell_log.c.cell_id)
    .outerjoin(causes, causes.c.id == cell_log.c.cause_id)
    .where(cell_log.c.seq > bindparam("seq"))
    .order_by(cell_log.c.seq)
    .limit(IN_ONE_PIECE)
)
"""Made once: to put it together takes longer than to ask."""

AGE: Final = ages(
    "baton_feed_age_seconds",
    "Age of the event behind a change of the boards when it was handed to those who listen; nothing is "
    "counted while nobody does.",
    (),
)


class Piece(NamedTuple):
    """Some changes, and the number of the last.

    No changes means: ask for everything. Too much was missed, or another read model is served now.
    """

    seq: int
    changes: Sequence[dict[str, Any]]
    traces: frozenset[str] = frozenset()
    """Those of the events behind the changes."""


class Feed:
    """Lives in one event loop; ``wake`` tells it that something was committed."""

    def __init__(self, database: Database, *, look_every: float | None = None) -> None:
        """``look_every``: seconds between looks where other processes commit, too."""
        self._database = database
        self._look_every = look_every
        self._listeners: set[asyncio.Queue[Piece | None]] = set()
        self._woken = asyncio.Event()
        self._seq = 0
        """The last number that was handed out; of no meaning while nobody listens."""

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Hand what is new to every listener, until cancelled."""
        self._woken.set()  # what woke it before it broke is still to be handed out
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every):
                    await self._woken.wait()
            self._woken.clear()
            woken_at = time.time_ns()
            while self._listeners and (piece := await asyncio.to_thread(self._after, self._seq)):
                self._seq = max(self._seq, piece.seq)  # who came first meanwhile may be further
                for listener in list(self._listeners):
                    self._hand(listener, piece)
                for recorded_at in {change["recorded_at"] for change in piece.changes}:
                    AGE.observe(age(datetime.fromisoformat(recorded_at)))
                self._tell(piece, woken_at)
                await asyncio.sleep(len(self._listeners) / LISTENERS_A_SECOND)
                if len(piece.changes) < IN_ONE_PIECE:  # that was all, or they were told to ask for all
                    break

    async def listen(self, *, after: int | None) -> AsyncGenerator[Piece, None]:
        """Changes above number ``after`` (``None``: from now on). Ends when the listener is too slow."""
        queue: asyncio.Queue[Piece | None] = asyncio.Queue()
        if not self._listeners:
            now = await asyncio.to_thread(self._latest)
            if not self._listeners:
                self._seq = now
        self._listeners.add(queue)
        self._woken.set()  # what was committed since then is for them
        try:
            seq = self._seq if after is None else after
            if self._seq - seq > WORTH_CATCHING_UP or seq > self._seq:
                seq = self._seq
                yield Piece(seq, ())
            while seq < self._seq and (missed := await asyncio.to_thread(self._after, seq)):
                seq = missed.seq
                yield missed
            while (piece := await queue.get()) is not None:
                if piece.seq > seq:
                    if piece.changes and piece.changes[0]["seq"] <= seq:  # caught up into the middle of it
                        yield Piece(piece.seq, [one for one in piece.changes if one["seq"] > seq])
                    else:
                        yield piece
                    seq = piece.seq
        finally:
            self._listeners.discard(queue)

    def _hand(self, listener: asyncio.Queue[Piece | None], piece: Piece) -> None:
        if listener.qsize() < WAITING_AT_MOST:
            listener.put_nowait(piece)
        else:  # what waits is still handed out: it resumes after that without a gap
            self._listeners.discard(listener)
            listener.put_nowait(None)

    def _tell(self, piece: Piece, woken_at: int) -> None:
        about = {"baton.changes": len(piece.changes), "baton.listeners": len(self._listeners)}
        for trace in filter(traces.telling, piece.traces):
            traces.started("tell /live", about, parent=trace, kind=SpanKind.PRODUCER, at=woken_at).end()

    def _latest(self) -> int:
        with self._database.connect() as tx:
            return latest(tx)

    def _after(self, seq: int) -> Piece | None:
        with self._database.connect() as tx:
            if seq < began(tx):
                return Piece(latest(tx), ())
            rows = tx.execute(_AFTER, {"seq": seq}).all()
        return _piece(rows) if rows else None


def _piece(rows: Sequence[Any]) -> Piece:
    """Of rows of ``_COLUMNS``; those of one event have their moment in common."""
    moments = {row.recorded_at: instant(row.recorded_at).isoformat() for row in rows}
    changes = [
        dict(zip(_TOLD, row, strict=False)) | {"recorded_at": moments[row.recorded_at]} for row in rows
    ]
    return Piece(rows[-1].seq, changes, frozenset(row.traceparent for row in rows if row.traceparent))
