"""SIGKILL under load: everything that was acknowledged must be in the store."""

import asyncio
import sys
from itertools import count
from pathlib import Path
from typing import Final

from bench.commands.load import NotAcknowledged, clients
from bench.commands.opening import deal_id, opening_a_deal
from bench.commands.served import Served
from shared.eventstore.sqlite import SqliteStore

CLIENTS: Final = 64


async def survival(server: Served, *, after: float) -> dict[str, int]:
    """Kill the server ``after`` so many seconds of load, then count what the store has.

    It shows that no answer comes before its commit. That the commit is on the disk and not only in the
    kernel's memory shows when the power goes, which is not tried here.
    """
    async with clients(server, CLIENTS, opening_a_deal(), count()) as them:
        asyncio.get_running_loop().call_later(after, server.kill)
        try:
            await them.closed_loop(warm=0, seconds=after * 2)
        except NotAcknowledged:
            pass
        else:
            sys.exit("the server outlived its kill")
    acknowledged = {f"deal-{deal_id(number)}" for number in them.acknowledged}
    kept = await _streams(server.store)
    return {
        "acknowledged": len(acknowledged),
        "found": len(acknowledged & kept),
        "lost": len(acknowledged - kept),
        "kept without an answer": len(kept - acknowledged),
    }


async def _streams(store: Path) -> set[str]:
    """The streams of all deals that the file has."""
    it = SqliteStore(store)
    names: set[str] = set()
    async for events in it.follow(["deal"]):
        names.update(event.stream for event in events)
        if events[-1].position >= await it.head():
            break
    await it.close()
    return names
