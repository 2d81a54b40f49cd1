"""The deals won last 最近赢单: from the log of what was won, as long as the win stands."""

from collections.abc import Collection
from datetime import datetime
from heapq import nlargest
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, tuple_

from services.performance.explain import of_term
from services.performance.kpis.formula import Term
from services.performance.look import Look
from shared.events.deal import DealWon
from shared.projections.database import instant
from shared.projections.tables import causes, cell_log, cells, entities

_WON: Final = Term("won_amount", "in")


class Win(NamedTuple):
    """``minor`` is what it is worth now, which may be more or less than when it was won."""

    deal: str
    person: str
    product: str
    line: str
    currency: str
    minor: int
    occurred_at: datetime
    recorded_at: datetime


def last_wins(look: Look, limit: int) -> list[Win]:
    """So many of the scope's at most, the one won last first."""
    c = cells.c
    query = (
        select(
            *(cell_log.c.seq, cell_log.c.recorded_at, cell_log.c.cell_id, cell_log.c.entity_id),
            *(c.person, c.product, c.line, c.currency, causes.c.occurred_at, entities.c.entity),
        )
        .join_from(cell_log, cells, c.id == cell_log.c.cell_id)
        .join(causes, causes.c.id == cell_log.c.cause_id)
        .join(entities, entities.c.id == cell_log.c.entity_id)
        .where(causes.c.type == DealWon.type, cell_log.c.change > 0)
        .order_by(causes.c.occurred_at.desc(), cell_log.c.seq.desc())
        .limit(limit)
    )
    found = nlargest(limit, of_term(look, _WON, query), key=lambda row: (row.occurred_at, row.seq))
    last: dict[tuple[int, int], Any] = {}
    for row in found:
        last.setdefault((row.cell_id, row.entity_id), row)  # won twice on a day: the last time counts
    worth = _worth(look, last)
    return [_win(row, worth[place]) for place, row in last.items() if place in worth]


def _worth(look: Look, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What deals add to their cells; those that were reopened or lost since add nothing."""
    at = (cell_log.c.cell_id, cell_log.c.entity_id)
    total = func.sum(cell_log.c.change)
    query = select(*at, total).where(tuple_(*at).in_(places)).group_by(*at).having(total > 0)
    rows = of_term(look, _WON, query.join_from(cell_log, cells, cells.c.id == cell_log.c.cell_id))
    return {(cell_id, entity_id): int(minor) for cell_id, entity_id, minor in rows}


def _win(row: Any, minor: int) -> Win:
    return Win(
        deal=row.entity,
        person=row.person,
        product=row.product,
        line=row.line,
        currency=row.currency,
        minor=minor,
        occurred_at=instant(row.occurred_at),
        recorded_at=instant(row.recorded_at),
    )
