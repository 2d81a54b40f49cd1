"""Clients at work in a cluster, and what must have come of it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Final

import httpx

from tests.cluster import Cluster
from tests.receiving import Receiver, without_repeats
from tests.waiting import until

CLIENTS: Final = 3
BREATH_SECONDS: Final = 0.4
"""A cluster at work and not at its limit, or a rebuild would take as long as the machine is small."""
AMOUNT: Final = 1000
HARDLY_STARTED: Final = 20
FALL_DUE: Final = [timedelta(seconds=seconds) for seconds in range(2, 26, 2)]
"""Hand-offs that nobody takes over are due so long after they are asked for: while all else goes on."""

Streams = dict[str, list[tuple[int, str]]]
"""Revision and type of every event, in order, by stream."""
Asks = partial[Any]
"""Takes a service, a path and a body; says whether it was acknowledged."""


@dataclass
class AtWork:
    """Clients that win deals and complain one after the other, and what they were answered."""

    outside: Receiver
    """Is told of all hand-offs."""
    numbers: Any = field(default_factory=count)
    brought: defaultdict[str, Streams] = field(default_factory=lambda: defaultdict(dict))
    """What must have come of all that was acknowledged, by service."""
    unwell: list[str] = field(default_factory=list)
    """Every answer that was none, or not what was asked for."""

    @property
    def won(self) -> int:
        return len(self.brought["orders"])

    def told(self) -> Streams:
        """As who is told sees it, who keeps the ids it has."""
        return streams(got.event for got in without_repeats(self.outside.taken))

    def told_of(self, handoffs: Collection[str]) -> bool:
        return {got.stream for got in self.outside.taken}.issuperset(handoffs)

    def told_all(self) -> bool:
        return len({*self.outside.ids()}) >= sum(map(len, self.brought["coordination"].values()))

    @asynccontextmanager
    async def on(self, it: Cluster) -> AsyncIterator[None]:
        enough = asyncio.Event()
        async with it.client() as client:
            asks = partial(self._asks, it, client)
            for within in FALL_DUE:
                await self._leave(asks, within)
            clients = [asyncio.create_task(self._work(asks, enough)) for _ in range(CLIENTS)]
            started = self.won
            try:
                await until(lambda: self.won > started + HARDLY_STARTED)
                yield
                after = self.won
                await until(lambda: self.won > after + HARDLY_STARTED)
            finally:
                enough.set()
                await asyncio.gather(*clients)

    async def _work(self, asks: Asks, enough: asyncio.Event) -> None:
        while not enough.is_set():
            n = next(self.numbers)
            await self._win(asks, f"d{n}")
            await self._complain(asks, f"c{n}", solved=n % 2 == 0)
            await asyncio.sleep(BREATH_SECONDS)

    async def _win(self, asks: Asks, deal: str) -> None:
        body = {"id": deal, "title": "云帆 Seats", "owner": "p1", "product": "Seats", "line": "S"}
        amount = {"amount": {"minor": AMOUNT, "currency": "CNY"}}
        if await asks("customers", "/deals", body | amount):
            self._came("customers", f"deal-{deal}", "deal-opened.v1")
            if await asks("customers", f"/deals/{deal}/win", {}):
                self._came("customers", f"deal-{deal}", "deal-won.v1")
                self._came("orders", f"order-{deal}", "order-opened.v1")

    async def _complain(self, asks: Asks, complaint: str, *, solved: bool) -> None:
        """It is handed over to service; where it is solved, so is the hand-off settled."""
        handoff = f"handoff-complaint-to-service-{complaint}"
        if await asks("customers", "/complaints", {"id": complaint, "subject": "Late"}):
            self._came("customers", f"complaint-{complaint}", "complaint-filed.v1")
            self._came("coordination", handoff, "handoff-requested.v1")
            if solved and await asks(
                "customers", f"/complaints/{complaint}/resolve", {"resolution": "Refunded"}
            ):
                self._came("customers", f"complaint-{complaint}", "complaint-resolved.v1")
                self._came("coordination", handoff, "handoff-accepted.v1", "handoff-completed.v1")

    async def _leave(self, asks: Asks, within: timedelta) -> None:
        """Hand something over that nobody takes before it is due."""
        handoff = f"h{next(self.numbers)}"
        body = {
            "id": handoff,
            "kind": "between-departments",
            "subject": handoff,
            "title": "图纸",
            "from_department": "sales",
            "to_department": "production",
            "due_at": (datetime.now(UTC) + within).isoformat(),
        }
        if await asks("coordination", "/handoffs", body):
            self._came("coordination", f"handoff-{handoff}", "handoff-requested.v1", "handoff-breached.v1")

    def _came(self, service: str, stream: str, *types: str) -> None:
        events = self.brought[service].setdefault(stream, [])
        for type_ in types:
            events.append((len(events), type_))

    async def _asks(
        self, it: Cluster, client: httpx.AsyncClient, service: str, path: str, body: Mapping[str, Any]
    ) -> bool:
        try:
            answer = await client.post(it.url(service) + path, json=body)
        except httpx.TransportError as error:
            self.unwell.append(f"{path}: {error!r}")
            return False
        if not answer.is_success:
            self.unwell.append(f"{path}: {answer.status_code} {answer.text}")
        return answer.is_success


def streams(events: Iterable[Mapping[str, Any]]) -> Streams:
    found = defaultdict[str, list[tuple[int, str]]](list)
    for event in events:
        found[event["subject"]].append((int(event["sequence"]), event["type"]))
    return dict(found)
