"""Locks in a table's name, kept until the transaction ends. SQLite needs none: there one at a time writes."""

from typing import Final

from sqlalchemy import Connection, Table, text

PATIENCE_SECONDS: Final = 20.0

_PUT_OUT: Final = text(
    "select pg_terminate_backend(it.pid) from pg_stat_activity it"
    " where datname = current_database() and usename = current_user"
    " and state <> 'idle' and wait_event_type = 'Client'"
    " and greatest(state_change, query_start) < clock_timestamp() - make_interval(secs => :patience)"
    " and exists (select from pg_locks where pid = it.pid and locktype = 'advisory' and granted)"
)


def alone(tx: Connection, table: Table) -> None:
    """Waits until nobody else holds one in this table's name, and lets nobody in."""
    _hold(tx, "pg_advisory_xact_lock", table)


def among_others(tx: Connection, table: Table) -> None:
    """Waits for whoever is alone there; others come in beside us."""
    _hold(tx, "pg_advisory_xact_lock_shared", table)


def put_out_the_silent(tx: Connection) -> int:
    """Ends the sessions that hold one and have let the database wait for too long; how many that were.

    Their process is frozen, or its host died. PostgreSQL's own time limit for idle transactions does not see
    them in the middle of a pipeline.
    """
    return len(tx.execute(_PUT_OUT, {"patience": PATIENCE_SECONDS}).all())


def _hold(tx: Connection, kind: str, table: Table) -> None:
    """Not a lock on the table itself, which would keep the database from vacuuming it."""
    if tx.dialect.name == "postgresql":
        tx.execute(text(f"SELECT {kind}('{table.name}'::regclass::oid::bigint)"))
