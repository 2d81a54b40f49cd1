"""`baton backup`: the event stores and keys of a data folder, copied while everything runs."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from baton.backup import durable, manifest
from baton.backup.cut import at_one_moment, copy
from baton.backup.manifest import EVENTS, KEYS, MANIFEST, QUEUE, SECRETS, Content, Manifest, NotWhole
from baton.places import RESTORING
from shared.events.catalogue import SERVICES

UNFINISHED: Final = ".unfinished-"


class CannotBackUp(Exception):
    """There is no new backup, whole or half; the message says why."""


def back_up(data: Path, folder: Path, *, secrets: bool = False) -> Manifest:
    """A new folder, which appears when everything is in it and was read back; raises ``CannotBackUp``."""
    if (data / RESTORING).exists():
        raise CannotBackUp(f"A `baton restore` into {data} was broken off: finish it first.")
    found = _of(data, [EVENTS, QUEUE])
    if missing := [service for service in SERVICES if data / service / EVENTS not in found]:
        raise CannotBackUp(f"{data} has no event store of {', '.join(missing)}: nothing was backed up.")
    try:
        with _appearing(folder, of=data) as into:
            # Keys come after events: the key of an event was there before it.
            at, contents = _copied(found, data, into)
            contents |= _copied(_of(data, [KEYS]), data, into)[1]
            for name in SECRETS if secrets else ():
                durable.copied(data / name, into / name)
                contents[name] = None
            files = {name: manifest.file(into / name, content) for name, content in contents.items()}
            made = Manifest(baton=version("baton"), taken_at=at, files=files)
            durable.write(into / MANIFEST, made.model_dump_json(indent=2).encode())
            manifest.checked(into)
    except (OSError, sqlite3.Error, NotWhole) as error:
        raise CannotBackUp(f"The backup was not made: {error}") from error
    return made


def _of(data: Path, names: Sequence[str]) -> list[Path]:
    paths = (data / service / name for service in SERVICES for name in names)
    return [path for path in paths if path.is_file()]


@contextmanager
def _appearing(folder: Path, *, of: Path) -> Iterator[Path]:
    """A folder under another name, which gets its own when the block ends well, and else is removed."""
    if folder.exists() or folder.is_symlink():
        raise CannotBackUp(f"{folder} is there already: a backup is a new folder.")
    if folder.resolve().is_relative_to(of.resolve()):
        raise CannotBackUp(f"{folder} lies in {of}, and would be lost with it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    into = Path(tempfile.mkdtemp(prefix=f"{folder.name}{UNFINISHED}", dir=folder.parent))
    try:
        yield into
        for inner in (*(path for path in into.iterdir() if path.is_dir()), into):
            durable.sync(inner)
        durable.moved(into, folder)
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise


def _copied(paths: Sequence[Path], data: Path, into: Path) -> tuple[datetime, dict[str, Content | None]]:
    """What they hold at one moment, which is returned, each by its name in the backup."""
    contents: dict[str, Content | None] = {}
    with at_one_moment(paths) as cut:
        for path, reader in zip(paths, cut.readers, strict=True):
            to = into / path.relative_to(data)
            to.parent.mkdir(mode=0o700, exist_ok=True)
            contents[path.relative_to(data).as_posix()] = manifest.content(reader)
            copy(reader, to)
            durable.sync(to)
    return cut.at, contents
