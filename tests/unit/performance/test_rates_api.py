"""Exchange rates over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from services.performance import rates_api
from services.performance.measures.rates import RATES
from services.performance.rate import RATE
from shared.eventstore.decider import Decider
from shared.eventstore.sqlite import SqliteStore
from shared.projections.feed import Feed
from shared.projections.lists import Kept
from shared.projections.runner import Runner
from tests.service_app import serving
from tests.unit.performance.asking import IMPORTER, NOBODY, VIEWER, Service, problem
from tests.unit.performance.world import World

DOLLAR: Final[dict[str, Any]] = {
    "base": "USD",
    "quote": "CNY",
    "on": "2025-03-03",
    "rate": "7.1745",
    "source": "中国人民银行中间价",
}
GONE: Final = {"base": "USD", "quote": "CNY", "on": "2025-03-03"}
TABLE: Final[dict[str, Any]] = {
    "base": "USD",
    "quote": "CNY",
    "source": "中国人民银行中间价",
    "rates": [{"on": "2025-03-04", "rate": "7.1739"}, {"on": "2025-03-03", "rate": "7.1745"}],
}


@pytest.fixture
async def service(world: World, tmp_path: Path) -> AsyncIterator[Service]:
    world.runner = Runner(world.engine, "performance", (RATES,))
    store = SqliteStore(tmp_path / "events.db")
    state = {"rates": Decider(store, RATE), "rate_list": Kept(world.engine, RATES)}
    async with serving((rates_api.router,), state, role="manager") as client:
        yield Service(client, world, store, Feed(world.engine))
    await store.close()


async def test_a_rate_is_set_corrected_and_withdrawn(service: Service) -> None:
    made = await service.post("/rates", DOLLAR)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "USD-CNY"}, '"0"')
    assert (await service.post("/rates", DOLLAR | {"rate": "7.17450"})).headers["etag"] == '"0"'
    right = DOLLAR | {"rate": "7.1754"}
    assert (await service.post("/rates", right)).headers["etag"] == '"1"'
    await service.caught_up()
    assert await service.get("/rates") == [right]
    assert (await service.post("/rates/withdraw", GONE)).status_code == 204
    assert (await service.post("/rates/withdraw", GONE)).headers["etag"] == '"2"'
    await service.caught_up()
    assert await service.get("/rates") == []
    await service.post("/rates", DOLLAR)
    await service.caught_up()
    assert await service.get("/rates") == [DOLLAR]
    problem(await service.post("/rates/withdraw", GONE | {"on": "2025-03-04"}), 404, "not-found")


async def test_a_table_is_set_whole_and_only_what_is_new_is_recorded(service: Service) -> None:
    assert (await service.post("/rates", DOLLAR)).headers["etag"] == '"0"'
    made = await service.post("/rates/table", TABLE)
    assert (made.status_code, made.json(), made.headers["etag"]) == (201, {"id": "USD-CNY"}, '"1"')
    assert (await service.post("/rates/table", TABLE)).headers["etag"] == '"1"'
    await service.caught_up()
    assert await service.get("/rates") == [DOLLAR, DOLLAR | {"on": "2025-03-04", "rate": "7.1739"}]


async def test_a_table_with_a_day_twice_or_a_wrong_rate_changes_nothing(service: Service) -> None:
    days = TABLE["rates"]
    twice = TABLE | {"rates": [*days, {"on": "2025-03-04", "rate": "7.2"}]}
    problem(await service.post("/rates/table", twice), 409, "day-twice")
    for wrong in (
        [],
        [*days, {"on": "2025-03-05", "rate": "0"}],
        [days[0] | {"source": "?"}],
        days[:1] * 401,
    ):
        assert problem(await service.post("/rates/table", TABLE | {"rates": wrong}), 422, "invalid")["errors"]
    assert len(await service.store.read("rate-USD-CNY")) == 0


async def test_rates_are_listed_by_pair_and_day(service: Service) -> None:
    yen = DOLLAR | {"base": "JPY", "rate": "0.0483", "source": "Finance"}
    euro = DOLLAR | {"base": "EUR", "quote": "USD", "rate": "1.0485"}
    earlier = DOLLAR | {"on": "2025-02-05", "rate": "7.1693"}
    for one in (yen, DOLLAR, euro, earlier):
        await service.post("/rates", one)
    await service.caught_up()
    assert await service.get("/rates") == [euro, yen, earlier, DOLLAR]
    assert await service.get("/rates", base="USD", quote="CNY") == [earlier, DOLLAR]
    assert await service.get("/rates", quote="USD") == [euro]
    assert await service.get("/rates", base="CNY") == []
    problem(await service.client.get("/rates", params={"base": "dollar"}), 422)


async def test_the_same_key_sets_one_rate_and_an_old_revision_is_stale(service: Service) -> None:
    for _ in range(2):
        assert (await service.post("/rates", DOLLAR, **{"Idempotency-Key": "k"})).status_code == 201
    assert len(await service.store.read("rate-USD-CNY")) == 1
    other = DOLLAR | {"rate": "7.2"}
    problem(await service.post("/rates", other, **{"Idempotency-Key": "k"}), 422, "idempotency-key-reused")
    problem(await service.post("/rates", other, **{"If-Match": '"7"'}), 412)


async def test_a_rate_between_a_currency_and_itself_is_refused(service: Service) -> None:
    problem(await service.post("/rates", DOLLAR | {"base": "CNY"}), 409, "same-currency")


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": 7.1745},
        {"rate": 7},
        {"rate": "0"},
        {"rate": "-7.1"},
        {"rate": "1E400"},
        {"rate": "7.1234567890123"},
        {"base": "usd"},
        {"quote": "YUAN"},
        {"on": "soon"},
        {"source": " "},
        {"unknown": 1},
    ],
    ids=str,
)
async def test_a_wrong_body_is_refused_by_field(service: Service, wrong: dict[str, Any]) -> None:
    (error,) = problem(await service.post("/rates", DOLLAR | wrong), 422, "invalid")["errors"]
    assert error["field"] in wrong


async def test_an_importer_says_when_it_was_set(service: Service) -> None:
    past = DOLLAR | {"occurred_at": "2025-03-03T01:15:00Z"}
    problem(await service.post("/rates", past), 403)
    assert (await service.post("/rates", past, **IMPORTER)).status_code == 201


async def test_a_viewer_may_read_and_not_write(service: Service) -> None:
    assert (await service.client.get("/rates", headers=VIEWER)).status_code == 200
    problem(await service.client.get("/rates", headers=NOBODY), 401)
    problem(await service.post("/rates", DOLLAR, **VIEWER), 403)
    problem(await service.post("/rates/table", TABLE, **VIEWER), 403)
    problem(await service.post("/rates/withdraw", GONE, **VIEWER), 403)
