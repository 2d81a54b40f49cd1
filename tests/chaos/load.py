"""Clients at work while something breaks, and what they were answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

import httpx

from tests.chaos.stories import STORIES, Command
from tests.house import House
from tests.waiting import until

CLIENTS: Final = 6
BREATH_SECONDS: Final = 0.02
HARDLY_STARTED: Final = 20
ANSWER_WITHIN: Final = 5.0
ANSWERED_WITHIN: Final = 60.0
"""A patient client asks again, under the same key, for so long."""
IMPATIENT: Final = 0.2
"""The share of commands that nobody asks again where there is no answer: they are done or not."""


@dataclass
class Load:
    """What was asked of one Baton, in all runs on it."""

    acknowledged: list[Command] = field(default_factory=list)
    unanswered: list[Command] = field(default_factory=list)
    """Given up without an answer: each may have been done, or not."""
    refused: list[str] = field(default_factory=list)
    """Answers that a rule gave, which are answers like others."""
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should be given, whatever breaks."""

    @asynccontextmanager
    async def on(self, house: House, run: str, chance: Random) -> AsyncIterator[None]:
        """Clients ask from before the block until after it; then all of them have their answers."""
        enough = asyncio.Event()
        limits = httpx.Limits(max_connections=None)
        headers = {"Authorization": f"Bearer {house.token('manager')}"}
        async with httpx.AsyncClient(headers=headers, timeout=ANSWER_WITHIN, limits=limits) as http:
            clients = [
                asyncio.create_task(
                    self._work(_Client(house, http, Random(chance.random())), f"{run}-{n}", enough)
                )
                for n in range(CLIENTS)
            ]
            before = len(self.acknowledged)
            try:
                await until(lambda: len(self.acknowledged) > before + HARDLY_STARTED, what="clients work")
                yield
            finally:
                enough.set()
                await asyncio.gather(*clients)

    async def _work(self, client: "_Client", name: str, enough: asyncio.Event) -> None:
        told = 0
        while not enough.is_set():
            told += 1
            for command in client.chance.choice(STORIES)(f"{name}-{told}", client.chance):
                if not await self._carried_out(client, command):
                    break
                await asyncio.sleep(BREATH_SECONDS)

    async def _carried_out(self, client: "_Client", command: Command) -> bool:
        """Whether it was acknowledged; asks again for as long as nobody can say."""
        answer, impatient = None, client.chance.random() < IMPATIENT
        try:
            async with asyncio.timeout(ANSWERED_WITHIN):
                while (answer := await client.ask(command)) is None or _waits_for_order(answer, command):
                    if answer is None and impatient:
                        self.unanswered.append(command)
                        return False
                    await asyncio.sleep(BREATH_SECONDS * 5)
        except TimeoutError:
            self.unanswered.append(command)
            told = answer.text if answer else "no answer"
            self.wrong.append(f"{command.path}: not within {ANSWERED_WITHIN:.0f} s: {told}")
            return False
        if answer.is_success:
            self.acknowledged.append(command)
        elif answer.status_code == httpx.codes.CONFLICT:
            self.refused.append(f"{command.path}: {answer.text}")
        else:
            self.wrong.append(f"{command.path}: {answer.status_code} {answer.text}")
        return answer.is_success


@dataclass(frozen=True)
class _Client:
    house: House
    http: httpx.AsyncClient
    chance: Random

    async def ask(self, command: Command) -> httpx.Response | None:
        """The answer, or None where nobody can say whether it was done."""
        key = f"{command.stream}#{command.type}"
        url = self.house.url(command.service) + command.path
        try:
            answer = await self.http.post(url, json=command.body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None
        return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer


def _waits_for_order(answer: httpx.Response, command: Command) -> bool:
    """The order of a won deal is opened in a moment, by a reaction."""
    return answer.status_code == httpx.codes.NOT_FOUND and command.type == "order-confirmed.v1"
