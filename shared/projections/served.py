"""That a read model is served, and from which number of the live feed on: numbers never go back."""

from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, text

from shared.projections.tables import cell_log, served

_BEGAN: Final = select(func.max(served.c.after))
_LATEST: Final = select(func.max(cell_log.c.seq))


def latest(tx: Connection) -> int:
    """The number of the newest line of the feed."""
    return max(began(tx), tx.scalar(_LATEST) or 0)


def began(tx: Connection) -> int:
    """The number that this read model was served from: who knows a smaller one knows another read model."""
    return tx.scalar(_BEGAN) or 0


def serve(tx: Connection, *, last: int) -> None:
    """From now on this one is served, and counts on from behind both its own lines and ``last``."""
    after = max(last, latest(tx)) + 1
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.setval(func.pg_get_serial_sequence("cell_log", "seq"), after)))
    else:
        counter = {"name": cell_log.name, "seq": after}
        tx.execute(text("delete from sqlite_sequence where name = :name"), counter)
        tx.execute(text("insert into sqlite_sequence (name, seq) values (:name, :seq)"), counter)
    tx.execute(delete(served))
    tx.execute(insert(served).values(after=after))
