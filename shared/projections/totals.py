"""Totals 合计: what the cells of a month come to, kept with them, so that a long period is a few rows.

Each cell is in a total of its line, whoever earned it, and in one of its person, whatever was sold. Products
are added up, and so are customers, but for whether they are known. Every total is the sum of its cells.
"""

from typing import Final, Literal, NamedTuple

from shared.projections.projection import Cell

A_SHIFT: Final = 6 * 3_600_000_000
"""In microseconds: what is recorded in one is added up, so that the past of a total is a few rows."""

KeptBy = Literal["line", "person"]


class Total(NamedTuple):
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
    measure, day, _, line, currency, department, bucket, _, customer, team, region = cell
    month = month_of_day(day)
    return Total("line", measure, month, "", line, currency, department, team, region, customer != "", bucket)


def by_person(cell: Cell) -> Total | None:
    """None of what is nobody's."""
    measure, day, person, _, currency, department, bucket, _, customer, team, region = cell
    if not person:
        return None
    month = month_of_day(day)
    known = customer != ""
    return Total("person", measure, month, person, "", currency, department, team, region, known, bucket)
