"""The file of an event store, changed by somebody who may write it and knows of checksums."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from shared.eventstore.sqlite_damage import checksum


def rewritten(path: Path, statement: str, *values: Any) -> int:
    """How many events the statement changed; no checksum gives it away afterwards."""
    with closing(sqlite3.connect(path)) as db, db:
        changed = db.execute(statement, values).rowcount
        db.create_function("checksum", 9, checksum)
        db.execute("update events set data = cast(data as blob)")
        db.execute(
            "update events set checksum = checksum"
            "(position, id, stream, revision, category, type, recorded_at, data, metadata)"
        )
    return changed
