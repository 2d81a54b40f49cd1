"""What worker processes of the tests are given: projections, and logs that go with them by value."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial

from shared.events.seen import Seen
from shared.projections.database import open_database
from shared.projections.projection import Folds
from shared.projections.runner import Batch, Position, Source
from shared.service.rebuild_worker import Apart, Share, build_apart
from shared.service.whole_log import Positions
from tests.unit.projections.sales import FIRST_PURCHASE, opened, sales, stream


def folds(*, version: int = 1) -> Folds:
    return Folds(others=(sales(version=version), FIRST_PURCHASE))


class Copied:
    """The events by source as they are when the worker starts."""

    def __init__(self, events: Mapping[Source, Sequence[Seen]]) -> None:
        self.events = events

    def has(self, source: Source) -> bool:
        return source in self.events

    async def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        for source, end in to.items():
            yield [Batch(source, self.events[source][: end.position], after.get(source), end)]


class Stuck(Copied):
    """After the first batch nothing comes any more."""

    async def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        async for batches in super().read(after, to):
            yield batches
            await asyncio.Event().wait()


class Away(Copied):
    async def read(self, after: Positions, to: Positions) -> AsyncGenerator[Sequence[Batch], None]:
        async for _ in super().read(after, to):
            raise ConnectionError("the broker is away")
            yield []


async def main(url: str) -> None:
    """Has a worker begin, says so with the worker's process id, and waits for ever."""
    import multiprocessing  # noqa: PLC0415 - of this process alone

    events = {Source("orders"): stream("deal-1", opened())}
    share_of = partial(Share, "test", Apart(folds, Stuck(events)), to={Source("orders"): Position(1)})
    with open_database(url).beside() as beside:
        share = share_of(place=beside.place, number=beside.number, wanted=frozenset())
        async for _ in build_apart(share):
            print(multiprocessing.active_children()[0].pid, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
