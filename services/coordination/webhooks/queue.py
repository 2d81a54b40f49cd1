"""What waits to be sent, how far each webhook has read, and what became of it: rows, changed whole.

One process sends at a time. It holds the lease for a term, and every change that it makes begins with saying
so in the same transaction: one that was taken for dead changes nothing any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine, Table, delete, func, insert, make_url, select, update

from services.coordination.webhooks.lines import Waiting
from services.coordination.webhooks.tables import (
    attempts,
    cursors,
    dead,
    lease,
    metadata,
    readings,
    waiting,
)
from shared.eventstore.store import NOTHING
from shared.kafka.log import Partition
from shared.projections.database import EPOCH, instant, micros
from shared.projections.locks import among_others
from shared.projections.places import place_of
from shared.table_making import make_tables

LEASE_FOR: Final = timedelta(seconds=15)
KEPT_ATTEMPTS: Final = 10_000
"""So many of a webhook's attempts are kept, the newest."""
TIDIED_EVERY: Final = 100
REDELIVERED_AT_ONCE: Final = 1000

T = TypeVar("T")


class Fenced(Exception):
    """Another process sends now, or the webhook is read anew: what was to be changed is not ours."""


class Term(NamedTuple):
    """One process's time of office; ``number`` grows from one to the next."""

    owner: str
    number: int


@dataclass(frozen=True)
class Cursor:
    """Where reading a partition goes on, and the store position of the last event that was taken."""

    offset: int
    position: int = NOTHING


@dataclass(frozen=True)
class Arrived:
    """An event that was read and is wanted."""

    stream: str
    event_id: str
    type: str
    body: bytes


@dataclass(frozen=True)
class Attempt:
    """One POST, and what came of it; ``error`` is None where it went well."""

    event_id: str
    type: str
    stream: str
    attempt: int
    at: datetime
    status: int | None
    latency_ms: int
    sha256: str
    error: str | None


@dataclass(frozen=True)
class Settled:
    """What one attempt means for its event: delivered, to be tried again, or dead."""

    row: Waiting
    attempt: Attempt
    again_at: datetime | None
    """When it is tried again; None when it was delivered or is dead."""

    @property
    def delivered(self) -> bool:
        return self.attempt.error is None


@dataclass(frozen=True)
class Dead:
    """An event that was tried as often as the schedule allows."""

    event_id: str
    type: str
    stream: str
    attempts: int
    died_at: datetime
    error: str


@dataclass(frozen=True)
class Standing:
    """How a webhook's queue stands."""

    waiting: int
    dead: int
    paused_until: datetime | None


class Page(NamedTuple, Generic[T]):
    """Newest first, and the cursor to go on with."""

    items: Sequence[T]
    next: str | None


