"""Compares a read model that was rebuilt from the log with the served one, row numbers apart.

Not compared are the causes of changes, since when an entity had which index, and the names of lines.

What an entity fed by several streams had on its way depends on the order in which they were read, and no
order between streams is promised. Of those the ends are compared: state, revisions, index, sums of cells.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

import msgspec
from sqlalchemy import Select, func, select

from shared.projections.projection import Projection
from shared.projections.side_by_side import Models, Pair, in_bytes, in_words, moment, unlike
from shared.projections.tables import (
    cell_log,
    cell_months,
    cells,
    entities,
    entity_index,
    entity_states,
    parked,
    total_shifts,
    totals,
)

TOLD_AT_MOST: Final = 20
NOT_REBUILT: Final = "is there, but not rebuilt"
NOT_LIVE: Final = "is not there, but rebuilt"

Found = Iterator[str]
"""For each thing that was compared what is unlike in it, or an empty text."""


@dataclass
class Comparison:
    compared: dict[str, int] = field(default_factory=dict)
    """How many of what."""
    differences: int = 0
    first: list[str] = field(default_factory=list)
    """The first of them in words, the cause before what follows from it."""

    def add(self, what: str, found: Found) -> None:
        self.compared[what] = 0
        for unlike_in_it in found:
            self.compared[what] += 1
            if unlike_in_it:
                self.differences += 1
                if len(self.first) < TOLD_AT_MOST:
                    self.first.append(unlike_in_it)


def compare(models: Models, folds: Iterable[Projection[Any]]) -> Comparison:
    """Everything that both hold; each must have read its sources just as far as the other."""
    look = _Look(models, {fold.name: fold for fold in folds})
    done = Comparison()
    done.add("parked events", look.parked())
    done.add("entities", look.entities())
    done.add("index rows", look.index())
    done.add("dated states", look.states())
    done.add("sums of the cell log", look.log())
    done.add("cells", look.cells())
    done.add("months of cells", look.months())
    done.add("totals", look.totals())
    done.add("shifts of totals", look.shifts())
    return done


class _Look:
    """Goes through the tables in turn, and remembers what depends on the order between streams."""

    def __init__(self, models: Models, folds: dict[str, Projection[Any]]) -> None:
        self._models = models
        self._folds = folds
        self._mixed: set[tuple[str, str]] = set()
        """Entities fed by several streams."""
        self._crossed: set[int] = set()
        """Cells that such an entity ever changed."""
        tx = models.live
        self._projection, self._entity = in_bytes(tx, entities.c.projection), in_bytes(tx, entities.c.entity)

    def parked(self) -> Found:
        tx = self._models.live
        stream, event = in_bytes(tx, parked.c.stream), in_bytes(tx, parked.c.event_id)
        for pair in self._models.rows(
            select(parked.c.stream, parked.c.event_id).order_by(stream, event), itemgetter(0, 1)
        ):
            yield _missing(pair) and f"parked event {pair.key[1]} of stream {pair.key[0]}: {_missing(pair)}"

    def entities(self) -> Found:
        e = entities.c
        query = select(e.projection, e.entity, e.state, e.revisions)
        for pair in self._models.rows(self._in_order(query), itemgetter(0, 1)):
            it = _missing(pair) or self._of_entity(pair)
            yield it and f"{pair.key[0]} {pair.key[1]}: {it}"

    def index(self) -> Found:
        e, i = entities.c, entity_index.c
        query = select(e.projection, e.entity, i.field, i.value).join(entity_index, i.entity_id == e.id)
        ordered = self._in_order(query, in_bytes(self._models.live, i.field))
        for pair in self._models.rows(ordered, itemgetter(0, 1, 2)):
            projection, entity, name = pair.key
            it = "" if pair.same else unlike(*({name: side and side.value} for side in pair.sides))
            yield it and f"index of {projection} {entity}: {it}"

    def states(self) -> Found:
        e, s = entities.c, entity_states.c
        turn = func.row_number().over(partition_by=s.entity_id, order_by=(s.recorded_at, s.id)).label("turn")
        query = select(e.projection, e.entity, turn, s.recorded_at, s.state).select_from(entities)
        query = query.join(entity_states, s.entity_id == e.id)
        for pair in self._models.rows(self._in_order(query, "turn"), itemgetter(0, 1, 2)):
            projection, entity, number = pair.key
            it = _missing(pair)
            if not it and not pair.same and (projection, entity) not in self._mixed:
                it = unlike(*({"recorded": moment(side.recorded_at)} for side in pair.sides))
                it = it or self._states(projection, pair.live.state, pair.rebuilt.state)
            yield it and f"state {number} of {projection} {entity}: {it}"

    def log(self) -> Found:
        e, g = entities.c, cell_log.c
        query = (
            select(
                g.cell_id,
                func.coalesce(e.projection, "").label("projection"),
                func.coalesce(e.entity, "").label("entity"),
                func.sum(g.change).label("sum"),
                func.count().label("lines"),
                func.min(g.recorded_at).label("first"),
                func.max(g.recorded_at).label("last"),
            )
            .outerjoin(entities, e.id == g.entity_id)
            .group_by(g.cell_id, e.id, e.projection, e.entity)
            .order_by(g.cell_id, self._projection, self._entity)
        )
        for pair in self._models.rows(query, itemgetter(0, 1, 2)):
            cell, *whose = pair.key
            mixed = tuple(whose) in self._mixed
            if mixed:
                self._crossed.add(cell)
            it = "" if pair.same else unlike(*(_line(side, mixed=mixed) for side in pair.sides))
            yield it and f"log of {self._models.place(cell)} for {' '.join(whose)}: {it}"

    def cells(self) -> Found:
        for pair in self._models.rows(select(cells).order_by(cells.c.id), lambda row: (row.id,)):
            crossed = pair.key[0] in self._crossed
            it = "" if pair.same else unlike(*(_cell(side, crossed=crossed) for side in pair.sides))
            yield it and f"{in_words(pair.live or pair.rebuilt)}: {it}"

    def months(self) -> Found:
        m = cell_months.c
        query = select(m.cell_id, m.month, m.change).order_by(m.cell_id, m.month)
        for pair in self._models.rows(query, itemgetter(0, 1)):
            cell, month = pair.key
            ends_alike = pair.same or cell in self._crossed
            it = "" if ends_alike else unlike(*({"change": side and side.change} for side in pair.sides))
            yield it and f"{self._models.place(cell)} in {month}: {it}"

    def totals(self) -> Found:
        t = totals.c
        for pair in self._models.rows(select(totals).order_by(t.id), lambda row: (row.id,)):
            whole = not self._crossed
            it = unlike(*(_cell(side, crossed=not whole) for side in (pair.live, pair.rebuilt)))
            side = pair.live or pair.rebuilt
            yield it and f"total by {side.kept_by} of {side.measure} in {side.month or 'all'}: {it}"

    def shifts(self) -> Found:
        d = total_shifts.c
        query = select(d.total_id, d.shift, d.change).order_by(d.total_id, d.shift)
        for pair in self._models.rows(query, itemgetter(0, 1)):
            total, shift = pair.key
            changes = ({"change": side.change if side else 0} for side in (pair.live, pair.rebuilt))
            it = "" if self._crossed else unlike(*changes)
            yield it and f"total number {total} in shift {shift}: {it}"

    def _in_order(self, query: Select[Any], *then: Any) -> Select[Any]:
        return query.order_by(self._projection, self._entity, *then)

    def _of_entity(self, pair: Pair) -> str:
        taken, again = _decode(pair.live.revisions), _decode(pair.rebuilt.revisions)
        if len(taken) > 1 or len(again) > 1:
            self._mixed.add(pair.key[:2])
        it = unlike({"revisions": taken}, {"revisions": again})
        return it or self._states(pair.key[0], pair.live.state, pair.rebuilt.state)

    def _states(self, projection: str, live: bytes, rebuilt: bytes) -> str:
        """What is unlike in two kept states; the order of a set or a mapping is not."""
        if live == rebuilt:
            return ""
        fold = self._folds.get(projection)
        if fold is not None and _decode(live, type=fold.state) == _decode(rebuilt, type=fold.state):
            return ""
        return unlike(_decode(live), _decode(rebuilt))


def _decode(kept: bytes, *, type: Any = Any) -> Any:  # noqa: A002 - msgspec's name
    """What somebody damaged is no state, and unlike every one."""
    try:
        return msgspec.json.decode(kept, type=type)
    except msgspec.MsgspecError as error:
        return {str(error): kept}


def _missing(pair: Pair) -> str:
    return NOT_REBUILT if pair.rebuilt is None else NOT_LIVE if pair.live is None else ""


def _line(side: Any, *, mixed: bool) -> dict[str, Any]:
    if side is None:
        return {"sum": 0} if mixed else {"sum": 0, "lines": 0}
    total = {"sum": int(side.sum)}
    if mixed:
        return total
    return total | {"lines": side.lines, "first": moment(side.first), "last": moment(side.last)}


def _cell(side: Any, *, crossed: bool) -> dict[str, Any]:
    if side is None:
        return {"value": 0 if crossed else None}
    value: dict[str, Any] = {"value": side.value}
    if crossed:
        return value
    return {**value, **side._asdict(), "first_at": moment(side.first_at), "last_at": moment(side.last_at)}
