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


def totals_of(cell: Cell) -> tuple[Total, Total | None]:
    """By line, and by person: none of what is nobody's."""
    measure, month, known = cell.measure, month_of_day(cell.day), cell.customer != ""
    person, currency, department = cell.person, cell.currency, cell.department
    team, region, bucket = cell.team, cell.region, cell.bucket
    # a won deal is in fifty of them: made here at once, field by field in order
    of_line = Total("line", measure, month, "", cell.line, currency, department, team, region, known, bucket)
    if not person:
        return of_line, None
    return of_line, Total(
        "person", measure, month, person, "", currency, department, team, region, known, bucket
    )
