"""Baton as a cluster runs it, a process for each role: restarted in turn, killed, rebuilt, all under load."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from shared.events.catalogue import topic
from shared.kafka.started import started
from shared.kafka.topics import PARTITIONS
from tests.cluster import STOP_WITHIN, Cluster, cluster
from tests.published import published
from tests.waiting import until

CLIENTS = 3
BREATH_SECONDS = 0.05
"""A cluster at work and not at its limit, or a rebuild would take as long as the machine is small."""
AMOUNT = 1000
HARDLY_STARTED = 20

pytestmark = [pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Load:
    """Clients that win deals one after the other, and what they were answered."""

    numbers: Any = field(default_factory=count)
    won: list[str] = field(default_factory=list)
    """The deals whose winning was acknowledged."""
    unwell: list[str] = field(default_factory=list)
    """Every answer that was none, or not what was asked for."""

    @asynccontextmanager
    async def on(self, it: Cluster) -> AsyncIterator[None]:
        enough = asyncio.Event()
        async with it.client() as client:
            clients = [asyncio.create_task(self._wins(it, client, enough)) for _ in range(CLIENTS)]
            started = len(self.won)
            try:
                await until(lambda: len(self.won) > started + HARDLY_STARTED)
                yield
                after = len(self.won)
                await until(lambda: len(self.won) > after + HARDLY_STARTED)
            finally:
                enough.set()
                await asyncio.gather(*clients)

    async def _wins(self, it: Cluster, client: httpx.AsyncClient, enough: asyncio.Event) -> None:
        while not enough.is_set():
            await self._win(it, client, f"d{next(self.numbers)}")
            await asyncio.sleep(BREATH_SECONDS)

    async def _win(self, it: Cluster, client: httpx.AsyncClient, deal: str) -> None:
        body: dict[str, Any] = {
            "id": deal,
            "title": "云帆 Seats",
            "owner": "p1",
            "product": "Seats",
            "line": "S",
        }
        body |= {"amount": {"minor": AMOUNT, "currency": "CNY"}}
        for path, sent in (("/deals", body), (f"/deals/{deal}/win", {})):
            try:
                answer = await client.post(it.url("customers") + path, json=sent)
            except httpx.TransportError as error:
                self.unwell.append(f"{path}: {error!r}")
                return
            if not answer.is_success:
                self.unwell.append(f"{path}: {answer.status_code} {answer.text}")
                return
        self.won.append(deal)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    wanted = {
        "customers": ["api", "api", "stream", "stream", "relay"],
        "performance": ["api", "api", "stream", "stream", "stream", "relay"],
        "orders": ["api,relay", "stream", "stream"],
    }
    async with cluster(tmp_path_factory.mktemp("cluster"), wanted, DRAIN_SECONDS="2") as it:
        yield it


@pytest.fixture(scope="module")
def load() -> Load:
    return Load()


async def test_every_process_is_restarted_in_turn_and_nobody_notices(running: Cluster, load: Load) -> None:
    async with load.on(running):
        for replica in running.replicas:
            assert await replica.stop() == 0, f"{replica.service} {replica.roles}"
            replica.start()
            await running.until_ready(replica)
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_a_read_model_is_built_anew_while_others_read_and_write_it(
    running: Cluster, load: Load
) -> None:
    async with load.on(running), running.client() as client:
        for replica in running.of("performance", "stream"):
            await client.post(f"{replica.url}/replay")
            done = await until(partial(_finished, client, replica.url), within=120)
            assert done["failed"] is None
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_who_leads_is_killed_and_another_leads(running: Cluster, load: Load) -> None:
    async with load.on(running):
        for replica in running.of("performance", "stream"):
            replica.kill()
            replica.start()
            await running.until_ready(replica)
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_one_that_is_frozen_is_done_without_and_does_nothing_twice_when_it_wakes(
    running: Cluster, load: Load
) -> None:
    async with load.on(running), running.client() as client:
        for replica in running.of("performance", "stream"):
            with replica.frozen():
                won = len(load.won)
                await until(partial(_board_has, running, client, won), within=90, what="others took over")
            await running.until_ready(replica)
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_partitions_are_added_and_no_stream_moves(running: Cluster, load: Load) -> None:
    async with load.on(running):
        for service in ("customers", "performance"):
            await _add_partitions(running, topic(service), 2 * PARTITIONS)
        await until(partial(_all_are_read, running, 2 * PARTITIONS), what="the new ones are assigned")
        for replica in [*running.of("customers", "relay"), *running.of("performance", "stream")]:
            assert await replica.stop() == 0
            replica.start()
            await running.until_ready(replica)
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_what_another_role_does_is_not_done_here(running: Cluster) -> None:
    async with running.client() as client:
        answer = await client.post(running.url("performance") + "/replay")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert "ROLES" in answer.json()["detail"]
        [relay] = running.of("performance", "relay")
        ready = (await client.get(f"{relay.url}/health/ready")).json()
        assert ready == {"status": "ready", "waiting_for": {}}


async def test_a_stop_is_announced_and_kept_within_its_bound(running: Cluster) -> None:
    [one, _] = running.of("customers", "api")
    async with running.client() as client, client.stream("GET", f"{one.url}/events") as feed:
        assert feed.status_code == httpx.codes.OK
        stopping = asyncio.create_task(one.stop())
        answer = await until(partial(_draining, client, one.url))
        assert (answer.status_code, answer.json()["status"]) == (503, "draining")
        command = await client.post(f"{one.url}/deals/nowhere/win", json={})
        assert (command.status_code, command.headers["connection"]) == (404, "close")
        assert await asyncio.wait_for(stopping, STOP_WITHIN) == 0
    one.start()
    await running.until_ready(one)


async def _all_is_well(it: Cluster, load: Load) -> None:
    """What was acknowledged is on the board and, once and in order, on its topic; so is the order of each won
    deal; a rebuild agrees."""
    async with it.client() as client:
        await until(
            partial(_board_shows, it, client, len(load.won)), within=120, what="the board shows it all"
        )
        await until(partial(_has_orders, it, len(load.won)), within=120, what="every won deal has its order")
        for service in ("customers", "performance", "orders"):
            one = it.of(service, "stream")[0].url
            await client.post(f"{one}/verify")
            found = await until(partial(_finished, client, one, "verify"), within=120)
            assert (found["failed"], found["differences"], found["first"]) == (None, 0, [])
    deals = await _streams(it, "customers", "deal-")
    assert deals == {f"deal-{deal}": [(0, "deal-opened.v1"), (1, "deal-won.v1")] for deal in load.won}
    orders = await _streams(it, "orders", "order-")
    assert orders == {f"order-{deal}": [(0, "order-opened.v1")] for deal in load.won}


async def _board_shows(it: Cluster, client: httpx.AsyncClient, won: int) -> bool:
    board = (await client.get(it.url("performance") + "/kpis?kpi=won_count&kpi=won_amount")).json()
    values = {kpi["name"]: kpi["value"] for kpi in board["kpis"]}
    lags = [source["lag_events"] for source in board["freshness"]]
    return (values["won_count"], values["won_amount"]) == (won, won * AMOUNT // 100) and not any(lags)


async def _board_has(it: Cluster, client: httpx.AsyncClient, won: int) -> bool:
    """At least so many, and what it shows came from all partitions: three clients win over them all."""
    board = (await client.get(it.url("performance") + "/kpis?kpi=won_count")).json()
    return bool(board["kpis"][0]["value"] >= won)


async def _add_partitions(it: Cluster, name: str, total: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=it.broker)
    async with started(admin.start, admin.close):
        await admin.create_partitions({name: NewPartitions(total)})


async def _all_are_read(it: Cluster, total: int) -> bool:
    """Members of performance's group have all partitions of customers' topic between them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=it.broker)
    async with started(admin.start, admin.close):
        [answer] = await admin.describe_consumer_groups(["baton.performance"])
    [(_error, _group, _state, _kind, _protocol, members, *_)] = answer.groups
    read = [ConsumerProtocolMemberAssignment.decode(assigned).assignment for *_, assigned in members]
    return total == sum(len(numbers) for one in read for name, numbers in one if name == topic("customers"))


async def _finished(client: httpx.AsyncClient, url: str, what: str = "replay") -> Any:
    job = (await client.get(f"{url}/{what}")).json()
    return job if job["finished_at"] else None


async def _draining(client: httpx.AsyncClient, url: str) -> httpx.Response | None:
    answer = await client.get(f"{url}/health/ready")
    return answer if answer.json()["status"] == "draining" else None


async def _has_orders(it: Cluster, won: int) -> bool:
    return len(await _streams(it, "orders", "order-")) == won


async def _streams(it: Cluster, service: str, category: str) -> dict[str, list[tuple[int, str]]]:
    """Revision and type of every event on the service's topic, in order, by stream."""
    found = defaultdict[str, list[tuple[int, str]]](list)
    for event in await published(it.broker, service):
        if event["subject"].startswith(category):
            found[event["subject"]].append((int(event["sequence"]), event["type"]))
    return dict(found)
