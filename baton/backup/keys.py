"""The keys of personal data in a backup: whether a master key opens them, and who must stay erased."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from baton.backup.cut import existing
from shared.events.event import PersonRef
from shared.eventstore.key_rows import NOBODY, KeyRows
from shared.eventstore.wrapping import Wrapping

Erased = Mapping[str, datetime]
"""By person, when their key was destroyed."""

_PERSON: Final[TypeAdapter[str]] = TypeAdapter(PersonRef)
_ERASED: Final = "select person, destroyed_at from personal_keys where destroyed_at is not null"
_WRAPPED: Final = "select wrapped from personal_keys where person = ?"


class NoList(Exception):
    """What should name those who were erased cannot be read, or names nobody."""


def must_open(keys: Path, master_key: str) -> None:
    """Raises ``WrongMasterKey`` when it is another that they were wrapped with."""
    wrapped = _of_nobody(keys)
    if wrapped is not None:
        Wrapping(master_key).opened(NOBODY, wrapped)


def erased_in(keys: Path, *, like: Path) -> Erased:
    """None of another keyring: the same names are other people there. Raises ``sqlite3.Error``."""
    if _of_nobody(keys) != _of_nobody(like):
        return {}
    with closing(existing(keys)) as db:
        return {person: datetime.fromisoformat(at) for person, at in db.execute(_ERASED)}


def listed(path: Path) -> Erased:
    """From a text, one person a line, such as ``lead-42``; raises ``NoList``."""
    try:
        lines = path.read_text(encoding="utf-8").split()
        persons = [_PERSON.validate_python(line) for line in lines]
    except OSError as error:
        raise NoList(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NoList(f"{path} is no text.") from error
    except ValidationError as error:
        raise NoList(f"{path}: {error.errors()[0]['input']!r} is no person, such as lead-42.") from error
    return dict.fromkeys(persons, datetime.now(UTC))


def erase(keys: Path, erased: Erased) -> list[str]:
    """Destroy their keys; returns those who still had one."""
    rows = KeyRows(f"sqlite:///{keys}")
    try:
        had = [person for person, row in rows.find(erased).items() if row.wrapped is not None]
        for person, at in erased.items():
            rows.destroy(person, at=at)
    finally:
        rows.close()
    return sorted(had)


def _of_nobody(keys: Path) -> bytes | None:
    """What a keyring begins with: chance, so no two begin alike."""
    with closing(existing(keys)) as db:
        row = db.execute(_WRAPPED, (NOBODY,)).fetchone()
        return row[0] if row else None
