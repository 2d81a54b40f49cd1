"""Clients that ask for one numbered thing after another, and how long each waited for its answer.

Closed loop: every client asks again when it has its answer. Open loop: requests are due at fixed times
whatever the server does, and a wait counts from when its request was due.
"""

import asyncio
import time
from array import array
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple

from baton.places import HOST
from bench.commands.opening import Request
from bench.commands.served import Served
from bench.wire import OK, Answer, Connection


class NotAcknowledged(Exception):
    """The server answered something else than 2xx, or hung up; ends the run."""


class Measured(NamedTuple):
    """One stretch of load."""

    seconds: float
    waits: "array[float]"
    """Seconds from asking to the whole answer, of each answer that came in this stretch."""
    server_cpu: float
    """CPU seconds of the server, of all its threads."""
    own_cpu: float
    """CPU seconds of the load generator; near ``seconds`` it would be the bottleneck."""


class Clients:
    def __init__(self, server: Served, request: Request, numbers: Iterator[int]) -> None:
        self.acknowledged: list[int] = []
        """The numbers of all 2xx answers in their order, measured or not."""
        self._server = server
        self._request = request
        self._numbers = numbers
        self._waits = array("d")
        self._all: list[Connection] = []
        # first in, first out: the server hangs up on one unused for 5 s
        self._idle: deque[Connection] = deque()
        self._due: deque[float] = deque()
        self._ask_again = False
        self._broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def closed_loop(self, *, warm: float, seconds: float) -> Measured:
        """Everybody asks all the time; ``warm`` seconds before ``seconds`` that are measured."""
        self._ask_again = True
        while self._idle:
            self._ask(self._idle.popleft())
        return await self._measured(warm, seconds)

    async def open_loop(self, rate: float, *, warm: float, seconds: float) -> Measured:
        """``rate`` requests a second; one that finds every connection in use waits for the next free one."""
        self._ask_again = False
        pace = asyncio.create_task(self._keep_pace(rate))
        try:
            return await self._measured(warm, seconds)
        finally:
            pace.cancel()

    async def _measured(self, warm: float, seconds: float) -> Measured:
        await self._lasting(warm)
        self._waits = array("d")
        began, server, own = time.perf_counter(), self._server.cpu_seconds(), time.process_time()
        await self._lasting(seconds)
        took, waits = time.perf_counter() - began, self._waits
        return Measured(took, waits, self._server.cpu_seconds() - server, time.process_time() - own)

    async def _lasting(self, seconds: float) -> None:
        """Raises ``NotAcknowledged`` as soon as there is a reason."""
        await asyncio.wait([self._broken], timeout=seconds)
        if self._broken.done():
            self._broken.result()

    async def _keep_pace(self, rate: float) -> None:
        due = time.time()
        while True:
            while due <= time.time():
                if self._idle:
                    self._ask(self._idle.popleft(), due=due)
                else:
                    self._due.append(due)
                due += 1 / rate
            await asyncio.sleep(due - time.time())

    def _ask(self, connection: Connection, *, due: float | None = None) -> None:
        number, since = next(self._numbers), due or time.time()
        if connection.open:
            connection.send(self._request(number), partial(self._answered, connection, number, since))
        else:
            self._failed("the connection was lost")

    def _answered(self, connection: Connection, number: int, since: float, answer: Answer) -> None:
        if answer.status not in OK:
            self._failed(answer.text.decode(errors="replace"))
            return
        self.acknowledged.append(number)
        self._waits.append(answer.at - since)
        if self._ask_again:
            self._ask(connection)
        elif self._due:
            self._ask(connection, due=self._due.popleft())
        else:
            self._idle.append(connection)

    def _failed(self, answer: str) -> None:
        if not self._broken.done():
            self._broken.set_exception(NotAcknowledged(answer))

    async def connect(self, many: int) -> None:
        connect = asyncio.get_running_loop().create_connection
        for _ in range(many):
            made = await connect(Connection, HOST, self._server.port)
            self._all.append(made[1])
        self._idle.extend(self._all)

    async def close(self) -> None:
        """Ask no more, wait for what is on its way, hang up."""
        self._ask_again = False
        self._due.clear()
        while len(self._idle) < len(self._all) and not self._broken.done():
            await asyncio.sleep(0.001)
        self._broken.cancel()
        for connection in self._all:
            connection.close()


@asynccontextmanager
async def clients(
    server: Served, many: int, request: Request, numbers: Iterator[int]
) -> AsyncIterator[Clients]:
    """So many clients of one server for as long as the block runs."""
    them = Clients(server, request, numbers)
    await them.connect(many)
    try:
        yield them
    finally:
        await them.close()
