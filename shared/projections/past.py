"""What cells and totals held at a past moment: the sum of what was recorded by then."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from shared.projections.cell_rows import month_of
from shared.projections.database import micros
from shared.projections.tables import cell_log, cell_months, cells, total_shifts, totals
from shared.projections.totals import A_SHIFT


@lru_cache(maxsize=8)
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


def there_at(as_of: datetime | None, *, of: Any = cells) -> ColumnElement[bool]:
    """That a row may have held something: the others need not be looked at."""
    return _maybe(of, None if as_of is None else micros(as_of))


def total_at(as_of: datetime | None) -> ColumnElement[Any]:
    """The value of a total that is kept by line, at the turn of shifts that is nearest to ``as_of``.

    What was recorded between the two is in ``from_turn``.
    """
    if as_of is None:
        return totals.c.value
    t, turn = totals.c, _turn(as_of)
    before = (total_shifts.c.total_id == t.id, total_shifts.c.shift < turn // A_SHIFT)
    by_shifts = select(func.coalesce(func.sum(total_shifts.c.change), 0)).where(*before)
    return case((t.last_at < turn, t.value), else_=by_shifts.scalar_subquery())


def total_there_at(as_of: datetime | None) -> ColumnElement[bool]:
    """That a total that is kept by line may have held something at that turn."""
    return _maybe(totals, None if as_of is None else _turn(as_of) - 1)


def from_turn(as_of: datetime) -> tuple[Select[Any], ColumnElement[int]]:
    """The lines of the log, joined to their cells, between that turn and ``as_of``; and their change.

    Where the turn comes later, they are taken back.
    """
    recorded_at, change = cell_log.c.recorded_at, cell_log.c.change
    at, turn = micros(as_of), _turn(as_of)
    lines = select().select_from(cell_log).join(cells, cells.c.id == cell_log.c.cell_id)
    if turn <= at:
        return lines.where(recorded_at >= turn, recorded_at <= at), change
    return lines.where(recorded_at > at, recorded_at < turn), -change


def _maybe(of: Any, at: int | None) -> ColumnElement[bool]:
    something: ColumnElement[bool] = of.c.value != 0
    return something if at is None else and_(of.c.first_at <= at, or_(something, of.c.last_at > at))


def _turn(as_of: datetime) -> int:
    at = micros(as_of) + A_SHIFT // 2
    return at - at % A_SHIFT
