"""What became of every row of the export: accepted, mended, left without something, or rejected."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.table import Table

from baton.import_crm.note import KINDS, Note
from shared.cells import safe


def write(path: Path, notes: Iterable[Note]) -> None:
    """The report as CSV (UTF-8 with a mark, so that Excel reads 中文), the worst first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(("kind", "file", "row", "id", "field", "from", "to", "reason"))
        lines.writerows(
            [safe(part) for part in note]
            for note in sorted(notes, key=lambda n: (KINDS.index(n.kind), n.file, n.row))
        )


def summary(notes: Sequence[Note]) -> Table:
    """How many rows of each file met which fate, and why."""
    rows = Counter((n.kind, n.file, _why(n)) for n in notes)
    table = Table(title="Import", title_justify="left")
    for heading in ("", "file", "what"):
        table.add_column(heading)
    table.add_column("rows", justify="right")
    previous = ""
    for (kind, file, why), count in sorted(rows.items(), key=lambda r: (-KINDS.index(r[0][0]), r[0][1:])):
        table.add_row(kind if kind != previous else "", file, why, f"{count:,}")
        previous = kind
    return table


def _why(note: Note) -> str:
    match note.kind:
        case "mended":
            return f"{note.field}: {note.was} → {note.now}" if note.was else f"{note.field}: {note.reason}"
        case "left without":
            return f"{note.field}: {note.reason}" if note.reason else f"no {note.field}"
        case "rejected":
            return note.reason
        case "accepted":
            return ""
