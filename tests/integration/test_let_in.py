"""Apache Kafka lets in who is known to it, over TLS: by a name and a password, or by a certificate."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple
from uuid import uuid4

import pytest

from baton.apache_kafka import artefacts, node
from baton.broker import HOST, answers, until_it_answers
from shared.eventstore.sqlite import SqliteStore
from shared.kafka.brokers import Brokers
from tests.brokers import chosen
from tests.certificates import certificate_of
from tests.integration.reader import Reader
from tests.integration.relayed import TOPIC, append, relaying
from tests.local_broker import END_WITHIN, START_WITHIN
from tests.ports import free_ports
from tests.waiting import until

PASSWORD: Final = uuid4().hex
LISTENERS: Final = """
listeners=INSIDE://{host}:{ports[0]},BY_NAME://{host}:{ports[2]},BY_CERTIFICATE://{host}:{ports[3]},\
CONTROLLER://{host}:{ports[1]}
listener.security.protocol.map=INSIDE:PLAINTEXT,BY_NAME:SASL_SSL,BY_CERTIFICATE:SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INSIDE
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.by_name.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.by_certificate.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/baton.crt
"""


class Kafka(NamedTuple):
    """One node, and the ways into it."""

    by_name: Brokers
    by_certificate: Brokers


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    if chosen() != "apache":
        pytest.skip("only Apache Kafka lets nobody in, and here on Java: make test-kafka")
    folder, inside = tmp_path_factory.mktemp("kafka"), free_ports(4)
    for name in ("broker", "baton"):
        made = certificate_of(name)
        (folder / f"{name}.crt").write_bytes(made.certificate)
        (folder / f"{name}.pem").write_bytes(made.key + made.certificate)
    argv = node.argv(folder / "data", port=inside, controller=inside + 1)
    with (folder / "data" / "server.properties").open("a") as settings:
        settings.write(LISTENERS.format(host=HOST, folder=folder, ports=range(inside, inside + 4)))
    with (folder / "broker.log").open("wb") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log)
    try:
        asyncio.run(until_it_answers(Brokers(f"{HOST}:{inside}"), within=START_WITHIN))
        _make_known(f"{HOST}:{inside}")
        yield Kafka(
            by_name=Brokers(
                f"{HOST}:{inside + 2}", "SASL_SSL", folder / "broker.crt", user="baton", password=PASSWORD
            ),
            by_certificate=Brokers(
                f"{HOST}:{inside + 3}", "SSL", folder / "broker.crt", certificate=folder / "baton.pem"
            ),
        )
    finally:
        process.kill()
        process.wait(timeout=END_WITHIN)


def _make_known(inside: str) -> None:
    """The user ``baton``, with its password."""
    change = ("--alter", "--entity-type", "users", "--entity-name", "baton")
    config = ("--add-config", f"SCRAM-SHA-512=[password={PASSWORD}]")
    java = (artefacts.program("java"), "-cp", artefacts.classpath(), "kafka.admin.ConfigCommand")
    subprocess.run([*java, "--bootstrap-server", inside, *change, *config], check=True, capture_output=True)


async def test_an_event_goes_from_the_store_to_readers(
    kafka: Kafka, store: SqliteStore, fresh: Callable[[str], str]
) -> None:
    await append(store, streams=1, each=1)
    async with relaying(store, kafka.by_name):
        for way in kafka:
            reader = Reader()
            async with reader.reading(way, fresh("group"), TOPIC):
                await until(reader.count)
            assert reader.count() == 1


async def test_nobody_else_is_let_in(kafka: Kafka) -> None:
    assert await answers(kafka.by_name)
    assert await answers(kafka.by_certificate)
    for stranger in (
        replace(kafka.by_name, password=uuid4().hex),
        replace(kafka.by_name, user="somebody"),
        replace(kafka.by_name, protocol="PLAINTEXT"),
        replace(kafka.by_name, protocol="SSL"),
        replace(kafka.by_certificate, certificate=None),
        replace(kafka.by_certificate, protocol="PLAINTEXT"),
    ):
        assert not await answers(stranger), stranger


async def test_a_broker_that_nobody_vouches_for_is_not_spoken_to(kafka: Kafka) -> None:
    for way in kafka:
        assert not await answers(replace(way, authority=None))


async def test_whoever_is_not_let_in_goes_on_trying_and_tells_no_password(
    kafka: Kafka, store: SqliteStore, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = replace(kafka.by_name, user="somebody")
    told = ""

    def said() -> bool:
        nonlocal told
        told += capsys.readouterr().out
        return told.count("relay lost the broker") > 1

    async with relaying(store, stranger) as relay:
        await until(said)
        assert not relay.healthy
    assert PASSWORD not in told
    assert PASSWORD not in repr(stranger)
