"""Why a number is what it is: what each entity adds to it, and the events that made it so."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from services.performance.boards import KNOWN
from services.performance.kpis.formula import Term, Terms
from services.performance.look import Look
from services.performance.measures.catalogue import MEASURES
from services.performance.pricing import Dated, priced
from services.performance.selection import Selection, selections
from services.performance.sums import Row
from shared.projections.database import instant, micros
from shared.projections.tables import causes, cell_log, cells, entities


class Contribution(NamedTuple):
    """What one entity adds to a part of a formula, in minor units or counts."""

    entity_id: int
    entity: str
    projection: str
    customer: str
    row: Row

    @property
    def value(self) -> int | Fraction:
        return self.row.value


@dataclass(frozen=True)
class Cause:
    """An event, and by how much it changed a bucket of the part."""

    event_id: str
    type: str
    stream: str
    revision: int
    occurred_at: datetime
    recorded_at: datetime
    measure: str
    bucket: int
    change: int


def contributions(look: Look, terms: Terms) -> list[Contribution]:
    """What every entity adds to the sum of these terms, the largest first; together they are the sum."""
    found: dict[Any, Contribution] = {}
    for part in selections(terms, look.scope, look.organisation):
        for entity_id, entity, projection, customer, dated in _shares(look, part):
            for row in priced([dated], look.conversion):
                sign = _sign(terms, row)
                if sign == 0:
                    continue
                key = (entity_id, customer, row.measure, row.span, row.currency, row.bucket)
                before = found[key].value if key in found else 0
                whole = row._replace(value=before + sign * row.value)
                found[key] = Contribution(entity_id, entity, projection, customer, whole)
    kept = [one for one in found.values() if one.value]
    kept.sort(key=_largest_first)
    return kept


def caused(look: Look, terms: Terms, entity_ids: Collection[int]) -> Mapping[int, Sequence[Cause]]:
    """Entity → the events that made its contribution, in the order they came."""
    found: dict[int, dict[Any, Cause]] = defaultdict(dict)
    for part in selections(terms, look.scope, look.organisation):
        for row in look.tx.execute(_changes(look, part, entity_ids)):
            of = Row(row.measure, part.span, row.currency, row.bucket, int(row.change), bool(row.known))
            key = (row.event_id, row.measure, row.currency, row.bucket)
            before = found[row.entity_id][key].change if key in found[row.entity_id] else 0
            found[row.entity_id][key] = _cause(row, before + _sign(terms, of) * int(row.change))
    return {
        entity_id: sorted((one for one in its.values() if one.change), key=_as_they_came)
        for entity_id, its in found.items()
    }


def _changes(look: Look, part: Selection, entity_ids: Collection[int]) -> Select[Any]:
    """A target's days are many lines of the log, and one change."""
    event = (causes.c.event_id, causes.c.type, causes.c.stream, causes.c.revision, causes.c.occurred_at)
    place = (cells.c.measure, cells.c.currency, cells.c.bucket, KNOWN.label("known"))
    what = (cell_log.c.entity_id, *event, cell_log.c.recorded_at, *place)
    return (
        _log(look, part)
        .join(causes, causes.c.id == cell_log.c.cause_id)
        .where(cell_log.c.entity_id.in_(entity_ids))
        .add_columns(*what, func.sum(cell_log.c.change).label("change"))
        .group_by(cell_log.c.entity_id, *event, cell_log.c.recorded_at, *place[:-1], KNOWN)
    )


def _shares(look: Look, part: Selection) -> Iterator[tuple[int, str, str, str, Dated]]:
    c = cells.c
    place = (c.customer, c.day, c.measure, c.currency, c.bucket)
    total = func.sum(cell_log.c.change)
    query = (
        _log(look, part)
        .join(entities, entities.c.id == cell_log.c.entity_id)
        .add_columns(cell_log.c.entity_id, entities.c.entity, entities.c.projection, *place, total)
        .group_by(cell_log.c.entity_id, entities.c.entity, entities.c.projection, *place)
        .having(total != 0)
    )
    for entity_id, entity, projection, customer, day, measure, *rest in look.tx.execute(query):
        currency, bucket, value = rest
        dated = Dated("", measure, part.span, day, currency, bucket, int(value), known=customer != "")
        yield entity_id, entity, projection, customer, dated


def _largest_first(one: Contribution) -> tuple[int | Fraction, str, Row]:
    value = one.row.value
    return -value if value > 0 else value, one.entity, one.row


def _as_they_came(one: Cause) -> tuple[datetime, str, int, str, int]:
    return one.recorded_at, one.stream, one.revision, one.measure, one.bucket


def _cause(row: Any, change: int) -> Cause:
    return Cause(
        event_id=row.event_id,
        type=row.type,
        stream=row.stream,
        revision=row.revision,
        occurred_at=instant(row.occurred_at),
        recorded_at=instant(row.recorded_at),
        measure=row.measure,
        bucket=row.bucket,
        change=change,
    )


def _log(look: Look, part: Selection) -> Select[Any]:
    query = select().select_from(cells).join(cell_log, cell_log.c.cell_id == cells.c.id).where(*part.where)
    as_of = look.scope.as_of
    return query if as_of is None else query.where(cell_log.c.recorded_at <= micros(as_of))


def _sign(terms: Sequence[Term], row: Row) -> int:
    """How often the row counts in these terms."""
    return sum(term.sign for term in terms if row.is_of(term))


def means(term: Term) -> str:
    return MEASURES[term.measure].means
