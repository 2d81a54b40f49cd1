"""A dozen weeks of history, sent once with its own times; an interrupted sending goes on where it stopped."""

import asyncio
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from baton.demo import company, goods, planning, promises, voice
from baton.demo.clock import ZONE, at_work
from baton.demo.life import story
from baton.demo.telling import Step
from baton.remote import Problem, Remote

FILE: Final = "demo.json"
WEEKS: Final = 12
STORIES: Final = 480
IN_FLIGHT: Final = 24


@dataclass(frozen=True)
class Beginning:
    """When the company was first simulated on this data, and with which chance."""

    at: datetime
    seed: int
    seeded: bool = False

    def first_day(self) -> date:
        return (self.at - timedelta(weeks=WEEKS)).astimezone(ZONE).date()


def began(data: Path, *, seed: int) -> Beginning:
    """What the folder remembers, or now; remembered before the first command is sent, so never twice."""
    path = data / FILE
    if path.exists():
        kept = json.loads(path.read_text())
        return Beginning(datetime.fromisoformat(kept["at"]), kept["seed"], kept["seeded"])
    beginning = Beginning(datetime.now(ZONE).replace(microsecond=0), seed)
    remember(data, beginning)
    return beginning


def remember(data: Path, beginning: Beginning) -> None:
    data.mkdir(parents=True, exist_ok=True)
    new = data / f"{FILE}.new"
    new.write_text(json.dumps({**asdict(beginning), "at": beginning.at.isoformat()}))
    new.replace(data / FILE)


async def send(remote: Remote, beginning: Beginning) -> tuple[int, list[str]]:
    """Send organisation, plans, promises, markets, goods, all stories so far; how many commands, refusals."""
    done = _Done()
    sizes = voice.markets(beginning.first_day(), beginning.at.date())
    commits = promises.commits(beginning.at, seed=beginning.seed)
    for steps in (teams(beginning), people(beginning), sizes, commits):
        await _side_by_side(remote, ([step] for step in steps), done)
    await _side_by_side(remote, planning.plans(beginning.first_day(), beginning.at.date()), done)
    await _side_by_side(remote, goods.products(beginning.first_day()), done)
    await _side_by_side(remote, stories(beginning), done)
    return done.commands, done.refused


def stories(beginning: Beginning) -> Iterator[list[Step]]:
    """Each story as far as it went before the beginning."""
    apart = timedelta(weeks=WEEKS) / STORIES
    for number in range(STORIES):
        start = beginning.at - timedelta(weeks=WEEKS) + apart * number
        told = story(number, start=start, seed=beginning.seed)
        yield [step for step in told if step.at <= beginning.at]


def teams(beginning: Beginning) -> Iterator[Step]:
    for team in company.TEAMS:
        body = {"id": team.id, "name": team.name, "department": team.department}
        yield _first(beginning, "/teams", body | ({"region": team.region} if team.region else {}))


def people(beginning: Beginning) -> Iterator[Step]:
    for person in company.PEOPLE:
        body = {"id": person.id, "name": person.name, "team_id": person.team, "post": person.post}
        yield _first(beginning, "/people", {**body, "on": str(beginning.first_day())})


def _first(beginning: Beginning, path: str, body: dict[str, Any]) -> Step:
    morning = datetime.combine(beginning.first_day(), datetime.min.time(), ZONE)
    return Step(at_work(morning), "performance", path, body)


@dataclass
class _Done:
    commands: int = 0
    refused: list[str] = field(default_factory=list)


async def _side_by_side(remote: Remote, chains: Iterable[list[Step]], done: _Done) -> None:
    waiting = iter(chains)

    async def work() -> None:
        for chain in waiting:
            await _in_order(remote, chain, done)

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(work())


async def _in_order(remote: Remote, chain: list[Step], done: _Done) -> None:
    for number, step in enumerate(chain):
        body = {**step.body, "occurred_at": step.at.isoformat()}
        key = f"demo-{number}-{step.body.get('id', '')}{step.path}"
        try:
            await remote.command(step.service, step.path, body, key=key)
        except Problem as problem:
            done.refused.append(f"{step.path}: {problem.detail}")
        done.commands += 1
