"""What cells held at a past moment: the sum of what was recorded by then."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from shared.projections.database import micros
from shared.projections.rows import month_of
from shared.projections.tables import cell_log, cell_months, cells


def value_at(as_of: datetime | None, *, of: Any = cells) -> ColumnElement[Any]:
    """The value of a row of ``cells``, or an alias of it, with all that was recorded up to ``as_of``.

    Few cells have changes on both sides of a moment, so nearly all are answered without their log; a
    standing, which changes all the time, is answered from its months and the log of the last one.
    """
    if as_of is None:
        cell: ColumnElement[Any] = of.c.value
        return cell
    at = micros(as_of)
    month = as_of.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    log, months = cell_log.c, cell_months.c
    of_cell = log.cell_id == of.c.id
    by_log = select(func.coalesce(func.sum(log.change), 0)).where(of_cell, log.recorded_at <= at)
    by_months = select(func.coalesce(func.sum(months.change), 0)).where(
        months.cell_id == of.c.id, months.month < month_of(month)
    )
    this_month = by_log.where(log.recorded_at >= micros(month))
    return case(
        (of.c.first_at > at, literal(0)),
        (of.c.last_at <= at, of.c.value),
        (of.c.day == "", by_months.scalar_subquery() + this_month.scalar_subquery()),
        else_=by_log.scalar_subquery(),
    )
