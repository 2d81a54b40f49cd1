"""Which versions of which projections a read model was built with."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, false, select, text

from shared.projections import rows
from shared.projections.projection import Projection
from shared.projections.tables import checkpoints, projections


def adopt(tx: Connection, folds: Iterable[Projection[Any]]) -> bool:
    """Whether the read model is of these projections: one that has read nothing yet becomes so.

    A projection that is gone takes its rows along. ``False`` means that another one must be built.
    """
    _take_turns(tx)
    kept = {row.name: row.version for row in tx.execute(select(projections))}
    present = {fold.name: fold.version for fold in folds}
    for name in kept.keys() - present.keys():
        rows.drop_projection(tx, name)
        tx.execute(delete(projections).where(projections.c.name == name))
        del kept[name]
    if kept == present:
        return True
    if tx.scalar(select(checkpoints.c.source).limit(1)) is not None:
        return False
    tx.execute(delete(projections))
    tx.execute(projections.insert(), [{"name": n, "version": v} for n, v in present.items()])
    return True


def _take_turns(tx: Connection) -> None:
    """Workers that start together decide about versions one after the other."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE projections IN EXCLUSIVE MODE"))
    else:
        tx.execute(delete(projections).where(false()))  # to write first is to wait for who writes now
