"""`baton backup` and `baton restore`, as somebody at a terminal asks for them."""

import os
from collections.abc import Iterable
from pathlib import Path

from baton.asking import fail, say
from baton.backup import in_words, restoring
from baton.backup.keys import NoList, listed
from baton.backup.manifest import NotWhole, checked
from baton.backup.restoring import CannotRestore
from baton.backup.taking import CannotBackUp, back_up
from baton.places import CannotStart


def backup(folder: Path, data: Path, *, secrets: bool) -> None:
    try:
        made = back_up(data, folder, secrets=secrets)
    except CannotBackUp as error:
        fail(str(error))
    _say(f"{folder} is whole.", in_words.holds(made))


def check(folder: Path) -> None:
    try:
        found = checked(folder)
    except NotWhole as error:
        fail(str(error))
    _say(f"{folder} is whole.", in_words.holds(found))


def restore(folder: Path, data: Path, *, replace: bool, erased: Path | None) -> None:
    try:
        who = listed(erased) if erased else {}
        done = restoring.restore(folder, data, replace=replace, erased=who, environment=os.environ)
    except (NoList, NotWhole, CannotRestore, CannotStart) as error:
        fail(str(error))
    _say(f"{data} has the stores of {folder}.", in_words.done(done, data))


def _say(first: str, lines: Iterable[str]) -> None:
    for line in (first, *lines):
        say(line)
