"""Reads what projections keep: one entity, lists filtered by their index, sums of cells."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, func, select

from shared.projections.projection import Projection
from shared.projections.tables import entities, entity_index

T = TypeVar("T")


class Page(NamedTuple):
    """Some entities, newest first, and the cursor to go on with."""

    items: Sequence[tuple[str, Any]]
    next: str | None


class Kept(Generic[T]):
    """What one projection keeps, for queries."""

    def __init__(self, engine: Engine, projection: Projection[T]) -> None:
        self._engine = engine
        self._name = projection.name
        self._decode = msgspec.json.Decoder(projection.state).decode

    def get(self, entity: str) -> T | None:
        with self._engine.connect() as tx:
            state = tx.scalar(
                select(entities.c.state).where(
                    entities.c.projection == self._name, entities.c.entity == entity
                )
            )
        return None if state is None else self._decode(state)

    def page(self, *, where: Mapping[str, str | None], cursor: str | None = None, limit: int = 50) -> Page:
        """Entities whose index has all these values (``None`` asks nothing), newest first."""
        query = select(entities.c.id, entities.c.entity, entities.c.state).where(
            entities.c.projection == self._name
        )
        for field, value in where.items():
            if value is not None:
                query = query.where(entities.c.id.in_(_having(self._name, field, value)))
        if cursor is not None:
            query = query.where(entities.c.id < int(cursor))
        with self._engine.connect() as tx:
            found = tx.execute(query.order_by(entities.c.id.desc()).limit(limit + 1)).all()
        items = [(row.entity, self._decode(row.state)) for row in found[:limit]]
        more = len(found) > limit
        return Page(items, str(found[limit - 1].id) if more else None)

    def all(self) -> Iterator[tuple[str, T]]:
        with self._engine.connect() as tx:
            yield from self.rows(tx)

    def rows(self, tx: Connection) -> Iterator[tuple[str, T]]:
        found = tx.execute(
            select(entities.c.entity, entities.c.state)
            .where(entities.c.projection == self._name)
            .order_by(entities.c.id)
        )
        for row in found:
            yield row.entity, self._decode(row.state)

    def counts(self, field: str, values: Collection[str]) -> Mapping[str, int]:
        """How many entities have each of these values in their index; absent where there is none."""
        i = entity_index.c
        query = (
            select(i.value, func.count())
            .where(i.projection == self._name, i.field == field, i.value.in_(values))
            .group_by(i.value)
        )
        with self._engine.connect() as tx:
            return {row[0]: row[1] for row in tx.execute(query)}

    def up_to(self, field: str, value: str) -> list[str]:
        """The entities whose indexed field is at most ``value`` (a due time that has come)."""
        i = entity_index.c
        with self._engine.connect() as tx:
            found = tx.scalars(
                select(entities.c.entity)
                .join(entity_index, i.entity_id == entities.c.id)
                .where(i.projection == self._name, i.field == field, i.value <= value)
                .order_by(i.value)
            )
            return list(found)


def _having(projection: str, field: str, value: str) -> Any:
    i = entity_index.c
    return select(i.entity_id).where(i.projection == projection, i.field == field, i.value == value)
