"""`baton restore`: a backup put in the place of a data folder's stores; what stood there is moved aside."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from baton import places
from baton.backup import durable, keys
from baton.backup.keys import Erased
from baton.backup.manifest import EVENTS, KEYS, SECRETS, Manifest, checked, file
from baton.places import RESTORING
from baton.tokens import FILES
from shared.events.catalogue import SERVICES
from shared.eventstore import sqlite_file
from shared.eventstore.sqlite_file import StoreInUse
from shared.eventstore.wrapping import WrongMasterKey

OF_ONE_HISTORY: Final = (*SERVICES, "kafka")
"""Folders of a data folder: stores with the read models made of them, and the broker with their topics."""
COPY: Final = f"{RESTORING}.copy"
ASIDE: Final = "before-restore-"


class CannotRestore(Exception):
    """The message says why, and what state the data folder is in."""


@dataclass
class Restored:
    """What was done, for whoever goes on from there."""

    manifest: Manifest
    aside: Path | None = None
    """Where that is which stood there before."""
    erased: list[str] = field(default_factory=list)
    """Whose keys were in the backup, though they have been erased since."""
    unread: list[Path] = field(default_factory=list)
    """Older keys that could not be read: whom they say was erased since is not known."""
    master_key: bool = False
    """Whether the master key is there, and opens the keys."""


def restore(
    folder: Path,
    data: Path,
    *,
    replace: bool,
    erased: Erased,
    environment: Mapping[str, str],
) -> Restored:
    """Raises ``NotWhole``, ``CannotRestore`` and ``CannotStart``."""
    manifest = checked(folder)
    with places.held(data), _nobody_writes(data), _copied(folder, data, manifest) as copy:
        there = _in_the_way(copy, data)
        if there and not replace:
            names = ", ".join(path.name for path in there)
            raise CannotRestore(f"{data} has {names} already; with --replace that is moved aside.")
        opens = _opens(copy, data, environment)
        had, unread = _erase_again(copy, data, erased)
        aside = _put_in_place(copy, data, there)
    return Restored(manifest, aside, had, unread, opens)


@contextmanager
def _nobody_writes(data: Path) -> Iterator[None]:
    """Not a service either that was started by hand."""
    with ExitStack() as stack:
        for store in sorted(data.glob(f"*/{EVENTS}")):
            try:
                stack.callback(os.close, sqlite_file.lock(store))
            except StoreInUse as error:
                raise CannotRestore(str(error)) from error
        yield


@contextmanager
def _copied(folder: Path, data: Path, manifest: Manifest) -> Iterator[Path]:
    """The backup's files where it takes only new names to put them in place."""
    copy = data / COPY
    try:
        if copy.exists():  # an earlier one was broken off
            shutil.rmtree(copy)
        copy.mkdir()
        for name, said in manifest.files.items():
            to = copy / name
            to.parent.mkdir(exist_ok=True)
            durable.copied(folder / name, to)
            if file(to, said.content) != said:
                raise CannotRestore(f"Nothing was restored: {to} is not what was written to it.")
        yield copy
    except (OSError, sqlite3.Error) as error:
        half = "The restore was broken off, run it again" if (data / RESTORING).exists() else ""
        raise CannotRestore(f"{half or 'Nothing was restored'}: {error}") from error
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _in_the_way(copy: Path, data: Path) -> list[Path]:
    folders = [
        data / name for name in OF_ONE_HISTORY if (data / name).exists() and any((data / name).iterdir())
    ]
    files = [data / name for name in SECRETS if (copy / name).exists() and (data / name).exists()]
    return folders + [path for path in files if path.read_bytes() != (copy / path.name).read_bytes()]


def _opens(copy: Path, data: Path, environment: Mapping[str, str]) -> bool:
    """Whether there is a master key, which then is the right one."""
    name = FILES["MASTER_KEY"]
    kept = [path for path in (copy / name, data / name) if path.exists()]
    key = environment.get("MASTER_KEY") or (kept[0].read_text().strip() if kept else None)
    if key is None:
        return False
    for wrapped in sorted(copy.glob(f"*/{KEYS}")):
        try:
            keys.must_open(wrapped, key)
        except WrongMasterKey:
            where = "MASTER_KEY" if environment.get("MASTER_KEY") else kept[0]
            raise CannotRestore(
                f"Nothing was restored: {where} is not the master key of this backup."
            ) from None
    return True


def _erase_again(copy: Path, data: Path, listed: Erased) -> tuple[list[str], list[Path]]:
    """Whoever was erased by the list, or by any older keys of the same keyring that lie in the folder."""
    had: list[str] = []
    unread: list[Path] = []
    for restored in sorted(copy.glob(f"*/{KEYS}")):
        erased = dict(listed)
        for older in sorted(data.glob(f"**/{restored.parent.name}/{KEYS}")):
            if older == restored:
                continue
            try:
                erased = {**keys.erased_in(older, like=restored), **erased}
            except sqlite3.Error:
                unread.append(older)
        had += keys.erase(restored, erased)
    return had, unread


def _put_in_place(copy: Path, data: Path, there: list[Path]) -> Path | None:
    """As long as the mark is there, `baton up` refuses the folder."""
    mark = data / RESTORING
    mark.touch()
    durable.sync(data)
    aside = data / f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    if there:
        aside.mkdir()
    for path in there:
        durable.moved(path, aside / path.name)
    for path in sorted(copy.iterdir()):
        durable.moved(path, data / path.name)
    mark.unlink()
    durable.sync(data)
    return aside if there else None
