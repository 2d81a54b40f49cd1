"""The parking place: events of a stream that stumbled wait here, in order, until a redrive."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select, update

from shared.events.seen import Seen
from shared.projections.database import Database, instant, micros
from shared.projections.locks import alone, among_others
from shared.projections.rows import upsert
from shared.projections.tables import checkpoints, dropped, parked
from shared.traces import valid

LARGEST: Final = 2**63 - 1
"""The largest number that a column can hold."""


class TakenUp(Exception):
    """Another worker took parked streams up meanwhile: what was sorted before is to be sorted again."""


class Parking:
    """Which streams are parked, their queues, and which events were dropped."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._streams: frozenset[str] | None = None
        self._dropped: frozenset[tuple[str, str]] | None = None

    @property
    def known(self) -> bool:
        """Whether ``streams`` has the answer without the database."""
        return self._streams is not None

    def streams(self) -> frozenset[str]:
        if self._streams is None:
            with self._database.connect() as tx:
                self._streams = _parked_in(tx)
        return self._streams

    def waiting(self) -> tuple[int, datetime | None]:
        """How many streams are parked in the database by now, whoever parked them, and since when."""
        with self._database.connect() as tx:
            query = select(func.count(parked.c.stream.distinct()), func.min(parked.c.parked_at))
            streams, since = tx.execute(query).one()
        return streams, None if since is None else instant(since)

    def was_dropped(self, seen: Seen) -> bool:
        """Whether somebody said that it may be left out: it parks nothing any more."""
        if self._dropped is None:
            with self._database.connect() as tx:
                self._dropped = frozenset((row.stream, row.event_id) for row in tx.execute(select(dropped)))
        return (seen.stream, seen.id) in self._dropped

    def forget(self) -> None:
        self._streams = self._dropped = None

    def stays(self, tx: Connection) -> None:
        """What is parked stays so until the transaction ends; raises ``TakenUp`` if it has not until now."""
        if self._database.shared:
            among_others(tx, checkpoints)
            if not self.streams() <= _parked_in(tx):
                raise TakenUp

    def take_up(self, tx: Connection) -> None:
        """Nobody else adds to the read model, or goes by what is parked, until the transaction ends."""
        alone(tx, checkpoints)

    def park(self, tx: Connection, bad: Sequence[tuple[Seen, str | None]]) -> None:
        """Queue these events; ``None`` stands for an event that only waits behind a bad one."""
        if not bad:
            return
        now = micros(datetime.now(UTC))
        rows = [
            {
                "stream": seen.stream,
                "event_id": seen.id,
                "type": seen.type,
                "revision": min(seen.revision, LARGEST),
                "recorded_at": micros(seen.recorded_at),
                "role": seen.role,
                "correlation_id": seen.correlation_id,
                "data": seen.data,
                "traceparent": valid(seen.traceparent),
                "error": error,
                "parked_at": now,
                "announced": False,
            }
            for seen, error in bad
        ]
        tx.execute(upsert(tx.dialect.name, parked).on_conflict_do_nothing(), rows)
        self._streams = self.streams() | {seen.stream for seen, _ in bad}

    def queue(self, tx: Connection, stream: str) -> Iterator[tuple[int, Seen]]:
        """The stream's parked events in order, each with the number it is removed by."""
        for row in tx.execute(select(parked).where(parked.c.stream == stream).order_by(parked.c.id)).all():
            yield row.id, _seen(row)

    def remove(self, tx: Connection, row_id: int) -> None:
        tx.execute(delete(parked).where(parked.c.id == row_id))

    def drop(self, tx: Connection, row_id: int, seen: Seen) -> None:
        """Leave it out, now and whenever the log is read again."""
        self.remove(tx, row_id)
        left_out = {"stream": seen.stream, "event_id": seen.id}
        tx.execute(upsert(tx.dialect.name, dropped).values(left_out).on_conflict_do_nothing())

    def unannounced(self) -> list[tuple[Seen, str | None]]:
        """What the parked topic has not been told yet."""
        with self._database.connect() as tx:
            found = tx.execute(select(parked).where(parked.c.announced.is_(False)).order_by(parked.c.id))
            return [(_seen(row), row.error) for row in found]

    def announced(self, events: Sequence[Seen]) -> None:
        with self._database.begin() as tx:
            for seen in events:
                _write(tx, seen.stream, seen.id, announced=True)


def leave_out_what_was_dropped(of: Connection, to: Connection) -> None:
    """A read model that is built anew leaves out the same events."""
    if found := [row._asdict() for row in of.execute(select(dropped))]:
        to.execute(upsert(to.dialect.name, dropped).on_conflict_do_nothing(), found)


def wait_on(of: Connection, to: Connection) -> None:
    """What waited in the one read model, and was announced there, waits in the other one since then, too."""
    p = parked.c
    for row in of.execute(select(p.stream, p.event_id, p.parked_at, p.announced)).all():
        _write(to, row.stream, row.event_id, parked_at=row.parked_at, announced=row.announced)


def _parked_in(tx: Connection) -> frozenset[str]:
    return frozenset(tx.scalars(select(parked.c.stream).distinct()))


def _write(tx: Connection, stream: str, event_id: str, **values: Any) -> None:
    tx.execute(update(parked).where(parked.c.stream == stream, parked.c.event_id == event_id).values(values))


def _seen(row: object) -> Seen:
    values = {name: getattr(row, name) for name in Seen._fields if name not in ("id", "recorded_at")}
    return Seen(id=row.event_id, recorded_at=instant(row.recorded_at), **values)  # type: ignore[attr-defined]  # a SQLAlchemy row names its columns at run time
