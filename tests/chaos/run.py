"""One run: clients at work, a fault at a random moment, its end, the recovery, and what must hold then."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final, Generic, TypeVar

import httpx

from tests.chaos import checks, look
from tests.chaos.load import Load
from tests.chaos.stage import Stage
from tests.house import House
from tests.waiting import until

RECOVERED_WITHIN: Final = 60.0
LOOK_EVERY: Final = 0.1
COMES_WITHIN: Final = 2.0
"""Seconds of work until a fault comes, at most."""

S = TypeVar("S", bound=Stage)


@dataclass(frozen=True)
class Fault(Generic[S]):
    """What goes wrong on which stage: inflicted when its block begins, over when that ends."""

    name: str
    stage: Callable[[Path], AbstractAsyncContextManager[S]]
    happens: Callable[[S, Random], AbstractAsyncContextManager[None]]
    lasts: tuple[float, float]
    """Seconds, from and to."""
    runs: int = 4


@dataclass
class Run:
    """What came of it; moments and times in seconds."""

    moment: float
    lasted: float
    operations: int = 0
    unanswered: int = 0
    refused: int = 0
    recovery: float | None = None
    violations: dict[str, Sequence[str]] = field(default_factory=dict)
    """By the check that found them; empty when all is well."""


async def run(fault: Fault[Any], stage: Stage, load: Load, name: str, chance: Random) -> Run:
    """The same chance gives the same moments; what the machine makes of them is its own."""
    it = Run(moment=chance.uniform(0, COMES_WITHIN), lasted=chance.uniform(*fault.lasts))
    before = len(load.acknowledged), len(load.unanswered), len(load.refused)
    async with load.on(stage.house, name, chance):
        await asyncio.sleep(it.moment)
        async with fault.happens(stage, chance):
            await asyncio.sleep(it.lasted)
            over = time.monotonic()
    it.operations = len(load.acknowledged) - before[0]
    it.unanswered = len(load.unanswered) - before[1]
    it.refused = len(load.refused) - before[2]
    async with stage.house.client() as http:
        behind = await _recovered(stage, http)
        it.recovery = None if behind else time.monotonic() - over
        if not behind:
            await until(partial(_nothing_falls_due, stage.house), what="every late hand-off was called late")
        found = await _found(stage, load, http)
    found["not recovered"] = behind
    it.violations = {check: wrong for check, wrong in found.items() if wrong}
    return it


async def _recovered(stage: Stage, http: httpx.AsyncClient) -> list[str]:
    """Waits until all is done and shown; tells what is not, in the end."""
    deadline = time.monotonic() + RECOVERED_WITHIN
    while (behind := await _behind(stage, http)) and time.monotonic() < deadline:
        await asyncio.sleep(LOOK_EVERY)
    return behind


async def _behind(stage: Stage, http: httpx.AsyncClient) -> list[str]:
    if wrong := await look.not_ready(stage.house, http):
        return wrong
    kept = look.stores(stage.house)
    if wrong := checks.owed(kept, now=datetime.now(UTC)):
        return wrong
    return await look.not_shown(stage.house, http, kept)


def _nothing_falls_due(house: House) -> bool:
    """Nothing is added while stores, topics and read models are compared."""
    return not checks.owed(look.stores(house), now=datetime.now(UTC) + timedelta(minutes=1))


async def _found(stage: Stage, load: Load, http: httpx.AsyncClient) -> dict[str, list[str]]:
    differing = await look.differing(stage.house, http)
    kept, told = look.stores(stage.house), await look.topics(stage)
    asked = [*load.acknowledged, *load.unanswered]
    return {
        "acknowledged and lost": checks.lost(load.acknowledged, kept),
        "kept and not published": checks.untold(kept, told),
        "done twice": checks.doubled(kept),
        "out of order": checks.misordered(told),
        "never asked for": checks.invented(asked, kept, told),
        "not as a rebuild": differing,
        "wrongly answered": load.wrong,
    }
