"""Baton as a cluster runs it, a process for each role: restarted in turn, killed, rebuilt, all under load."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, get_args

import httpx
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from shared.events.catalogue import SERVICES, topic
from shared.events.handoff import HandoffEvent
from shared.kafka.started import started
from shared.kafka.topics import PARTITIONS
from tests.cluster import STOP_WITHIN, Cluster, Replica, cluster
from tests.e2e.at_work import AMOUNT, AtWork, Streams, streams
from tests.published import published
from tests.receiving import Receiver, receiving
from tests.waiting import until

FOLLOWING: Final = ("performance", "coordination")
"""Services to whose ``stream`` processes everything happens."""

pytestmark = [pytest.mark.timeout(400), pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    wanted = {
        "customers": ["api", "api", "stream", "stream", "relay"],
        "performance": ["api", "api", "stream", "stream", "stream", "relay"],
        "orders": ["api,relay", "stream", "stream"],
        "coordination": ["api,relay", "stream", "stream"],
    }
    settings = {"DRAIN_SECONDS": "2", "WEBHOOK_INSIDE": "127.0.0.0/8"}
    async with cluster(tmp_path_factory.mktemp("cluster"), wanted, **settings) as it:
        yield it


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outside(running: Cluster) -> AsyncIterator[Receiver]:
    """Another system, which a webhook tells of all hand-offs."""
    types = [event.type for event in get_args(HandoffEvent)]
    async with receiving() as it, running.client() as client:
        wanted = {"id": "outside", "name": "ERP", "url": it.url, "start": "first", "types": types}
        made = await client.post(running.url("coordination") + "/webhooks", json=wanted)
        assert made.status_code == httpx.codes.CREATED, made.text
        yield it


@pytest.fixture(scope="module")
def load(outside: Receiver) -> AtWork:
    return AtWork(outside)


async def test_every_process_is_restarted_in_turn_and_nobody_notices(running: Cluster, load: AtWork) -> None:
    async with load.on(running):
        await _in_turn([running.of(service) for service in running.balanced], partial(_restart, running))
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_a_read_model_is_built_anew_while_others_read_and_write_it(
    running: Cluster, load: AtWork
) -> None:
    async with load.on(running), running.client() as client:
        await _in_turn(_following(running), partial(_rebuild, client))
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_who_leads_is_killed_and_another_leads(running: Cluster, load: AtWork) -> None:
    async def kill(replica: Replica) -> None:
        replica.kill()
        replica.start()
        await running.until_ready(replica)

    async with load.on(running):
        await _in_turn(_following(running), kill)
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_one_that_is_frozen_is_done_without_and_does_nothing_twice_when_it_wakes(
    running: Cluster, load: AtWork
) -> None:
    async def freeze(replica: Replica) -> None:
        with replica.frozen():
            others: Mapping[str, Callable[[], Any]] = {
                "performance": partial(_board_has, running, client, load.won),
                "coordination": partial(load.told_of, {*load.brought["coordination"]}),
            }
            await until(others[replica.service], within=90, what=f"others of {replica.service} took over")
        await running.until_ready(replica)

    async with load.on(running), running.client() as client:
        await _in_turn(_following(running), freeze)
    assert load.unwell == []
    await _all_is_well(running, load)


async def test_partitions_are_added_and_no_stream_moves(running: Cluster, load: AtWork) -> None:
    async with load.on(running):
        for service in ("customers", "performance", "coordination"):
            await _add_partitions(running, topic(service), 2 * PARTITIONS)
        for service in FOLLOWING:
            assigned = partial(_all_are_read, running, service, 2 * PARTITIONS)
            await until(assigned, what=f"the new ones are assigned in {service}")
        relays = [running.of("customers", "relay"), running.of("coordination", "api,relay")]
        await _in_turn([*relays, *_following(running)], partial(_restart, running))
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


def _following(it: Cluster) -> list[list[Replica]]:
    return [it.of(service, "stream") for service in FOLLOWING]


async def _in_turn(
    services: Sequence[Sequence[Replica]], happens: Callable[[Replica], Awaitable[None]]
) -> None:
    """To one process of a service after the other, and to all services at once."""

    async def to_each(replicas: Sequence[Replica]) -> None:
        for replica in replicas:
            await happens(replica)

    async with asyncio.TaskGroup() as tasks:
        for replicas in services:
            tasks.create_task(to_each(replicas))


async def _restart(it: Cluster, replica: Replica) -> None:
    assert await replica.stop() == 0, f"{replica.service} {replica.roles}"
    replica.start()
    await it.until_ready(replica)


async def _rebuild(client: httpx.AsyncClient, replica: Replica) -> None:
    await client.post(f"{replica.url}/replay")
    done = await until(partial(_finished, client, replica.url), within=120)
    assert done["failed"] is None


async def _all_is_well(it: Cluster, load: AtWork) -> None:
    """What was acknowledged is on the board; it and what comes of it is on the topics and was told outside,
    once and in order, and nothing else is; a rebuild agrees."""
    async with it.client() as client:
        await until(partial(_board_shows, it, client, load.won), within=120, what="the board shows it all")
        await until(partial(_has_orders, it, load.won), within=120, what="every won deal has its order")
        await until(load.told_all, within=120, what="all hand-offs were told outside")
        for service in SERVICES:
            one = it.of(service, "stream")[0].url
            await client.post(f"{one}/verify")
            found = await until(partial(_finished, client, one, "verify"), within=120)
            assert (found["failed"], found["differences"], found["first"]) == (None, 0, [])
    for service, brought in load.brought.items():
        assert await _streams(it, service) == brought
    assert load.told() == load.brought["coordination"]


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


async def _all_are_read(it: Cluster, by: str, total: int) -> bool:
    """Members of the service's group have all partitions of customers' topic between them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=it.broker)
    async with started(admin.start, admin.close):
        [answer] = await admin.describe_consumer_groups([f"baton.{by}"])
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
    return len(await _streams(it, "orders")) == won


async def _streams(it: Cluster, service: str) -> Streams:
    """What is on the service's topic, but for the webhook."""
    events = await published(it.broker, service)
    return streams(event for event in events if not event["subject"].startswith("webhook-"))
