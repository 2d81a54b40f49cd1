"""What there is to say about a row of the export."""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Kind = Literal["rejected", "mended", "left without", "accepted"]
KINDS: Final[tuple[Kind, ...]] = ("rejected", "mended", "left without", "accepted")


class Note(NamedTuple):
    """One thing to know about one row; ``row`` is the line of the file, the heading being line 1."""

    kind: Kind
    file: str
    row: int
    id: str = ""
    field: str = ""
    was: str = ""
    now: str = ""
    reason: str = ""


class Rejected(Exception):
    """The row cannot be used; the message says why."""


@dataclass
class Telling:
    """Gathers what is done to one row while it is being understood."""

    file: str
    row: int
    id: str
    notes: list[Note] = field(default_factory=list)

    def mended(self, field: str, was: str, now: str, reason: str) -> str:
        if now != was:
            self.notes.append(Note("mended", self.file, self.row, self.id, field, was, now, reason))
        return now

    def without(self, field: str, was: str = "", reason: str = "") -> None:
        self.notes.append(Note("left without", self.file, self.row, self.id, field, was, reason=reason))