class Queue:
    """Its functions block: call them in a thread, and to their end."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        self._engine.dispose()

    def acquire(self, owner: str, *, now: datetime) -> Term | None:
        """A term of office, if nobody else has one."""
        with self._writing() as tx:
            taken = tx.execute(
                update(lease)
                .where((lease.c.until < micros(now)) | (lease.c.owner == owner))
                .values(owner=owner, term=lease.c.term + 1, until=micros(now + LEASE_FOR))
            )
            if taken.rowcount != 1:
                return None
            return Term(owner, int(tx.scalar(select(lease.c.term)) or 0))

    def renew(self, term: Term, *, now: datetime) -> None:
        """Raises ``Fenced`` when somebody else has taken over."""
        with self._writing() as tx:
            _hold(tx, term, until=now + LEASE_FOR)

    def give_up(self, term: Term) -> None:
        """Somebody else may take over at once."""
        with self._writing() as tx:
            tx.execute(_held(term).values(owner="", until=0))

    def begin(self, term: Term, webhook: str, reading: int) -> datetime | None:
        """Start with this reading of the webhook, or go on with it; until when its endpoint is let alone.

        What is of an earlier reading goes: its cursors, what waited, its pause.
        Raises ``Fenced`` when a later reading has begun.
        """
        with self._writing() as tx:
            _hold(tx, term)
            kept = tx.execute(select(readings).where(readings.c.webhook == webhook)).one_or_none()
            if kept is not None and kept.reading > reading:
                raise Fenced(f"{webhook} is read anew")
            if kept is not None and kept.reading == reading:
                return _pause(kept.paused_until)
            for table in (readings, cursors, waiting):
                tx.execute(delete(table).where(table.c.webhook == webhook))
            tx.execute(insert(readings).values(webhook=webhook, reading=reading, paused_until=0))
            return None

    def take(
        self,
        term: Term,
        webhook: str,
        reading: int,
        arrived: Sequence[Arrived],
        now_at: Mapping[Partition, Cursor],
        *,
        now: datetime,
    ) -> None:
        """What was read, in order, and how far that is, in one transaction; raises ``Fenced``."""
        with self._changing(term, webhook, reading) as tx:
            for partition, cursor in now_at.items():
                _move(tx, webhook, partition, cursor)
            _line_up(tx, webhook, arrived, now)

    def settle(
        self,
        term: Term,
        webhook: str,
        reading: int,
        settled: Sequence[Settled],
        *,
        paused_until: datetime | None = None,
    ) -> None:
        """What came of some attempts, in one transaction; raises ``Fenced``."""
        with self._changing(term, webhook, reading) as tx:
            if paused_until is not None:
                until = update(readings).where(readings.c.webhook == webhook)
                tx.execute(until.values(paused_until=micros(paused_until)))
            for one in settled:
                _settle(tx, webhook, one)
            tx.execute(insert(attempts), [_logged(webhook, one.attempt) for one in settled])
            if any(one.row.id % TIDIED_EVERY == 0 for one in settled):
                _tidy(tx, webhook)

    def forget(self, term: Term, webhook: str) -> None:
        """Everything about a webhook that was removed."""
        with self._writing() as tx:
            _hold(tx, term)
            for table in (readings, cursors, waiting, dead, attempts):
                tx.execute(delete(table).where(table.c.webhook == webhook))

    def redeliver(self, webhook: str, *, event_id: str | None, now: datetime) -> int:
        """Dead letters wait again, at the ends of their streams' lines, with a full schedule.

        At most ``REDELIVERED_AT_ONCE`` of them, the oldest; how many.
        """
        which = dead.c.webhook == webhook
        if event_id is not None:
            which &= dead.c.event_id == event_id
        with self._writing() as tx:
            _in_turn(tx, webhook)
            oldest = select(dead).where(which).order_by(dead.c.id).limit(REDELIVERED_AT_ONCE)
            rows = tx.execute(oldest).all()
            if rows:
                tx.execute(delete(dead).where(which, dead.c.id <= rows[-1].id))
            _line_up(tx, webhook, [Arrived(r.stream, r.event_id, r.type, r.body) for r in rows], now)
        return len(rows)

    def webhooks(self) -> set[str]:
        """All that there are rows of."""
        with self._engine.connect() as tx:
            return set(tx.scalars(select(readings.c.webhook)))

    def cursors(self, webhook: str) -> dict[Partition, Cursor]:
        with self._engine.connect() as tx:
            return {
                Partition(row.topic, row.partition): Cursor(row.offset, row.position)
                for row in tx.execute(select(cursors).where(cursors.c.webhook == webhook))
            }

    def waiting(self, webhook: str, *, after: int = 0) -> list[Waiting]:
        """What waits, of the ids after this one, in order."""
        query = select(waiting).where(waiting.c.webhook == webhook, waiting.c.id > after)
        with self._engine.connect() as tx:
            return [
                Waiting(
                    row.id, row.stream, row.event_id, row.type, row.body, row.attempts, instant(row.due_at)
                )
                for row in tx.execute(query.order_by(waiting.c.id))
            ]

    def standing(self, webhook: str) -> Standing:
        with self._engine.connect() as tx:
            until = tx.scalar(select(readings.c.paused_until).where(readings.c.webhook == webhook))
            return Standing(_many(tx, waiting, webhook), _many(tx, dead, webhook), _pause(until or 0))

    def dead(self, webhook: str, *, cursor: str | None = None, limit: int = 50) -> Page[Dead]:
        def read(row: Any) -> Dead:
            return Dead(row.event_id, row.type, row.stream, row.attempts, instant(row.died_at), row.error)

        rows, following = self._page(dead, webhook, cursor, limit)
        return Page([read(row) for row in rows], following)

    def attempts(self, webhook: str, *, cursor: str | None = None, limit: int = 50) -> Page[Attempt]:
        def read(row: Any) -> Attempt:
            told = {field.name: getattr(row, field.name) for field in fields(Attempt)}
            return Attempt(**told | {"at": instant(row.at)})

        rows, following = self._page(attempts, webhook, cursor, limit)
        return Page([read(row) for row in rows], following)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Who is frozen in the middle of it is put out, or nobody could take over."""
        with self._engine.begin() as tx:
            among_others(tx, lease)
            yield tx

    @contextmanager
    def _changing(self, term: Term, webhook: str, reading: int) -> Iterator[Connection]:
        with self._writing() as tx:
            _hold(tx, term)
            if _in_turn(tx, webhook, reading=reading) != 1:
                raise Fenced(f"{webhook} is read anew, or gone")
            yield tx

    def _page(
        self, table: Table, webhook: str, cursor: str | None, limit: int
    ) -> tuple[Sequence[Any], str | None]:
        query = select(table).where(table.c.webhook == webhook)
        if cursor is not None:
            query = query.where(table.c.id < int(cursor))
        with self._engine.connect() as tx:
            rows = tx.execute(query.order_by(table.c.id.desc()).limit(limit + 1)).all()
        return rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None


