"""Adds a read model that was built of other streams to one: contributions add up, whoever added them.

Rows with numbers of their own (entities, causes, lines of the log) go behind those that are there; cells and
totals, whose numbers are the same everywhere, are added. It is done by SQLite, without a row in Python.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, MetaData, Table, func, insert, literal, select, text, true

from shared.projections.cell_rows import ADDED
from shared.projections.database import Database
from shared.projections.tables import (
    causes,
    cell_log,
    checkpoints,
    dropped,
    entities,
    entity_index,
    entity_index_spans,
    entity_states,
    parked,
    projections,
    served,
)

MOVED: Final[Mapping[Table, Mapping[str, Table]]] = {
    entities: {"id": entities},
    entity_index: {"entity_id": entities},
    entity_states: {"id": entity_states, "entity_id": entities},
    entity_index_spans: {"id": entity_index_spans, "entity_id": entities},
    causes: {"id": causes},
    cell_log: {"seq": cell_log, "entity_id": entities, "cause_id": causes},
    parked: {"id": parked},
    checkpoints: {},
}
"""Tables whose rows are in one of the two alone, and which column has a number of which table."""
ALIKE: Final = (projections, dropped)
"""Tables that both have the same rows of."""
LEFT: Final = (served,)
"""Tables that are empty until a read model is served."""

_SHARE: Final = "share"


class Unlike(Exception):
    """The two cannot be added: they were not built by the same program, or not of different streams."""


def merge(into: Database, share: Database) -> None:
    """Add all of ``share``, which stays as it is; both are files of SQLite and written by nobody else.

    Raises ``Unlike``, and ``IntegrityError`` where a row is in both; ``into`` is then of no use any more.
    """
    with into.connect() as tx:
        tx.execute(text(f"ATTACH :file AS {_SHARE}"), {"file": share.file})
        tx.commit()
        try:
            _add(tx)
        finally:
            tx.rollback()
            tx.execute(text(f"DETACH {_SHARE}"))


def _add(tx: Connection) -> None:
    for table in ALIKE:
        if set(tx.execute(select(table))) != set(tx.execute(select(_of_share(table)))):
            raise Unlike(f"a share of the rebuild has other {table.name}")
    last = {table: _last(tx, table) for table in MOVED if table is not checkpoints}
    for table, numbers in MOVED.items():
        theirs = _of_share(table)
        columns = [it + literal(last[numbers[it.name]]) if it.name in numbers else it for it in theirs.c]
        tx.execute(insert(table).from_select(table.c.keys(), select(*columns).order_by(*theirs.primary_key)))
    for table, add in ADDED.items():
        theirs = _of_share(table)
        # without a WHERE, the ON of the upsert would be taken for a join's
        rows = select(theirs).where(true()).order_by(*theirs.primary_key)
        added = add(tx.dialect.name).from_select(table.c.keys(), rows)
        count = tx.execute(added, execution_options={"preserve_rowcount": True}).rowcount
        if count != tx.scalar(select(func.count()).select_from(theirs)):
            raise Unlike(f"two {table.name} have the same number")
    tx.commit()


def _of_share(table: Table) -> Table:
    return table.to_metadata(MetaData(), schema=_SHARE)


def _last(tx: Connection, table: Table) -> int:
    number: Any = next(iter(table.primary_key))
    return tx.scalar(select(func.max(number))) or 0
