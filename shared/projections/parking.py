"""The parking place: events of a stream that stumbled wait here, in order, until a redrive."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, delete, select, update

from shared.events.seen import Seen
from shared.projections.database import instant, micros
from shared.projections.rows import upsert
from shared.projections.tables import parked

LARGEST: Final = 2**63 - 1
"""The largest number that a column can hold."""


class Parking:
    """Which streams are parked, and their queues."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._streams: frozenset[str] | None = None

    def streams(self) -> frozenset[str]:
        if self._streams is None:
            with self._engine.connect() as tx:
                self._streams = frozenset(tx.scalars(select(parked.c.stream).distinct()))
        return self._streams

    def forget(self) -> None:
        self._streams = None

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

    def unannounced(self) -> list[tuple[int, Seen, str | None]]:
        """What the parked topic has not been told yet."""
        with self._engine.connect() as tx:
            found = tx.execute(select(parked).where(parked.c.announced.is_(False)).order_by(parked.c.id))
            return [(row.id, _seen(row), row.error) for row in found]

    def announced(self, row_ids: Sequence[int]) -> None:
        with self._engine.begin() as tx:
            tx.execute(update(parked).where(parked.c.id.in_(row_ids)).values(announced=True))


def _seen(row: object) -> Seen:
    values = {name: getattr(row, name) for name in Seen._fields if name not in ("id", "recorded_at")}
    return Seen(id=row.event_id, recorded_at=instant(row.recorded_at), **values)  # type: ignore[attr-defined]  # a SQLAlchemy row names its columns at run time