def open_queue(database_url: str) -> Queue:
    """The queue in the service's database, its tables made where they are missing.

    In SQLite it has a file of its own, ``webhooks.db``, beside those of the read models, which come and go;
    in PostgreSQL it stands where the address leads.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(Path(url.database or "").with_name("webhooks.db")))
    engine = place_of(url.render_as_string(hide_password=False)).engine(0)
    with engine.begin() as tx:
        make_tables(tx, metadata)
        if tx.scalar(select(lease.c.id)) is None:
            tx.execute(insert(lease).values(id=1, owner="", term=0, until=0))
    return Queue(engine)


def _held(term: Term) -> Any:
    return update(lease).where(lease.c.owner == term.owner, lease.c.term == term.number)


def _hold(tx: Connection, term: Term, *, until: datetime | None = None) -> None:
    """To write first is also to wait for who writes now, so what is read next is true to the end."""
    held = _held(term).values(until=lease.c.until if until is None else micros(until))
    if tx.execute(held).rowcount != 1:
        raise Fenced("another process sends now")


def _in_turn(tx: Connection, webhook: str, *, reading: int | None = None) -> int:
    """Whoever adds to a webhook's rows does so one after the other: ids then become visible in order."""
    which = readings.c.webhook == webhook
    if reading is not None:
        which &= readings.c.reading == reading
    return tx.execute(update(readings).where(which).values(reading=readings.c.reading)).rowcount


def _move(tx: Connection, webhook: str, partition: Partition, cursor: Cursor) -> None:
    c = cursors.c
    at = {"webhook": webhook, "topic": partition.topic, "partition": partition.number}
    moved = update(cursors).where(
        c.webhook == webhook, c.topic == partition.topic, c.partition == partition.number
    )
    to = {"offset": cursor.offset, "position": cursor.position}
    if tx.execute(moved.values(to)).rowcount == 0:
        tx.execute(insert(cursors).values(at | to))


def _line_up(tx: Connection, webhook: str, arrived: Sequence[Arrived], now: datetime) -> None:
    if not arrived:
        return
    common = {"webhook": webhook, "attempts": 0, "due_at": micros(now)}
    rows = [
        common | {"stream": one.stream, "event_id": one.event_id, "type": one.type, "body": one.body}
        for one in arrived
    ]
    tx.execute(insert(waiting), rows)  # one by one, in this order: no RETURNING, so nothing is gathered


def _settle(tx: Connection, webhook: str, one: Settled) -> None:
    row = one.row
    if not one.delivered and one.again_at is not None:
        again = update(waiting).where(waiting.c.id == row.id)
        tx.execute(again.values(attempts=row.attempts + 1, due_at=micros(one.again_at)))
        return
    tx.execute(delete(waiting).where(waiting.c.id == row.id))
    if one.delivered:
        return
    # It may be dead already: a wiped log that is read again from its beginning tells it twice.
    tx.execute(delete(dead).where(dead.c.webhook == webhook, dead.c.event_id == row.event_id))
    tx.execute(
        insert(dead).values(
            webhook=webhook,
            stream=row.stream,
            event_id=row.event_id,
            type=row.type,
            body=row.body,
            attempts=row.attempts + 1,
            died_at=micros(one.attempt.at),
            error=one.attempt.error,
        )
    )


def _logged(webhook: str, one: Attempt) -> dict[str, Any]:
    return {**asdict(one), "webhook": webhook, "at": micros(one.at)}


def _tidy(tx: Connection, webhook: str) -> None:
    ours = attempts.c.webhook == webhook
    newest = select(attempts.c.id).where(ours).order_by(attempts.c.id.desc())
    oldest_kept = tx.scalar(newest.offset(KEPT_ATTEMPTS - 1).limit(1))
    if oldest_kept is not None:
        tx.execute(delete(attempts).where(ours, attempts.c.id < oldest_kept))


def _many(tx: Connection, table: Table, webhook: str) -> int:
    return tx.scalar(select(func.count()).select_from(table).where(table.c.webhook == webhook)) or 0


def _pause(until: int) -> datetime | None:
    return instant(until) if until > micros(EPOCH) else None
