"""Apache Kafka in a container, as tests take it where there is no Java (``TEST_BROKER``).

Of the image that compose names where the engine has it, else of a stand-in with the same programs.
"""

from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaProducer
from testcontainers.core.config import testcontainers_config

from baton.broker import answers
from shared.kafka.log import Partition, log_identity
from shared.kafka.topics import ensure_topics
from tests.broker_container import BrokerContainer
from tests.images.engine import has_image
from tests.images.kafka.stand_in import image
from tests.integration.conftest import store
from tests.integration.test_relay import (
    test_a_broker_killed_under_load_ends_up_with_everything_once,
    test_a_broker_wiped_under_a_running_relay_is_filled_again_exactly,
    test_events_are_published_in_order_under_their_stream,
)
from tests.local_broker import LocalBroker
from tests.waiting import until

__all__ = [
    "store",
    "test_a_broker_killed_under_load_ends_up_with_everything_once",
    "test_a_broker_wiped_under_a_running_relay_is_filled_again_exactly",
    "test_events_are_published_in_order_under_their_stream",
]
pytestmark = pytest.mark.timeout(600)
HERE = Partition("log", 0)


@pytest.fixture
def own_broker(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[LocalBroker]:
    if not has_image(testcontainers_config.ryuk_image):  # which would remove what a killed test leaves behind
        monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)
    broker = BrokerContainer(tag := image())
    with capsys.disabled():
        print(f"\nApache Kafka from {tag}")  # noqa: T201 - who runs this wants to know
    try:
        yield broker
    finally:
        broker.remove()


async def test_killed_it_comes_back_at_its_address_with_what_it_kept(own_broker: LocalBroker) -> None:
    await _filled(own_broker, "kept")
    own_broker.kill()
    assert not await answers(own_broker.brokers)
    await own_broker.start()
    assert await log_identity(own_broker.brokers, [HERE]) == {HERE: "kept"}


async def test_wiped_it_comes_back_at_its_address_with_nothing(own_broker: LocalBroker) -> None:
    await _filled(own_broker, "lost")
    own_broker.stop()
    own_broker.wipe()
    await own_broker.start()
    assert await log_identity(own_broker.brokers, [HERE]) == {HERE: None}


async def test_paused_it_does_not_answer_until_it_goes_on(own_broker: LocalBroker) -> None:
    await _filled(own_broker, "kept")
    own_broker.pause()
    assert not await answers(own_broker.brokers)
    own_broker.go_on()
    await until(lambda: answers(own_broker.brokers), what="it answers")
    assert await log_identity(own_broker.brokers, [HERE]) == {HERE: "kept"}


async def _filled(broker: LocalBroker, event: str) -> None:
    await broker.start()
    await ensure_topics(broker.brokers, {HERE.topic: 1})
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        await producer.send_and_wait(HERE.topic, f'{{"id": "{event}"}}'.encode(), partition=HERE.number)
