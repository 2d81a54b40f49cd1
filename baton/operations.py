"""`baton replay`, `verify` and `redrive`: ask a running service to read its past again."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

from baton.remote import Remote

REDRIVE_WITHIN: Final = 600.0
LOOK_EVERY: Final = 0.2


class NotDone(Exception):
    """The service began and did not finish; what it shows is as it was."""


async def replay(remote: Remote, service: str, *, workers: int = 1, within: float) -> tuple[float, int]:
    """Have all read models of a service built anew in so many processes.

    Tells the seconds until they took the old ones' place, and how many processes it really were.

    Raises ``NotDone``, ``Problem``, or ``TimeoutError`` after ``within`` seconds.
    """
    started = time.monotonic()
    done = await _carried_out(remote, service, f"/replay?workers={workers}", within=within)
    return time.monotonic() - started, done["workers"]


def fewer_in_words(were: int, workers: int) -> str:
    """Why a replay had fewer workers than were asked for."""
    return (
        f"In {were} of {workers} processes: PostgreSQL is filled by one, and for SQLite another one is"
        " started only where a partition of a topic can be read apart and there is much to read."
        " A replay that was under way already goes on as it was begun."
    )


async def verify(remote: Remote, service: str, *, within: float) -> dict[str, Any]:
    """Have all read models of a service compared with a rebuild; raises as ``replay`` does.

    Tells how many ``differences``, the ``first`` of them in words, and what was ``compared``.
    """
    return await _carried_out(remote, service, "/verify", within=within)


def found_in_words(service: str, found: Mapping[str, Any]) -> list[str]:
    """What a verification found, line by line."""
    among = [f"{number:,} {what}" for what, number in found["compared"].items() if number]
    number = found["differences"]
    differences = "1 difference" if number == 1 else f"{number or 'no'} differences"
    total = f"{service}: {differences} in {', '.join(among) or 'nothing'}."
    return [total, *(f"  {difference}" for difference in found["first"])]


async def redrive(remote: Remote, service: str, *, drop: bool) -> dict[str, Any]:
    """Take parked streams up again: ``applied`` events, and the ``streams`` that are parked still."""
    return await remote.post(service, f"/parked/redrive?drop={str(drop).lower()}", within=REDRIVE_WITHIN)


async def _carried_out(remote: Remote, service: str, path: str, *, within: float) -> dict[str, Any]:
    async with asyncio.timeout(within):
        state = await remote.post(service, path, within=within)
        while state["running"]:
            await asyncio.sleep(LOOK_EVERY)
            state = await remote.get(service, path.partition("?")[0])
    if state["started_at"] is None:
        raise NotDone(f"{service} was started again in the middle.")
    if state["failed"]:
        raise NotDone(f"{service} broke it off: {state['failed']}.")
    return state
