"""Why a number is what it is: what each entity adds to it, and the events that made it so."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, func, select

from services.performance.conversion import Conversion
from services.performance.kpis.formula import Term, Terms
from services.performance.look import Look
from services.performance.pricing import Dated, priced
from services.performance.selection import KNOWN, selections
from services.performance.sums import Number, Row
from shared.projections.database import instant, micros
from shared.projections.tables import causes, cell_log, cells, entities

IN_ONE_QUERY: Final = 5_000


class Share(NamedTuple):
    """What a contribution is told apart by."""

    entity_id: int
    customer: str
    measure: str
    currency: str
    bucket: int


class Contribution(NamedTuple):
    """What one entity adds to a part of a formula, in minor units or counts."""

    entity: str
    projection: str
    share: Share
    value: Number


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


class MadeOf:
    """What every entity adds to the sum of some terms, the largest first; together they are the sum."""

    def __init__(self, look: Look, shares: Mapping[Share, Number]) -> None:
        self._look = look
        self._shares = shares
        self.entities = len({share.entity_id for share in shares})

    def __len__(self) -> int:
        return len(self._shares)

    @property
    def totals(self) -> Mapping[str, Number]:
        """By currency."""
        found: dict[str, Number] = defaultdict(int)
        for share, value in self._shares.items():
            found[share.currency] += value
        return found

    def page(self, start: int = 0, end: int | None = None) -> list[Contribution]:
        last = len(self) if end is None else end
        shown = nsmallest(last, self._shares.items(), key=_largest_first)[start:]
        named = _named(self._look, sorted({share.entity_id for share, _ in shown}))
        return [Contribution(*named[share.entity_id], share, value) for share, value in shown]


def made_of(look: Look, terms: Terms, *, customers: Collection[str] | None = None) -> MadeOf:
    """Of all entities, or only what is of these customers."""
    found: dict[Share, Number] = defaultdict(int)
    for term in terms:
        for entity_id, customer, day, currency, bucket, change in _changes(look, term):
            if (customer or not term.known) and (customers is None or customer in customers):
                told_in, value = _priced(look.conversion, term, day, currency, int(change))
                found[Share(entity_id, customer, term.measure, told_in, bucket)] += term.sign * value
    return MadeOf(look, {share: value for share, value in found.items() if value})


def contributions(look: Look, terms: Terms) -> list[Contribution]:
    """All that the sum of these terms is made of."""
    return made_of(look, terms).page()


def caused(look: Look, terms: Terms, entity_ids: Collection[int]) -> Mapping[int, Sequence[Cause]]:
    """Entity → the events that made its contribution, in the order they came."""
    found: dict[int, dict[Any, Cause]] = defaultdict(dict)
    for term in terms:
        for row in _events(look, term, sorted(entity_ids)):
            if row.known or not term.known:
                key = (row.event_id, row.measure, row.currency, row.bucket)
                before = found[row.entity_id][key].change if key in found[row.entity_id] else 0
                found[row.entity_id][key] = _cause(row, before + term.sign * int(row.change))
    return {
        entity_id: sorted((one for one in its.values() if one.change), key=_as_they_came)
        for entity_id, its in found.items()
    }


def _changes(look: Look, term: Term) -> Sequence[Sequence[Any]]:
    """What each entity adds to each of the term's cells; read once for all parts of a formula.

    Entity, customer, business day, currency, bucket, change.
    """
    place = ("changes", look.scope, term.measure, term.span, term.bucket)
    if place not in look.kept:
        c, change = cells.c, func.sum(cell_log.c.change)
        query = (
            select(cell_log.c.entity_id, c.customer, c.day, c.currency, c.bucket, change)
            .join_from(cell_log, cells, c.id == cell_log.c.cell_id)
            .group_by(c.id, cell_log.c.entity_id)  # numbers, in the order of the index: quickly told apart
            .having(change != 0)
        )
        look.kept[place] = list(of_term(look, term, query))
    rows: Sequence[Sequence[Any]] = look.kept[place]
    return rows


def _events(look: Look, term: Term, entity_ids: Sequence[int]) -> Iterator[Any]:
    """What each event changed of what these entities add; a target's days are many lines, and one change."""
    event = (causes.c.event_id, causes.c.type, causes.c.stream, causes.c.revision, causes.c.occurred_at)
    place = (cells.c.measure, cells.c.currency, cells.c.bucket)
    what = (cell_log.c.entity_id, *event, cell_log.c.recorded_at, *place)
    query = (
        select(*what, KNOWN.label("known"), func.sum(cell_log.c.change).label("change"))
        .join_from(cell_log, cells, cells.c.id == cell_log.c.cell_id)
        .join(causes, causes.c.id == cell_log.c.cause_id)
        .where(cell_log.c.entity_id.in_(entity_ids))
        .group_by(*what, KNOWN)
    )
    return of_term(look, term, query)


def of_term(look: Look, term: Term, query: Select[Any]) -> Iterator[Any]:
    """The query's rows over the lines of the log that the term's cells are sums of."""
    if term.bucket is not None:
        query = query.where(cells.c.bucket == term.bucket)
    if look.scope.as_of is not None:
        query = query.where(cell_log.c.recorded_at <= micros(look.scope.as_of))
    for part in selections([term], look.scope, look.organisation):
        yield from look.tx.execute(query.where(*part.where)).all()


def _named(look: Look, entity_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Entity and projection by row."""
    e = entities.c
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(entity_ids), IN_ONE_QUERY):
        some = e.id.in_(entity_ids[start : start + IN_ONE_QUERY])
        for row, entity, projection in look.tx.execute(select(e.id, e.entity, e.projection).where(some)):
            found[row] = entity, projection
    return found


def _priced(
    conversion: Conversion | None, term: Term, day: str, currency: str, value: int
) -> tuple[str, Number]:
    if conversion is None or not currency:
        return currency, value
    row = Row(term.measure, term.span, currency, {term.bucket or 0: value})
    (row,) = priced([Dated((), day, [row])], conversion)
    return row.currency, row.value


def _largest_first(one: tuple[Share, Number]) -> tuple[Number, Share]:
    share, value = one
    return -value if value > 0 else value, share


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
