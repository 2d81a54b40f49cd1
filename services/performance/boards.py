"""Sums cells for boards: by measure for a scope, or by person for a ranking."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from services.performance.formulas import Sums
from services.performance.kpis import STANDINGS
from services.performance.measures.people import PEOPLE, TEAMS, Person, Team
from services.performance.scope import Filters, Period, Slice, slices, standing
from shared.projections.lists import Kept
from shared.projections.tables import cells

Row = tuple[str, str, str, int, int]
"""Person, measure, currency, bucket, value."""


class Boards:
    """The read model's cells, as boards ask for them; every answer is of one moment."""

    def __init__(self, engine: Engine) -> None:
        several = engine.dialect.name == "postgresql"  # where each statement sees a moment of its own
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ") if several else engine
        self._people = Kept(engine, PEOPLE)
        self._teams = Kept(engine, TEAMS)

    def sums(self, measures: Collection[str], period: Period, filters: Filters, *, now: date) -> Sums:
        with self._engine.connect() as tx:
            people, teams = self._organisation(tx)
            return Sums(row[1:] for row in _rows(tx, measures, period, filters, now, people, teams))

    def by_person(
        self, measures: Collection[str], period: Period, filters: Filters, *, now: date
    ) -> Iterator[tuple[str, str, Sums]]:
        """Everybody who has something, as id, name and sums."""
        rows: dict[str, list[Any]] = defaultdict(list)
        with self._engine.connect() as tx:
            people, teams = self._organisation(tx)
            for person, *rest in _rows(tx, measures, period, filters, now, people, teams):
                if person:
                    rows[person].append(rest)
        for person, theirs in rows.items():
            yield person, people[person].name if person in people else person, Sums(theirs)

    def by_team(
        self, measures: Collection[str], period: Period, filters: Filters, *, now: date
    ) -> Iterator[tuple[str, str, Sums]]:
        """Every team, as id, name and sums; a result counts for the team where it was earned."""
        with self._engine.connect() as tx:
            people, teams = self._organisation(tx)
            for team_id, team in teams.items():
                if filters.team in (None, team_id) and filters.region in (None, team.region):
                    theirs = replace(filters, team=team_id)
                    rows = _rows(tx, measures, period, theirs, now, people, teams)
                    yield team_id, team.name, Sums(row[1:] for row in rows)

    def by_department(self, period: Period) -> list[tuple[str, Sums]]:
        """The hand-off measures of every department that has any: standings now, times of the period."""
        c = cells.c
        start, end = period.start.isoformat(), period.end.isoformat()
        query = (
            select(c.department, c.measure, c.currency, c.bucket, func.sum(c.value))
            .where(c.department != "", c.value != 0)
            .where((c.day == "") | ((c.day >= start) & (c.day < end)))
            .group_by(c.department, c.measure, c.currency, c.bucket)
            .order_by(c.department)
        )
        with self._engine.connect() as tx:
            found = tx.execute(query).all()
        return [
            (department, Sums((row[1], row[2], row[3], int(row[4])) for row in rows))
            for department, rows in groupby(found, key=lambda row: row[0])
        ]

    def lines(self) -> list[str]:
        """The product lines that any cell is about."""
        query = select(cells.c.line).where(cells.c.line != "").distinct().order_by(cells.c.line)
        with self._engine.connect() as tx:
            return list(tx.scalars(query))

    def _organisation(self, tx: Connection) -> tuple[Mapping[str, Person], Mapping[str, Team]]:
        return dict(self._people.rows(tx)), dict(self._teams.rows(tx))


def _rows(
    tx: Connection,
    measures: Collection[str],
    period: Period,
    filters: Filters,
    now: date,
    people: Mapping[str, Person],
    teams: Mapping[str, Team],
) -> Iterator[Row]:
    flows = [measure for measure in measures if measure not in STANDINGS]
    stands = [measure for measure in measures if measure in STANDINGS]
    for part in slices(period, filters, people, teams) if flows else ():
        yield from _select(tx, flows, filters, part, dated=True)
    if stands:
        whose = standing(filters, people, teams, now)
        yield from _select(tx, stands, filters, Slice(period, whose), dated=False)


def _select(
    tx: Connection, measures: Sequence[str], filters: Filters, part: Slice, *, dated: bool
) -> Iterator[Row]:
    c = cells.c
    query = (
        select(c.person, c.measure, c.currency, c.bucket, func.sum(c.value))
        .where(c.measure.in_(measures), c.value != 0)
        .group_by(c.person, c.measure, c.currency, c.bucket)
    )
    if dated:
        start, end = part.period.start.isoformat(), part.period.end.isoformat()
        query = query.where(c.day >= start, c.day < end)
    if part.people is not None:
        query = query.where(c.person.in_(part.people))
    if filters.line is not None:
        query = query.where(c.line == filters.line)
    for person, measure, currency, bucket, value in tx.execute(query):
        yield person, measure, currency, bucket, int(value)
