"""Reads a CSV file so that one broken row costs that row and no other."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from baton.import_crm.note import Note

LONGEST_CELL: Final = 20
"""A quoted field may go on over this many lines; beyond, the quote is a slip in its first line."""
UNREADABLE: Final = "\ufffd"


class Unusable(Exception):
    """The whole file cannot be used; the message says why."""


class Row(NamedTuple):
    number: int
    """The line of the file it starts on; the heading is line 1."""
    fields: dict[str, str]


def read(path: Path, columns: Sequence[str]) -> tuple[list[Row], list[Note]]:
    """The file's good rows by column, and a note on each broken one; raises ``Unusable``."""
    try:
        lines = list(io.StringIO(_text(path.read_bytes()), newline=""))
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error
    records = _records(lines)
    _, heading = next(records, (1, None))
    names = [name.strip().casefold() for name in heading or ()]
    if missing := [column for column in columns if column not in names]:
        raise Unusable(f"{path.name} has no column {', '.join(missing)}")
    rows: list[Row] = []
    notes: list[Note] = []
    for number, record in records:
        if reason := _broken(record, len(names)):
            notes.append(Note("rejected", path.name, number, reason=reason))
        elif record:
            rows.append(Row(number, dict(zip(names, map(str.strip, record), strict=True))))
    return rows, notes


def _text(data: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, or GB 18030 (of which GBK is a part)."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8-sig", errors="replace")


def _records(lines: Sequence[str]) -> Iterator[tuple[int, list[str] | None]]:
    """Each record with its first line's number; ``None`` for a line that is no CSV; blank lines are empty."""
    at, width = 0, None
    while at < len(lines):
        fields, taken = _parse(lines[at : at + 1]), 1
        if fields is None and '"' in lines[at]:
            fields, taken = _over_lines(lines[at : at + LONGEST_CELL], width)
        width = width or (len(fields) if fields else None)
        yield at + 1, fields
        at += taken


def _over_lines(lines: Sequence[str], width: int | None) -> tuple[list[str] | None, int]:
    """The record whose quoted field has line breaks in it, if that makes it whole."""
    for taken in range(2, len(lines) + 1):
        fields = _parse(lines[:taken])
        if fields is not None and len(fields) == width:
            return fields, taken
    return None, 1


def _parse(lines: Sequence[str]) -> list[str] | None:
    try:
        return next(islice(csv.reader(lines, strict=True), 1), [])
    except csv.Error:
        return None


def _broken(record: list[str] | None, width: int) -> str:
    if record is None:
        return "it is not CSV: a quotation mark is left open or stands in the wrong place"
    if record and len(record) != width:
        return f"it has {len(record)} fields instead of {width}"
    if any(UNREADABLE in field for field in record):
        return "it holds bytes that are no text"
    return ""
