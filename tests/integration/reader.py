"""A reader of topics that keeps what it took."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition
from shared.kafka.stream import ChunkedApp, chunked_app
from shared.kafka.transport import Chunk


@dataclass
class Reader:
    """A handler and its checkpoint, kept together as one transaction would keep them."""

    instance: str | None = None
    took: dict[Partition, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    checkpoint: dict[Partition, int] = field(default_factory=dict)
    owns: set[Partition] = field(default_factory=set)
    calls: list[Sequence[Chunk]] = field(default_factory=list)
    fail: Callable[[Sequence[Chunk]], bool] = lambda _chunks: False

    async def handle(self, chunks: Sequence[Chunk]) -> None:
        self.calls.append(chunks)
        assert len({c.partition for c in chunks}) == len(chunks)
        if self.fail(chunks):
            raise ConnectionError("the database is away")
        for chunk in chunks:
            self.took[chunk.partition] += [r.value for r in chunk.records]
            self.checkpoint[chunk.partition] = chunk.position

    async def start_at(self, partitions: Collection[Partition]) -> Mapping[Partition, int | None]:
        self.owns = set(partitions)
        return {p: self.checkpoint.get(p) for p in partitions}

    def count(self) -> int:
        return sum(map(len, self.took.values()))

    def app(self, broker: Brokers, group: str, *topics: str) -> ChunkedApp:
        return chunked_app(
            group, broker, topics, handle=self.handle, start_at=self.start_at, instance=self.instance
        )

    @asynccontextmanager
    async def reading(self, broker: Brokers, group: str, *topics: str) -> AsyncIterator[ChunkedApp]:
        app = self.app(broker, group, *topics)
        await app.start()
        try:
            yield app
        finally:
            await app.stop()
