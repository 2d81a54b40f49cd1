"""Locks in a table's name, kept until the transaction ends. SQLite needs none: there one at a time writes."""

from sqlalchemy import Connection, Table, text


def alone(tx: Connection, table: Table) -> None:
    """Waits until nobody else holds one in this table's name, and lets nobody in."""
    _hold(tx, "pg_advisory_xact_lock", table)


def among_others(tx: Connection, table: Table) -> None:
    """Waits for whoever is alone there; others come in beside us."""
    _hold(tx, "pg_advisory_xact_lock_shared", table)


def _hold(tx: Connection, kind: str, table: Table) -> None:
    """Not a lock on the table itself, which would keep the database from vacuuming it."""
    if tx.dialect.name == "postgresql":
        tx.execute(text(f"SELECT {kind}('{table.name}'::regclass::oid::bigint)"))
