"""The simulated company at work: its history first, once; then a step every second or two, for ever."""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final
from uuid import uuid4

from baton.demo.clock import ZONE
from baton.demo.history import began, remember, send
from baton.demo.live import BACKLOGS, NEW_LEADS, Backlog
from baton.demo.moves import Item, Move, new_lead
from baton.remote import Problem, Remote, Unreachable, connected
from baton.tokens import signed, signing_key
from shared.service.actor import Actor

STEP_SECONDS: Final = 1.5
LOOK_SECONDS: Final = 15.0
PAGE: Final = 200


async def demo(to: str, *, data: Path, pace: float, seed: int, say: Callable[[str], None]) -> None:
    """Seed what is not there yet and work until cancelled; raises ``NoKey``, ``Unreachable``."""
    key = signing_key(data, environment=os.environ)
    importer = signed(key, Actor(id="demo", role="importer"), days=3650)
    async with connected(to, bearer=importer) as remote:
        beginning = began(data, seed=seed)
        if not beginning.seeded:
            started = time.monotonic()
            sent, refused = await send(remote, beginning)
            remember(data, replace(beginning, seeded=True))
            say(f"A dozen weeks of history: {sent:,} commands in {time.monotonic() - started:.1f} s.")
            for line in refused[:5]:
                say(f"not taken: {line}")
        say("The company is at work.")
        await Work(remote, key, pace, say).go_on()


class Work:
    """Looks at the lists now and then, and takes things up one after another."""

    def __init__(self, remote: Remote, key: str, pace: float, say: Callable[[str], None]) -> None:
        self._remote = remote
        self._key = key
        self._pace = pace
        self._say = say
        self._chance = Random()
        self._tokens: dict[tuple[str, str], str] = {}
        self._lists: dict[Backlog, list[Item]] = {}

    async def go_on(self) -> None:
        looked = -LOOK_SECONDS
        while True:
            try:
                if time.monotonic() - looked > LOOK_SECONDS:
                    looked = time.monotonic()
                    await self._look()
                await self._do(self._next())
            except (Problem, Unreachable) as problem:  # somebody was faster, or a service is away
                self._say(f"not taken: {problem}")
            await asyncio.sleep(min(self._chance.expovariate(self._pace / STEP_SECONDS), 4.0 / self._pace))

    async def _look(self) -> None:
        for backlog in BACKLOGS:
            self._lists[backlog] = []
            page = await self._remote.get(backlog.service, backlog.path, state=backlog.state, limit=PAGE)
            self._lists[backlog] = list(page["items"])

    def _next(self) -> Move:
        weights = [NEW_LEADS, *(backlog.rate * len(self._lists.get(backlog, ())) for backlog in BACKLOGS)]
        chosen = self._chance.choices((None, *BACKLOGS), weights)[0]
        if chosen is None:
            return new_lead(self._chance)
        items = self._lists[chosen]
        item = items.pop(self._chance.randrange(len(items)))
        return chosen.move(item, self._chance, datetime.now(ZONE).date())

    async def _do(self, move: Move) -> None:
        bearer = self._token(move)
        try:
            await self._remote.command(
                move.service, move.path, move.body, key=f"demo-{uuid4()}", bearer=bearer
            )
        except Problem as problem:
            if problem.code != "duplicate" or "existing" not in problem.more:  # of another department
                raise
            again = {**move.body, "account_id": problem.more["existing"]}  # a customer of ours already
            await self._remote.command(move.service, move.path, again, key=f"demo-{uuid4()}", bearer=bearer)

    def _token(self, move: Move) -> str:
        who = (move.by, move.department)
        if who not in self._tokens:
            actor = Actor(id=move.by, role=move.role, department=move.department)
            self._tokens[who] = signed(self._key, actor, days=3650)
        return self._tokens[who]
