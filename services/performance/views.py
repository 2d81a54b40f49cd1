"""What boards answer."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from services.performance.boards import By
from services.performance.question import Lang
from shared.service.freshness import Reached

Known = int | float
Number = Known | None


class RateView(BaseModel):
    """Rates of one source that amounts were converted at: the first and the last of them."""

    base: str
    first: Known
    first_on: date
    last: Known
    last_on: date
    source: str
    inverse: bool
    """The opposite pair's rate, turned round."""


class Unpriced(BaseModel):
    """A currency without a rate on some of these days: counted, not priced, and shown on its own."""

    currency: str
    first_day: date
    last_day: date


class Converted(BaseModel):
    to: str
    policy: str
    used: list[RateView]
    missing: list[Unpriced]


class Board(BaseModel):
    """What every board says about itself; ``to`` is the first day no longer in."""

    from_: date = Field(serialization_alias="from")
    to: date
    as_of: datetime
    """The moment that is shown: everything recorded by then, nothing later."""
    freshness: list[Reached]
    """How far the data reaches now, for each source it comes from."""
    conversion: Converted | None = None


class KpiView(BaseModel):
    """A KPI; a ratio of 1 is 100 %, money is in the unit's major units, ``null`` is undefined.

    ``note`` says what is special: ``met``; ``not-kept-by:person``; ``waiting:3``; ``no-history:proposing``;
    ``no-estimate``.
    """

    name: str
    version: int
    label: str
    unit: str
    currency: str | None
    """The currency a money KPI or a share of money is about; such a KPI has a row for each."""
    value: Number
    numerator: Number
    denominator: Number
    better: Literal["more", "less"]
    stands: bool
    """Whether it is about how things stand at a moment, not about what happened in a period."""
    note: str | None
    sources: list[str]
    """Where a figure from outside is from, with its date."""


class KpiBoard(Board):
    kpis: list[KpiView]


class KpiSpan(BaseModel):
    """The KPIs of one span of a history; ``to`` is the first day no longer in."""

    from_: date = Field(serialization_alias="from")
    to: date
    over_at: datetime | None
    """When it was over, and how things stood is told as of then; ``null`` while it lasts."""
    kpis: list[KpiView]


class KpiHistory(Board):
    by: Literal["day", "week", "month", "quarter", "year"]
    spans: list[KpiSpan]


class Definition(BaseModel):
    """How a KPI is defined."""

    name: str
    version: int
    label_zh: str
    label_en: str
    unit: str
    better: Literal["more", "less"]
    measures: list[str]
    """What the formula is worked out from, whatever its words call them."""
    lang: Lang
    """Of the four that follow."""
    formula: str
    period: str
    edges: str
    source: str


class Amounted(BaseModel):
    """An amount in major units of its currency."""

    unit: str
    value: Known


class Row(BaseModel):
    rank: int
    id: str
    name: str
    value: Number
    unit: str
    currency: str | None


class Leaderboard(Board):
    by: By
    kpi: str
    label: str
    note: str | None
    """Why there are no rows: ``not-kept-by:team``."""
    rows: list[Row]


class DepartmentView(BaseModel):
    """Hand-offs a department keeps waiting or works on, and its time on those of the period."""

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
