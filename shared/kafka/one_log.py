"""A producer that stops at the first doubt whether its records still go to the log it knows.

An ordinary producer reconnects and sends again by itself. What answers then may be a broker that lost its
newest records, or all of them: the retried batch would stand behind a hole that nobody sees. So a broken
connection, another broker or a refused batch ends this producer; its user looks at the log and starts anew.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.client import ConnectionGroup
from aiokafka.errors import KafkaError
from aiokafka.protocol.produce import ProduceRequest

from shared.kafka.brokers import Brokers
from shared.kafka.started import started

LINGER_MS: Final = 2
STOP_SECONDS: Final = 5.0


class LogInDoubt(KafkaError):  # type: ignore[misc] # aiokafka has no types
    """Not to be sent again: whether it was kept, and by which log, is not known."""

    retriable = False


class OneLogProducer(AIOKafkaProducer):  # type: ignore[misc] # aiokafka has no types
    """Its sends raise ``LogInDoubt`` once anything went wrong; so does ``check``."""

    _connections: dict[int, Any]
    _doubt: str = ""

    async def start(self) -> None:
        await super().start()
        connect, self._send = self.client._get_conn, self.client.send  # noqa: SLF001 - aiokafka tells of no lost connection
        self._connections = {b.nodeId: await connect(b.nodeId) for b in self.client.cluster.brokers()}
        self.client.send = self._send_once
        self.check()

    def check(self) -> None:
        """Raises ``LogInDoubt`` when a connection is not the one that this producer started with."""
        for node, connection in self._connections.items():
            if connection is None or not connection.connected():
                self._doubt = self._doubt or f"the connection to broker {node} was lost"
        if self._doubt:
            raise LogInDoubt(self._doubt)

    async def stop(self) -> None:
        """Send what was handed over, for a while: without a broker it would wait for ever."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await super().stop()
        except TimeoutError:
            await self._sender.close()
            await self.client.close()

    async def _send_once(self, node: int, request: Any, *, group: Any = ConnectionGroup.DEFAULT) -> Any:
        if not isinstance(request, ProduceRequest):
            return await self._send(node, request, group=group)
        self.check()
        if node not in self._connections:
            self._doubt = f"broker {node} leads now"
            raise LogInDoubt(self._doubt)
        try:
            answer = await self._send(node, request, group=group)
        except (KafkaError, OSError, TimeoutError) as error:
            self._doubt = repr(error)
            raise LogInDoubt(self._doubt) from error
        refused = [part[1] for _, parts in answer.topics for part in parts if part[1] != 0]
        if refused:
            self._doubt = f"the broker refused a batch with error {refused[0]}"
            raise LogInDoubt(self._doubt)
        return answer


@asynccontextmanager
async def producer_of_one_log(brokers: Brokers) -> AsyncIterator[OneLogProducer]:
    """A started producer, connected to every broker; raises ``KafkaError`` when it cannot be."""
    producer = OneLogProducer(
        **brokers.client(),
        enable_idempotence=True,
        acks="all",
        linger_ms=LINGER_MS,
        compression_type="gzip",  # headers repeat themselves: a seventh of the size
        connections_max_idle_ms=None,
        request_timeout_ms=10_000,
    )
    async with started(producer.start, producer.stop):
        yield producer
