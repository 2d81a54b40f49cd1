"""What is served is compared with a rebuild, row by row: equal after any history, and any damage is named."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from sqlalchemy import delete, func, select, update

from services.performance.measures.people import PEOPLE
from shared.projections.database import Database, micros
from shared.projections.places import place_of
from shared.projections.runner import Outdated
from shared.projections.tables import (
    cell_log,
    cell_months,
    cells,
    entities,
    entity_index,
    entity_states,
    parked,
)
from shared.service.job import Run
from tests.unit.performance.world import joined, moved
from tests.unit.projections.histories import PROJECTIONS, Histories, histories, readings, repeated
from tests.unit.projections.reading import empty
from tests.unit.projections.sales import (
    FIRST_PURCHASE,
    MORNING,
    lost,
    opened,
    ordered,
    reassigned,
    reopened,
    repriced,
    sales,
    stream,
    won,
)
from tests.unit.projections.test_any_order import BOUNDED
from tests.unit.projections.written import NAMES, Folds, Service, Written

FOLDS: Folds = (sales(), FIRST_PURCHASE, PEOPLE)
HISTORY = [
    *stream("deal-1", opened(), reassigned("li"), won(), reopened()),
    *stream("deal-2", opened("li", minor=7), repriced(40), lost()),
    *stream("order-b", ordered("b", "acc-1", at=MORNING + timedelta(days=2))),
    *stream("order-a", ordered("a", "acc-1", at=MORNING)),
    *stream(
        "person-wang",
        joined("wang", "east"),
        moved("wang", "west", "03-02"),
    ),
]


@pytest.fixture
async def service(database: Database) -> Service:
    service = Service(database, FOLDS, Written())
    await service.happens(*HISTORY)
    return service


async def test_what_was_read_as_it_should_be_is_equal(service: Service, url: str) -> None:
    found = await service.rebuilding.verify(Run())
    assert (found.differences, found.first) == (0, [])
    assert found.compared == {
        "parked events": 1,
        "entities": 4,
        "index rows": 4,
        "dated states": 2,
        "sums of the cell log": 10,
        "cells": 8,
        "months of cells": 4,
        "totals": 11,
        "shifts of totals": 6,
    }
    assert place_of(url).numbers() == {0}
    assert REGISTRY.get_sample_value("baton_verify_differences") == 0
    assert REGISTRY.get_sample_value("baton_verify_last_success_timestamp_seconds")


def _of(table: Any, **where: Any) -> Any:
    return [table.c[name] == value for name, value in where.items()]


WANG = {"measure": "open_amount", "person": "wang"}
LI = {"measure": "open_amount", "person": "li"}
DEAL_1 = select(entities.c.id).where(entities.c.entity == "deal-1").scalar_subquery()
DEAL_2 = update(entities).where(*_of(entities, entity="deal-2"))
LAST_STATE = select(func.max(entity_states.c.id)).scalar_subquery()
OF_LI = select(cells.c.id).where(*_of(cells, **LI)).scalar_subquery()
DAMAGE = {
    "a cell's value": (
        update(cells).where(*_of(cells, **LI)).values(value=141),
        "cell open_amount of li: value is 141, rebuilt 140",
    ),
    "when a cell changed first": (
        update(cells).where(*_of(cells, **LI)).values(first_at=0),
        "cell open_amount of li: first_at is 1970-01-01T00:00:00+00:00, rebuilt 2025-03-10T01:00:00+00:00",
    ),
    "a cell that is gone": (
        delete(cells).where(*_of(cells, **LI)),
        "cell open_amount of li: value is nothing, rebuilt 140",
    ),
    "a cell that should not be": (
        update(cells).where(*_of(cells, **LI)).values(id=5, line="Atlas"),
        "cell open_amount of li, Atlas: value is 140, rebuilt nothing",
    ),
    "a state": (
        update(entities)
        .where(*_of(entities, entity="deal-2"))
        .values(state=b'{"owner":"li","minor":41,"won":false}'),
        "sales deal-2: minor is 41, rebuilt 40",
    ),
    "a state that is none": (
        DEAL_2.values(state=b"{"),
        "sales deal-2: Input data was truncated is b'{', rebuilt nothing",
    ),
    "revisions": (
        DEAL_2.values(revisions=b'{"deal-2":7}'),
        "sales deal-2: revisions is {'deal-2': 7}, rebuilt {'deal-2': 1}",
    ),
    "an entity that is gone": (
        delete(entities).where(*_of(entities, entity="deal-2")),
        "sales deal-2: is not there, but rebuilt",
    ),
    "an entity that should not be": (
        update(entities).where(*_of(entities, projection="people")).values(entity="nobody"),
        "people nobody: is there, but not rebuilt",
    ),
    "an index row": (
        update(entity_index)
        .where(entity_index.c.entity_id == DEAL_1, entity_index.c.field == "owner")
        .values(value="x"),
        "index of sales deal-1: owner is 'x', rebuilt 'li'",
    ),
    "an index row that is gone": (
        delete(entity_index).where(*_of(entity_index, entity_id=DEAL_1, field="state")),
        "index of sales deal-1: state is nothing, rebuilt 'open'",
    ),
    "a dated state's time": (
        update(entity_states).where(entity_states.c.id == LAST_STATE).values(recorded_at=micros(MORNING)),
        "state 2 of people wang: recorded is 2025-03-10T01:00:00+00:00, rebuilt 2025-03-02T01:00:00+00:00",
    ),
    "a line of the log": (
        update(cell_log).where(cell_log.c.cell_id == OF_LI, cell_log.c.change == 33).values(change=34),
        "log of cell open_amount of li for sales deal-2: sum is 41, rebuilt 40",
    ),
    "whose a line of the log is": (
        update(cell_log).where(cell_log.c.cell_id == OF_LI, cell_log.c.change == 33).values(entity_id=DEAL_1),
        "log of cell open_amount of li for sales deal-1: sum is 133, rebuilt 100",
    ),
    "a month of a cell": (
        update(cell_months).where(cell_months.c.cell_id == OF_LI).values(change=7),
        "cell open_amount of li in 202503: change is 7, rebuilt 140",
    ),
    "what is parked": (
        delete(parked),
        "parked event deal-2/2 of stream deal-2: is not there, but rebuilt",
    ),
}


@pytest.mark.parametrize(("damage", "told"), DAMAGE.values(), ids=DAMAGE)
async def test_any_damage_is_named_first(service: Service, damage: Any, told: str) -> None:
    with service.database.begin() as tx:
        assert tx.execute(damage).rowcount == 1
    found = await service.rebuilding.verify(Run())
    assert found.first[0] == told
    assert found.differences >= len(found.first) >= 1
    assert REGISTRY.get_sample_value("baton_verify_differences") == found.differences
    await service.replay()
    assert await service.verify() == []


async def test_a_fold_that_was_changed_without_a_new_version_is_found(service: Service) -> None:
    def dearer(sale: Any) -> Any:
        return {cell: value + 1 for cell, value in sales().contribute(sale).items()}

    changed = Service(service.database, (sales(contribute=dearer), FIRST_PURCHASE, PEOPLE), service.log)
    assert not changed.runner.outdated
    assert (await changed.verify())[0].startswith("log of cell open")


async def test_the_live_one_goes_on_while_it_is_compared_as_it_was(service: Service) -> None:
    service.log.going_on.clear()
    verifying = asyncio.create_task(service.verify())
    await service.log.reached.wait()
    await service.happens(*stream("deal-3", opened(minor=5)))
    service.log.going_on.set()
    assert await verifying == []
    assert await service.verify() == []


async def test_one_of_other_versions_is_not_compared(service: Service) -> None:
    newer = Service(service.database, (sales(version=2), FIRST_PURCHASE, PEOPLE), service.log)
    with pytest.raises(Outdated):
        await newer.verify()


async def test_what_breaks_off_in_the_middle_leaves_nothing_behind(service: Service, url: str) -> None:
    service.log.going_on.clear()
    verifying = asyncio.create_task(service.verify())
    await service.log.reached.wait()
    assert place_of(url).numbers() == {0, 1}
    verifying.cancel()
    await asyncio.wait([verifying])
    assert place_of(url).numbers() == {0}
    service.log.going_on.set()
    assert await service.verify() == []


@BOUNDED
@given(st.data())
def test_after_any_history_in_any_order_a_rebuild_is_equal(used_again: Database, data: st.DataObject) -> None:
    history = data.draw(histories())
    _damage_one(history, data)
    batches = data.draw(repeated(data.draw(readings(history))))
    source_of = {name: data.draw(st.sampled_from(NAMES)) for name in sorted(history)}
    empty(used_again)
    service = Service(used_again, PROJECTIONS, Written(at_a_time=data.draw(st.integers(1, 7))))

    async def live() -> None:
        for batch in batches:
            for source in NAMES:
                await service.happens(*(it for it in batch if source_of[it.stream] == source), source=source)
            if data.draw(st.booleans()):
                await service.intake.redrive(drop=data.draw(st.booleans()))
        assert await service.verify() == []

    asyncio.run(live())


def _damage_one(history: Histories, data: st.DataObject) -> None:
    """Now and then an event that nobody can read is among them."""
    if data.draw(st.booleans()):
        name = data.draw(st.sampled_from(sorted(history)))
        n = data.draw(st.integers(0, len(history[name]) - 1))
        history[name][n] = history[name][n]._replace(data=b"{")
