"""Rows of two read models, each with the one it has to be equal to."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select

from shared.projections.database import instant
from shared.projections.tables import DIMENSIONS, cells

AT_A_TIME: Final = 1_000
LONGEST: Final = 80

Key = tuple[Any, ...]


class Pair(NamedTuple):
    """A row of each with the same key; ``None`` where there is none."""

    key: Key
    live: Any
    rebuilt: Any

    @property
    def same(self) -> bool:
        return bool(self.live == self.rebuilt)

    @property
    def sides(self) -> tuple[Any, Any]:
        return self.live, self.rebuilt


class Models(NamedTuple):
    """A read model as it is served, and the one that was rebuilt: one connection to each."""

    live: Connection
    rebuilt: Connection

    def rows(self, query: Select[Any], key: Callable[[Any], Key]) -> Iterator[Pair]:
        """The query's rows on both sides; it must be in the order of the key."""
        mine, theirs = _rows(self.live, query), _rows(self.rebuilt, query)
        one, other = next(mine, None), next(theirs, None)
        while one is not None or other is not None:
            left = None if one is None else key(one)
            right = None if other is None else key(other)
            here = right is None or (left is not None and left <= right)
            there = left is None or (right is not None and right <= left)
            yield Pair((left if here else right) or (), one if here else None, other if there else None)
            one = next(mine, None) if here else one
            other = next(theirs, None) if there else other

    def place(self, cell_id: int) -> str:
        """A cell in words, by its number."""
        query = cells.select().where(cells.c.id == cell_id)
        found = self.live.execute(query).first() or self.rebuilt.execute(query).first()
        return f"cell number {cell_id}" if found is None else in_words(found)


def in_bytes(tx: Connection, column: Any) -> ColumnElement[Any]:
    """A text in the order in which Python compares it, whatever the database's own."""
    return column.collate("C") if tx.dialect.name == "postgresql" else column  # type: ignore[no-any-return]  # a column's method has no type


def in_words(cell: Any) -> str:
    """Such as ``won_amount of 2025-03-10, wang, Atlas, CNY``."""
    places = [str(getattr(cell, name)) for name in DIMENSIONS if name != "measure" and getattr(cell, name)]
    bucket = [f"bucket {cell.bucket}"] if cell.bucket else []
    return f"cell {cell.measure} of {', '.join([*places, *bucket]) or 'all'}"


def unlike(live: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> str:
    """The first thing in which they differ, told for a person; empty when nothing does."""
    for name in (*live, *(name for name in rebuilt if name not in live)):
        if live.get(name) != rebuilt.get(name):
            return f"{name} is {_told(live.get(name))}, rebuilt {_told(rebuilt.get(name))}"
    return ""


def _told(value: Any) -> str:
    if value is None:
        return "nothing"
    said = value.isoformat() if isinstance(value, datetime) else repr(value)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else instant(microseconds)


def _rows(tx: Connection, query: Select[Any]) -> Iterator[Any]:
    return iter(tx.execute(query, execution_options={"yield_per": AT_A_TIME}))
