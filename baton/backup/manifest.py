"""What a backup holds, file by file, and whether it still does."""

import hashlib
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from baton.backup.cut import existing
from baton.tokens import FILES
from shared.events.catalogue import SERVICES
from shared.eventstore import sqlite_file
from shared.eventstore.store import NOTHING

MANIFEST: Final = "manifest.json"
EVENTS: Final = "events.db"
KEYS: Final = "keys.db"
QUEUE: Final = "webhooks.db"
SECRETS: Final = tuple(FILES.values())
KNOWN: Final = re.compile(rf"(?:{'|'.join(SERVICES)})/(?:{EVENTS}|{KEYS}|{QUEUE})|{'|'.join(SECRETS)}")


class NotWhole(Exception):
    """It is no backup, or not as it was made; the message says what is wrong."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(_Said):
    columns: tuple[str, ...]
    rows: int


class Content(_Said):
    """What a database holds; of an event store, where its log ends."""

    tables: Mapping[str, Table]
    last_position: int | None = None
    last_recorded_at: AwareDatetime | None = None

    def rows(self, table: str) -> int:
        return self.tables[table].rows if table in self.tables else 0


class File(_Said):
    bytes: int
    sha256: str
    content: Content | None = None
    """None for what is no database."""


class Manifest(_Said):
    format: Literal[1] = 1
    baton: str
    taken_at: AwareDatetime
    """The moment at which the event stores, and the queue of webhooks, were as they are here."""
    files: Mapping[str, File]
    """By path within the backup."""

    def of(self, service: str, file: str) -> Content | None:
        kept = self.files.get(f"{service}/{file}")
        return kept.content if kept else None


def content(db: sqlite3.Connection) -> Content:
    """As the connection sees it; raises ``sqlite3.Error``."""
    names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
    tables = {name: _table(db, name) for name in sorted(names) if not name.startswith("sqlite_")}
    if "events" not in tables:
        return Content(tables=tables)
    position, at = sqlite_file.last(db)
    return Content(
        tables=tables, last_position=position, last_recorded_at=None if position == NOTHING else at
    )


def file(path: Path, content: Content | None = None) -> File:
    """Raises ``OSError``."""
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        return File(bytes=opened.tell(), sha256=digest, content=content)


def sound_content(path: Path) -> Content:
    """Of a file that nobody writes to. Raises ``sqlite3.DatabaseError`` when it is damaged."""
    with closing(existing(path, "immutable=1")) as db:
        [found] = db.execute("pragma integrity_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        return content(db)


def checked(folder: Path) -> Manifest:
    """The manifest of a backup in which every file is there and as it was made; raises ``NotWhole``."""
    manifest = _manifest(folder)
    for name, said in manifest.files.items():
        path = folder / name
        try:
            if file(path, said.content) != said:
                raise NotWhole(f"{path} was changed after the backup was made.")
            if said.content and sound_content(path) != said.content:
                raise NotWhole(f"{path} does not hold what {MANIFEST} says.")
        except FileNotFoundError:
            raise NotWhole(f"{path} is missing.") from None
        except OSError as error:
            raise NotWhole(f"{path} cannot be read: {error.strerror}.") from error
        except sqlite3.Error as error:
            raise NotWhole(f"{path} is damaged: {error}.") from error
    return manifest


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise NotWhole(f"{folder} is no backup: it has no {MANIFEST}.") from None
    except OSError as error:
        raise NotWhole(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise NotWhole(f"{path} is not what this Baton writes: {where}: {first['msg']}.") from error
    if strange := [name for name in manifest.files if not KNOWN.fullmatch(name)]:
        raise NotWhole(f"{path} names {strange[0]}, which belongs in no backup.")
    if missing := [service for service in SERVICES if not manifest.of(service, EVENTS)]:
        raise NotWhole(f"{path} names no events of {', '.join(missing)}.")
    return manifest


def _table(db: sqlite3.Connection, name: str) -> Table:
    columns = db.execute("select name from pragma_table_info(?) order by cid", (name,))
    [rows] = db.execute(f'select count(*) from "{name}"').fetchone()  # noqa: S608 - a name of its own
    return Table(columns=tuple(column for (column,) in columns), rows=rows)
