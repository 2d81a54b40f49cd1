"""The boards say the same on SQLite and on PostgreSQL: live, looking back, filtered, converted, explained."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import create_engine

from services.performance.boards import BYS, groups, sums, terms_of
from services.performance.explain import caused, contributions
from services.performance.formulas import Frame, evaluate
from services.performance.funnel import NEEDED, funnel
from services.performance.kpis.catalogue import KPIS, terms
from services.performance.kpis.formula import parts
from services.performance.look import Look
from services.performance.scope import Filters, Period, Scope
from shared.events.examples import STORY
from shared.events.examples.cast import EAST, WANG, at, on
from shared.events.organisation import PersonLeft
from shared.projections.tables import metadata
from tests.unit.performance.world import World

YEAR: Final = Period(on("01-01"), on("12-31"))
MARCH: Final = Period(on("03-01"), on("04-01"))
SCOPES: Final = (
    Scope(YEAR, on("12-30")),
    Scope(MARCH, on("03-31")),
    Scope(YEAR, on("12-30"), Filters(team=EAST)),
    Scope(YEAR, on("12-30"), Filters(person=WANG, line="Atlas")),
    Scope(YEAR, on("12-30"), Filters(region="华东")),
    Scope(YEAR, on("03-20"), as_of=at("03-20 12:00")),
    Scope(MARCH, on("03-12"), Filters(department="sales"), as_of=at("03-12 12:00")),
    Scope(YEAR, on("12-30"), currency="USD"),
)


@pytest.fixture(params=["postgresql"])
def other(tmp_path: Path) -> Iterator[World]:
    url = os.environ.get("DATABASE_URL_TEST", "")
    if not url:
        pytest.skip("DATABASE_URL_TEST names no PostgreSQL database (postgresql+psycopg://…)")
    emptied = create_engine(url)
    metadata.drop_all(emptied)
    emptied.dispose()
    world = World(tmp_path, url=url)
    yield world
    world.engine.dispose()


def test_every_answer_is_the_same(world: World, other: World) -> None:
    for one in (world, other):
        one.happened(*(event for event in STORY if not isinstance(event, PersonLeft)))  # nobody joined
    for scope in SCOPES:
        assert _answers(world, scope) == _answers(other, scope)


def _answers(world: World, scope: Scope) -> dict[str, Any]:
    frame = Frame(at("12-30 12:00"), scope.period.days, "CNY")
    with world.looks.at(scope) as look:
        found = sums(look, terms(KPIS))
        return {
            "kpis": {kpi.name: evaluate(kpi, found, frame) for kpi in KPIS},
            "groups": {
                (by, group.id, kpi.name): evaluate(kpi, group.sums, frame)
                for by in BYS
                for group in groups(look, by, terms(KPIS))
                for kpi in KPIS
            },
            "funnel": funnel(sums(look, terms_of(NEEDED))),
            "explained": {
                (kpi.name, part): _explained(look, kpi.formula, part)
                for kpi in KPIS
                for part in parts(kpi.formula)
            },
        }


def _explained(look: Look, formula: Any, part: str) -> Any:
    made_of = contributions(look, parts(formula)[part])
    events = caused(look, parts(formula)[part], {one.share.entity_id for one in made_of})
    return [(one.entity, one.share[1:], one.value, events[one.share.entity_id]) for one in made_of]
