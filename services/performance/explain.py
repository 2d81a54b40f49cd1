"""Why a number is what it is: what each entity adds to it, and the events that made it so."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from services.performance.kpis.formula import Span, Term, Terms
from services.performance.look import Look
from services.performance.measures.catalogue import MEASURES
from services.performance.pricing import Dated, priced
from services.performance.selection import Selection, selections
from services.performance.summed import KNOWN
from services.performance.sums import Row
from shared.projections.database import instant, micros
from shared.projections.tables import causes, cell_log, cells, entities

IN_ONE_QUERY: Final = 5_000


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


class _Line(NamedTuple):
    """A line of the cell log, and where it stands."""

    entity_id: int
    cell_id: int
    customer: str
    day: str
    currency: str
    bucket: int
    change: int


class _Share(NamedTuple):
    """What a contribution is told apart by."""

    entity_id: int
    customer: str
    measure: str
    span: Span
    currency: str
    bucket: int

    def row(self, value: int | Fraction) -> Row:
        return Row(self.measure, self.span, self.currency, self.bucket, value, known=self.customer != "")


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

    def __init__(self, look: Look, shares: Mapping[_Share, int | Fraction]) -> None:
        self._look = look
        self._shares = sorted(shares.items(), key=_largest_first)
        self.entities = len({share.entity_id for share in shares})

    def __len__(self) -> int:
        return len(self._shares)

    @property
    def totals(self) -> Mapping[str, int | Fraction]:
        """By currency."""
        found: dict[str, int | Fraction] = defaultdict(int)
        for share, value in self._shares:
            found[share.currency] += value
        return found

    def page(self, start: int = 0, end: int | None = None) -> list[Contribution]:
        shown = self._shares[start:end]
        named = _named(self._look, sorted({share.entity_id for share, _ in shown}))
        return [
            Contribution(share.entity_id, *named[share.entity_id], share.customer, share.row(value))
            for share, value in shown
        ]


def made_of(look: Look, terms: Terms, *, customers: Collection[str] | None = None) -> MadeOf:
    """Of all entities, or only what is of these customers."""
    found: dict[_Share, int | Fraction] = defaultdict(int)
    for term in terms:
        for line in _lines(look, term):
            if (line.customer or not term.known) and (customers is None or line.customer in customers):
                currency, value = _priced(look, term, line)
                share = _Share(line.entity_id, line.customer, term.measure, term.span, currency, line.bucket)
                found[share] += term.sign * value
    return MadeOf(look, {share: value for share, value in found.items() if value})


def contributions(look: Look, terms: Terms) -> list[Contribution]:
    """All that the sum of these terms is made of."""
    return made_of(look, terms).page()


def caused(look: Look, terms: Terms, entity_ids: Collection[int]) -> Mapping[int, Sequence[Cause]]:
    """Entity → the events that made its contribution, in the order they came."""
    found: dict[int, dict[Any, Cause]] = defaultdict(dict)
    for term in terms:
        cell_ids = {line.cell_id for line in _lines(look, term) if line.entity_id in entity_ids}
        for row in _changes(look, sorted(cell_ids), sorted(entity_ids)):
            if row.known or not term.known:
                key = (row.event_id, row.measure, row.currency, row.bucket)
                before = found[row.entity_id][key].change if key in found[row.entity_id] else 0
                found[row.entity_id][key] = _cause(row, before + term.sign * int(row.change))
    return {
        entity_id: sorted((one for one in its.values() if one.change), key=_as_they_came)
        for entity_id, its in found.items()
    }


def _lines(look: Look, term: Term) -> Sequence[_Line]:
    """The lines of the log that the term's cells are sums of; read once for all parts of a formula."""
    place = ("lines", look.scope, term.measure, term.span, term.bucket)
    if place not in look.kept:
        look.kept[place] = [
            _Line(*line)
            for part in selections([term], look.scope, look.organisation)
            for line in look.tx.execute(_log(look, part, term)).all()
        ]
    lines: Sequence[_Line] = look.kept[place]
    return lines


def _log(look: Look, part: Selection, term: Term) -> Select[Any]:
    columns = (cell_log.c.entity_id, cells.c.id, cells.c.customer, cells.c.day, cells.c.currency)
    query = (
        select(*columns, cells.c.bucket, cell_log.c.change)
        .join(cell_log, cell_log.c.cell_id == cells.c.id)
        .where(*part.where)
    )
    if term.bucket is not None:
        query = query.where(cells.c.bucket == term.bucket)
    return query.where(*_by_then(look))


def _by_then(look: Look) -> list[ColumnElement[bool]]:
    as_of = look.scope.as_of
    return [] if as_of is None else [cell_log.c.recorded_at <= micros(as_of)]


def _changes(look: Look, cell_ids: Sequence[int], entity_ids: Sequence[int]) -> Iterator[Any]:
    """A target's days are many lines of the log, and one change."""
    event = (causes.c.event_id, causes.c.type, causes.c.stream, causes.c.revision, causes.c.occurred_at)
    place = (cells.c.measure, cells.c.currency, cells.c.bucket)
    what = (cell_log.c.entity_id, *event, cell_log.c.recorded_at, *place)
    query = (
        select(*what, KNOWN.label("known"), func.sum(cell_log.c.change).label("change"))
        .select_from(cell_log)
        .join(cells, cells.c.id == cell_log.c.cell_id)
        .join(causes, causes.c.id == cell_log.c.cause_id)
        .where(cell_log.c.entity_id.in_(entity_ids), *_by_then(look))
        .group_by(*what, KNOWN)
    )
    for start in range(0, len(cell_ids), IN_ONE_QUERY):
        some = cell_ids[start : start + IN_ONE_QUERY]
        yield from look.tx.execute(query.where(cell_log.c.cell_id.in_(some)))


def _named(look: Look, entity_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Entity and projection by row."""
    e = entities.c
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(entity_ids), IN_ONE_QUERY):
        some = e.id.in_(entity_ids[start : start + IN_ONE_QUERY])
        for row, entity, projection in look.tx.execute(select(e.id, e.entity, e.projection).where(some)):
            found[row] = entity, projection
    return found


def _priced(look: Look, term: Term, line: _Line) -> tuple[str, int | Fraction]:
    if look.conversion is None or not line.currency:
        return line.currency, line.change
    of = Row(term.measure, term.span, line.currency, line.bucket, line.change)
    (row,) = priced([Dated((), line.day, [of])], look.conversion)
    return row.currency, row.value


def _largest_first(one: tuple[_Share, int | Fraction]) -> tuple[int | Fraction, _Share]:
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


def means(term: Term) -> str:
    return MEASURES[term.measure].means
