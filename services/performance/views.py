"""What boards answer."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

Number = int | float | None


class Board(BaseModel):
    """What every board says about itself; ``to`` is the first day no longer in."""

    from_: date = Field(serialization_alias="from")
    to: date
    as_of: datetime


class KpiView(BaseModel):
    """A KPI; a ratio of 1 is 100 %, money is in the unit's major units, ``null`` is undefined."""

    name: str
    label: str
    unit: str
    currency: str | None
    """The currency a money KPI or a share of money is about; such a KPI has a row for each."""
    value: Number
    numerator: Number
    denominator: Number


class KpiBoard(Board):
    kpis: list[KpiView]


class Amounted(BaseModel):
    unit: str
    value: Number


class StageView(BaseModel):
    """``reached``: deals that ever stood there or further; ``standing``, ``amount``: open deals there now."""

    stage: str
    label: str
    reached: int
    standing: int
    amount: list[Amounted]
    conversion: Number


class Funnel(Board):
    """The deals opened in the period, each counted once, wherever they stand by now."""

    stages: list[StageView]
    opened: int
    won: int
    lost: int


class Row(BaseModel):
    rank: int
    id: str
    name: str
    value: Number
    unit: str
    currency: str | None


class Leaderboard(Board):
    by: Literal["person", "team"]
    kpi: str
    label: str
    rows: list[Row]


class DepartmentView(BaseModel):
    """Hand-offs a department keeps waiting or works on now, and its time on those of the period."""

    department: str
    waiting: int
    working: int
    breached: int
    waiting_seconds: int
    working_seconds: int


class OpenHandoff(BaseModel):
    id: str
    kind: str
    title: str
    from_department: str
    to_department: str
    state: Literal["waiting", "working", "returned"]
    with_department: str
    requested_at: datetime | None
    due_at: datetime | None
    breached: bool


class HandoffBoard(Board):
    departments: list[DepartmentView]
    open: list[OpenHandoff]
