"""Commands at a steady pace whatever becomes of the earlier ones: deals are opened, and won a while later."""

import asyncio
import time
from collections.abc import Iterator
from itertools import count
from typing import Final, NamedTuple

import msgspec

from bench.wire import Commands

SMALLEST_MINOR: Final = 1_000_000
"""Every deal has an amount of its own, by which its changes are known again on the live feed."""
PEOPLE, LINES, PRODUCTS = 40, 6, 24


class Change(NamedTuple):
    """What a command must change on the live feed, once."""

    measure: str
    by: int


class Sent(NamedTuple):
    """A command that was sent; moments are in seconds (``time.time``). ``status`` 0: no answer."""

    change: Change
    due: float
    left: float
    answered: float
    status: int


class Deals:
    """Numbers deals, and says which to open and which to win."""

    def __init__(self) -> None:
        self._opened = count()
        self._won = count()

    def open(self) -> tuple[Change, str, bytes]:
        n = next(self._opened)
        body = {
            "id": f"path-{n}",
            "title": f"Deal {n}",
            "owner": f"p-{n % PEOPLE}",
            "product": f"Product {n % PRODUCTS}",
            "line": f"Line {n % LINES}",
            "amount": {"minor": SMALLEST_MINOR + n, "currency": "CNY"},
            "expected_close": "2030-01-31",
        }
        return Change("open_amount", SMALLEST_MINOR + n), "/deals", msgspec.json.encode(body)

    def win(self) -> tuple[Change, str, bytes]:
        n = next(self._won)
        return Change("won_amount", SMALLEST_MINOR + n), f"/deals/path-{n}/win", b"{}"

    def opened_first(self, many: int) -> Iterator[tuple[Change, str, bytes]]:
        return (self.open() for _ in range(many))

    def mixed(self, many: int) -> Iterator[tuple[Change, str, bytes]]:
        """Every other command wins the deal that was opened longest ago."""
        return (self.win() if n % 2 else self.open() for n in range(many))


async def sell(
    commands: Commands, what: Iterator[tuple[Change, str, bytes]], *, per_second: float
) -> list[Sent]:
    """Send each command when it is due; returns when all are answered."""
    began = time.time() + 0.05
    sent: list[Sent] = []
    tasks = set[asyncio.Task[None]]()

    async def one(change: Change, path: str, body: bytes, due: float) -> None:
        left = time.time()
        status, answered = await commands.send(path, body)
        sent.append(Sent(change, due, left, answered, status))

    for n, (change, path, body) in enumerate(what):
        due = began + n / per_second
        if (early := due - time.time()) > 0:
            await asyncio.sleep(early)
        task = asyncio.create_task(one(change, path, body, due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    return sent
