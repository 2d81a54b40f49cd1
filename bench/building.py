"""Builds a read model from a made-up history, as the performance service does, and says what it cost."""

import time
from datetime import date, datetime
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import func, select, text

from bench.history import history
from shared.projections.database import Database, instant
from shared.projections.runner import Batch, Position, Runner, Source
from shared.projections.tables import cell_log, cells, checkpoints
from shared.service.memory import keep_what_is_loaded
from tests.unit.performance.world import PROJECTIONS

SEED: Final = 8
SOURCE: Final = Source("bench")
IN_ONE_BATCH: Final = 1_000


class Built(NamedTuple):
    events: int
    seconds: float
    """Of the runner's work alone; the history is made between its batches."""
    events_per_second: int
    cells: int
    log_lines: int
    megabytes: int


def build(database: Database, events: int, *, end: date) -> Built:
    """Give the runner the history, batch by batch."""
    runner = Runner(database, "bench", PROJECTIONS)
    keep_what_is_loaded()
    told = history(events, end=end, seed=SEED)
    taken, seconds = 0, 0.0
    while batch := list(islice(told, IN_ONE_BATCH)):
        after = Position(taken) if taken else None
        taken += len(batch)
        started = time.perf_counter()
        runner.apply([Batch(SOURCE, batch, after, Position(taken))])
        seconds += time.perf_counter() - started
        if taken % 100_000 < len(batch):
            print(f"{taken:,} events, {taken / seconds:,.0f}/s", flush=True)
    with database.connect() as tx:
        kept = [tx.scalar(select(func.count()).select_from(table)) or 0 for table in (cells, cell_log)]
    return Built(taken, round(seconds, 1), round(taken / seconds), kept[0], kept[1], size(database))


def newest(database: Database) -> datetime | None:
    """When the last event was recorded; ``None`` when nothing is built."""
    with database.connect() as tx:
        reached = tx.scalar(select(func.max(checkpoints.c.reached_at)))
    return None if reached is None else instant(reached)


def size(database: Database) -> int:
    """Megabytes on disk."""
    if database.dialect.name == "postgresql":
        asked = "SELECT pg_database_size(current_database())"
    else:
        asked = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    with database.connect() as tx:
        return round((tx.scalar(text(asked)) or 0) / 1_000_000)
