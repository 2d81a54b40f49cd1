"""One statement for many rows, without SQLAlchemy's work for each row: that costs more than the database."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect

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
    return int(tx.exec_driver_sql(compiled.string, values).rowcount)


@lru_cache(maxsize=64)
def _compiled(make: Statement, dialect: Dialect, keys: tuple[str, ...]) -> Any:
    return make(dialect.name).compile(dialect=dialect, column_keys=list(keys))
