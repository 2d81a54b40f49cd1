"""Totals 合计: what the cells of a month come to, kept with them, so that a long period is a few rows.

Each cell is in a total of its line, whoever earned it, and in one of its person, whatever was sold. Products
are added up, and so are customers, but for whether they are known. Every total is the sum of its cells.
"""

from typing import Final, Literal

import msgspec

from shared.projections.projection import Cell

A_SHIFT: Final = 6 * 3_600_000_000
"""In microseconds: what is recorded in one is added up, so that the past of a total is a few rows."""

KeptBy = Literal["line", "person"]


class Total(msgspec.Struct, frozen=True, array_like=True, gc=False):
    kept_by: KeptBy
    measure: str
    month: str
    """Of its cells' days (``2025-03``); empty for standings."""
    person: str
    line: str
    currency: str
    department: str
    team: str
    region: str
    known: bool
    """Whether its cells are of customers that are known."""
    bucket: int


def month_of_day(day: str) -> str:
    return day[:7]


def by_line(cell: Cell) -> Total:
    return _total("line", cell, person="", line=cell.line)


def by_person(cell: Cell) -> Total | None:
    """None of what is nobody's."""
    return _total("person", cell, person=cell.person, line="") if cell.person else None


def _total(kept_by: KeptBy, cell: Cell, *, person: str, line: str) -> Total:
    return Total(
        kept_by,
        cell.measure,
        month_of_day(cell.day),
        person,
        line,
        cell.currency,
        cell.department,
        cell.team,
        cell.region,
        cell.customer != "",
        cell.bucket,
    )
