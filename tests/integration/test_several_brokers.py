"""Three brokers of Apache Kafka: one dies, others lead its partitions, and nothing is lost or doubled."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from baton.apache_kafka import artefacts, node
from baton.broker import HOST, until_it_answers
from shared.eventstore.sqlite import SqliteStore
from shared.kafka.brokers import Brokers
from shared.kafka.topics import PARTITIONS, ensure_topics
from tests.brokers import chosen
from tests.integration.reader import Reader
from tests.integration.relayed import TOPIC, append, append_to, in_store, on_topic, published, relaying
from tests.local_broker import END_WITHIN, START_WITHIN
from tests.ports import free_ports
from tests.waiting import until

NODES: Final = (1, 2, 3)
SETTINGS: Final = """\
process.roles=broker,controller
node.id={number}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
controller.quorum.voters={voters}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/logs
min.insync.replicas=2
offsets.topic.num.partitions=5
group.initial.rebalance.delay.ms=0
"""


class Cluster:
    """As many brokers as there are copies; the topics that are made in it have three."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = free_ports(2 * len(NODES))
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.brokers = Brokers(",".join(f"{HOST}:{self._port(number)}" for number in NODES))

    def start(self, number: int) -> None:
        folder = self._folder / str(number)
        settings = folder / "server.properties"
        jars = (artefacts.program("java"), *node.JVM, "-cp", artefacts.classpath())
        if not folder.exists():
            folder.mkdir()
            settings.write_text(self._settings(number))
            asked = ("format", "--cluster-id", node.CLUSTER, "--config", str(settings))
            subprocess.run([*jars, "kafka.tools.StorageTool", *asked], check=True, capture_output=True)
        with (folder / "broker.log").open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [*jars, "kafka.Kafka", str(settings)], stdout=log, stderr=log
            )

    def kill(self, number: int) -> None:
        process = self._processes.pop(number)
        process.kill()
        process.wait(timeout=END_WITHIN)

    def kill_all(self) -> None:
        for number in tuple(self._processes):
            self.kill(number)

    async def leaders(self) -> set[int]:
        """Who leads a partition of the topic; -1 where nobody does."""
        admin = AIOKafkaAdminClient(**self.brokers.client())
        await admin.start()
        try:
            [described] = await admin.describe_topics([TOPIC])
            return {partition["leader"] for partition in described["partitions"]}
        finally:
            await admin.close()

    def _settings(self, number: int) -> str:
        voters = ",".join(f"{one}@{HOST}:{self._port(one) + 1}" for one in NODES)
        port, folder = self._port(number), self._folder / str(number)
        return SETTINGS.format(
            number=number, host=HOST, port=port, controller=port + 1, voters=voters, folder=folder
        )

    def _port(self, number: int) -> int:
        return self._ports + 2 * (number - 1)


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    if chosen() != "apache":
        pytest.skip("only Apache Kafka is several, and here on Java: make test-kafka")
    several = Cluster(tmp_path / "kafka")
    (tmp_path / "kafka").mkdir()
    try:
        await asyncio.gather(*(asyncio.to_thread(several.start, number) for number in NODES))
        await until_it_answers(several.brokers, within=START_WITHIN)
        await ensure_topics(several.brokers, {TOPIC: PARTITIONS}, replication=len(NODES), within=START_WITHIN)
        yield several
    finally:
        several.kill_all()


@pytest.mark.timeout(300)  # three JVMs, each started twice
async def test_when_brokers_die_one_after_the_other_every_event_is_there_once_and_in_order(
    cluster: Cluster, store: SqliteStore, fresh: Callable[[str], str]
) -> None:
    keys = await append(store, streams=60, each=2)
    reader, written = Reader(), 2
    async with (
        relaying(store, cluster.brokers) as relay,
        reader.reading(cluster.brokers, fresh("group"), TOPIC),
    ):
        await published(cluster.brokers, 120)
        for number in NODES:
            appending = asyncio.create_task(append_to(store, keys, first=written, each=10))
            await until(lambda: not relay.healthy or reader.count() > 60 * written)  # noqa: B023 - it is asked at once
            cluster.kill(number)
            await appending
            written += 10
            await until(lambda: reader.count() == 60 * written, within=60)  # noqa: B023 - see above
            assert number not in await cluster.leaders()
            cluster.start(number)
            await until(lambda: relay.healthy)
    assert await on_topic(cluster.brokers) == await in_store(store)
    took = {at.number: len(records) for at, records in reader.took.items()}
    assert took == {number: len(ids) for number, ids in (await in_store(store)).items()}
