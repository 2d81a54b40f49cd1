"""Reads what projections keep: one entity, lists filtered by their index, sums of cells."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec
from sqlalchemy import BigInteger, Connection, Integer, column, func, select, values

from shared.projections.database import Database, micros
from shared.projections.dated_rows import ENDLESS, FOREVER
from shared.projections.projection import Projection
from shared.projections.tables import entities, entity_index, entity_index_spans, entity_states

T = TypeVar("T")


class OfOtherVersions(Exception):
    """What is kept was written by other versions and cannot be read by these: it is being built anew."""


EVERY: Final[Mapping[str, str]] = MappingProxyType({})


class Among(NamedTuple):
    """Only entities that have one of the ``fields`` in their index, or whose field ``by`` names one that has.

    That one is of the projection ``of``, and the value of its field is its name.
    """

    fields: tuple[str, ...]
    by: str
    of: str


class Page(NamedTuple):
    """Some entities, newest first, and the cursor to go on with."""

    items: Sequence[tuple[str, Any]]
    next: str | None


class Kept(Generic[T]):
    """What one projection keeps, for queries."""

    def __init__(self, database: Database, projection: Projection[T]) -> None:
        self._database = database
        self._name = projection.name
        self._decoder = msgspec.json.Decoder(projection.state)

    def get(self, entity: str) -> T | None:
        with self._database.connect() as tx:
            state = tx.scalar(
                select(entities.c.state).where(
                    entities.c.projection == self._name, entities.c.entity == entity
                )
            )
        return None if state is None else self._decode(state)

    def _decode(self, kept: bytes) -> T:
        try:
            return self._decoder.decode(kept)
        except msgspec.ValidationError as error:
            raise OfOtherVersions(f"{self._name}: {error}") from error

    def page(
        self,
        *,
        where: Mapping[str, str | None],
        among: Among | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page:
        """Entities whose index has all these values (``None`` asks nothing), newest first."""
        query = select(entities.c.id, entities.c.entity, entities.c.state).where(
            entities.c.projection == self._name
        )
        for field, value in where.items():
            if value is not None:
                query = query.where(entities.c.id.in_(_having(self._name, field, value)))
        if among is not None:
            query = query.where(entities.c.id.in_(_among(self._name, among)))
        if cursor is not None:
            query = query.where(entities.c.id < int(cursor))
        with self._database.connect() as tx:
            found = tx.execute(query.order_by(entities.c.id.desc()).limit(limit + 1)).all()
        items = [(row.entity, self._decode(row.state)) for row in found[:limit]]
        more = len(found) > limit
        return Page(items, str(found[limit - 1].id) if more else None)

    def all(
        self, *, as_of: datetime | None = None, where: Mapping[str, str] = EVERY
    ) -> Iterator[tuple[str, T]]:
        with self._database.connect() as tx:
            yield from self.rows(tx, as_of=as_of, where=where)

    def rows(
        self, tx: Connection, *, as_of: datetime | None = None, where: Mapping[str, str] = EVERY
    ) -> Iterator[tuple[str, T]]:
        """Every entity whose index has all these values, as it is now.

        Or, of a dated projection, every one that had them at a moment, as it was known then.
        """
        query = select(entities.c.entity, entities.c.state)
        if as_of is not None:
            query = (
                select(entities.c.entity, entity_states.c.state)
                .select_from(entities)
                .join(entity_states, entity_states.c.id == _last_state(as_of))
            )
        for field, value in where.items():
            query = query.where(entities.c.id.in_(_having(self._name, field, value, as_of=as_of)))
        query = query.where(entities.c.projection == self._name).order_by(entities.c.id)
        for entity, kept in tx.execute(query):
            yield entity, self._decode(kept)

    def counts(self, field: str, values: Collection[str]) -> Mapping[str, int]:
        """How many entities have each of these values in their index; absent where there is none."""
        i = entity_index.c
        query = (
            select(i.value, func.count())
            .where(i.projection == self._name, i.field == field, i.value.in_(values))
            .group_by(i.value)
        )
        with self._database.connect() as tx:
            return {row[0]: row[1] for row in tx.execute(query)}

    def up_to(self, field: str, value: str) -> dict[str, str]:
        """The entities whose indexed field is at most ``value`` (a due time that has come), and its value."""
        i = entity_index.c
        with self._database.connect() as tx:
            found = tx.execute(
                select(entities.c.entity, i.value)
                .join(entity_index, i.entity_id == entities.c.id)
                .where(i.projection == self._name, i.field == field, i.value <= value)
                .order_by(i.value)
            )
            return {row.entity: row.value for row in found}


def _last_state(as_of: datetime) -> Any:
    s = entity_states.alias("s").c
    return (
        select(s.id)
        .where(s.entity_id == entities.c.id, s.recorded_at <= micros(as_of))
        .order_by(s.recorded_at.desc(), s.id.desc())
        .limit(1)
        .correlate(entities)
        .scalar_subquery()
    )


def _among(projection: str, it: Among) -> Any:
    i, there = entity_index.alias("i").c, entity_index.alias("there").c
    themselves = select(i.entity_id).where(i.projection == projection, i.field.in_(it.fields))
    through = select(i.entity_id).where(
        *(i.projection == projection, i.field == it.by, i.value == there.value),
        *(there.projection == it.of, there.field.in_(it.fields)),
    )
    return themselves.union_all(through)


def _having(projection: str, field: str, value: str, *, as_of: datetime | None = None) -> Any:
    i = (entity_index if as_of is None else entity_index_spans).c
    query = select(i.entity_id).where(i.projection == projection, i.field == field, i.value == value)
    if as_of is None:
        return query
    at = micros(as_of)
    began = values(column("length", Integer), column("since", BigInteger), name="began")
    least = began.data([(n, at - 2**n) for n in range(ENDLESS)] + [(ENDLESS, -FOREVER)]).cte("least")
    return query.join(least, i.length == least.c.length).where(
        i.since >= least.c.since, i.since <= at, i.until > at
    )
