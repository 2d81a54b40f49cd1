"""Tables that are made where they are missing, by however many processes start together."""

from typing import Final

from sqlalchemy import BigInteger, Connection, Integer, MetaData, func, select

_LOCK: Final = 0xBA71

RowKey: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column that is called INTEGER."""


def make_tables(tx: Connection, metadata: MetaData) -> None:
    """Within a transaction; on PostgreSQL one process after the other."""
    if tx.dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    metadata.create_all(tx)
