"""What was won on each day, as far back as there is anything."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import func, select

from services.performance.kpis.formula import total
from services.performance.look import Look
from services.performance.pricing import Dated, priced
from services.performance.scope import Period
from services.performance.selection import selections
from services.performance.sums import Row
from shared.projections.past import value_at
from shared.projections.tables import cells

WON: Final = total("won_amount")


def won_by_day(look: Look, *, until: date) -> Mapping[str, Mapping[date, int]]:
    """Currency → business day → minor units (whole ones, where they were converted)."""
    found: dict[str, dict[date, int]] = defaultdict(dict)
    scope = replace(look.scope, period=Period(date.min, until))
    for part in selections(WON, scope, look.organisation):
        query = (
            select(cells.c.day, cells.c.currency, func.sum(value_at(scope.as_of)))
            .where(*part.where)
            .group_by(cells.c.day, cells.c.currency)
        )
        for day, currency, value in look.tx.execute(query):
            for row in priced(
                [Dated((), day, [Row("won_amount", "in", currency, {0: int(value)})])], look.conversion
            ):
                days = found[row.currency]
                days[date.fromisoformat(day)] = days.get(date.fromisoformat(day), 0) + round(row.value)
    return found
