"""One statement for many rows, without SQLAlchemy's work for each row: that costs more than the database."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Dialect

AT_ONCE: Final = 50
"""Rows that one ``INSERT`` of SQLite takes where there are so many: to begin and end one costs more than a
row does (a line of log 1.2 µs instead of 2.4)."""

Statement = Callable[[str], Any]
"""Makes the statement for a dialect's name, such as ``sqlite``."""


def execute_many(tx: Connection, make: Statement, rows: Sequence[Mapping[str, Any]]) -> int:
    """Run the statement for every row; how many rows of the table it changed.

    Rows hold what the driver takes as it is: numbers, texts, bytes. All have the same keys, two or more.
    """
    if not rows:
        return 0
    names = tuple(rows[0])
    return execute_rows(tx, make, names, list(map(itemgetter(*names), rows)))


def execute_rows(
    tx: Connection, make: Statement, names: tuple[str, ...], rows: Sequence[Sequence[Any]]
) -> int:
    """The same for rows without keys: ``names`` says what stands where."""
    if not rows:
        return 0
    compiled = _compiled(make, tx.dialect, names)
    order = compiled.positiontup
    values: Sequence[Any] = rows
    if order is None:
        values = [dict(zip(names, row, strict=True)) for row in rows]
    elif tuple(order) != names:
        values = list(map(itemgetter(*map(names.index, order)), rows))
    one_row = compiled.string
    if (many_rows := _of_many_rows(one_row, len(names))) is None or len(values) < AT_ONCE:
        return _run(tx, one_row, values)
    whole = len(values) - len(values) % AT_ONCE
    pieces = [tuple(chain.from_iterable(values[at : at + AT_ONCE])) for at in range(0, whole, AT_ONCE)]
    return _run(tx, many_rows, pieces) + _run(tx, one_row, values[whole:])


def _run(tx: Connection, statement: str, values: Sequence[Any]) -> int:
    return int(tx.exec_driver_sql(statement, values).rowcount) if values else 0


@lru_cache(maxsize=64)
def _of_many_rows(insert: str, columns: int) -> str | None:
    """SQLite's ``INSERT`` of one row as one of ``AT_ONCE``; ``None`` of others, and of upserts: slower so."""
    row = f"({', '.join('?' * columns)})"
    if not insert.startswith("INSERT INTO") or not insert.endswith(f"VALUES {row}"):
        return None
    # What fails is rolled back with its transaction. Not to be ready to take back the one statement alone,
    # for which SQLite keeps a copy of every page that it changes, is half of the gain.
    failing = insert.replace("INSERT INTO", "INSERT OR FAIL INTO", 1)
    return failing.replace(f"VALUES {row}", f"VALUES {', '.join([row] * AT_ONCE)}")


@lru_cache(maxsize=64)
def _compiled(make: Statement, dialect: Dialect, keys: tuple[str, ...]) -> Any:
    return make(dialect.name).compile(dialect=dialect, column_keys=list(keys))
