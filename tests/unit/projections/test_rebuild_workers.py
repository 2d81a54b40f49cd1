"""A rebuild in several processes ends as one in a single process, or leaves nothing behind."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.projections.database import Database, open_database
from shared.projections.places import place_of
from shared.projections.projection import Cell, Folds
from shared.service.job import Job, Run
from shared.service.rebuild_worker import Apart
from tests.unit.projections.reading import all_cells_in, cells_in, entities_in, parked_in, sums_of_log_in
from tests.unit.projections.sales import MORNING, lost, opened, ordered, repriced, stream, won
from tests.unit.projections.working import Away, Copied, Stuck, folds
from tests.unit.projections.written import Service, Written
from tests.waiting import until

AMOUNT = Cell("open_amount", person="wang")
ONE = [*stream("deal-1", opened(), repriced(300)), *stream("order-a", ordered("a", "acc-1", at=MORNING))]
OTHER = [*stream("deal-2", opened("li"), won()), *stream("deal-3", opened(minor=5), lost(), won())]


@pytest.fixture(autouse=True)
def _little_is_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.service.shares.FOR_ANOTHER", 1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/read.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.dispose()


async def service(database: Database, log: type[Copied] = Copied, *, version: int = 1) -> Service:
    written = Written()
    apart = Apart(folds if version == 1 else _of_another_program, log(written.events))
    made = Service(database, folds().all, written, apart=apart)
    await made.happens(*ONE, source="orders")
    await made.happens(*OTHER, source="customers")
    await made.happens(*stream("deal-9", opened(minor=7)), source="own store")
    return made


async def test_what_two_built_is_served_and_equal_to_what_one_builds(database: Database) -> None:
    it = await service(database)
    cells, entities, parked = cells_in(database), entities_in(database), parked_in(database)
    positions = it.runner.positions()
    run = Run[None](workers=2)
    await it.rebuilding.replace(run)
    assert (database.number, run.workers, run.events) == (1, 2, len([*ONE, *OTHER]) + 1)
    assert (cells_in(database), entities_in(database)) == (cells, entities)
    assert sums_of_log_in(database) == all_cells_in(database)
    assert parked_in(database) == parked == [("deal-3", 1, True), ("deal-3", 2, False)]
    assert it.runner.positions() == positions
    assert await it.verify() == []
    await it.happens(*stream("deal-1", repriced(70), first=2), source="orders")
    await it.happens(*stream("deal-2", lost(), first=2), source="customers")
    assert cells_in(database)[AMOUNT] == cells[AMOUNT] - 230
    assert await it.verify() == []


async def test_what_a_person_left_out_is_left_out_in_every_share(database: Database) -> None:
    it = await service(database)
    await it.intake.redrive(drop=True)
    assert await it.intake.redrive(drop=True) == 0
    assert parked_in(database) == []
    await it.rebuilding.replace(Run(workers=2))
    assert parked_in(database) == []
    assert await it.verify() == []


async def test_with_little_to_share_there_are_fewer_workers_and_it_is_said(database: Database) -> None:
    it = await service(database)
    run = Run[None](workers=16)
    await it.rebuilding.replace(run)
    assert run.workers == 3
    assert await it.verify() == []


async def test_a_worker_that_is_killed_breaks_it_off(database: Database, url: str) -> None:
    it = await service(database, Stuck)
    before = cells_in(database)
    job = Job("replay", it.rebuilding.replace)
    replaying = job.start(workers=3)
    one, _ = await until(_workers(2))
    await until(lambda: job.last and job.last.events == len([*ONE, *OTHER]) + 1)
    os.kill(one, signal.SIGKILL)
    assert (await replaying).failed == "a worker of the rebuild ended with exit code -9"
    _nothing_is_left(it, url)
    assert cells_in(database) == before


async def test_what_a_worker_says_broke_it_off_is_said(database: Database, url: str) -> None:
    it = await service(database, Away)
    job = Job("replay", it.rebuilding.replace)
    assert (await job.start(workers=2)).failed == "the broker is away"
    _nothing_is_left(it, url)
    assert (await job.start()).failed is None


async def test_a_worker_of_another_program_breaks_it_off(database: Database, url: str) -> None:
    it = await service(database, version=2)
    job = Job("replay", it.rebuilding.replace)
    assert (await job.start(workers=2)).failed == "a share of the rebuild has other projections"
    _nothing_is_left(it, url)


async def test_who_stops_the_service_stops_the_workers(database: Database, url: str) -> None:
    it = await service(database, Stuck)
    job = Job("replay", it.rebuilding.replace)
    job.start(workers=2)
    await until(_workers(1))
    await job.stop()
    _nothing_is_left(it, url)


@pytest.mark.slow
async def test_a_service_that_is_killed_takes_its_workers_along(url: str) -> None:
    program = (sys.executable, "-m", "tests.unit.projections.working", url)
    service = await asyncio.create_subprocess_exec(*program, stdout=subprocess.PIPE)
    assert service.stdout
    worker = int(await service.stdout.readline())
    assert _runs(worker)
    service.kill()
    await service.wait()
    await until(lambda: not _runs(worker))
    again = open_database(url)
    assert place_of(url).numbers() == {0}
    again.dispose()


def _of_another_program() -> Folds:
    return folds(version=2)


def _workers(count: int) -> Callable[[], list[int]]:
    def those() -> list[int]:
        pids = [child.pid for child in multiprocessing.active_children() if child.pid]
        return pids if len(pids) == count else []

    return those


def _nothing_is_left(it: Service, url: str) -> None:
    assert multiprocessing.active_children() == []
    assert place_of(url).numbers() == {0}
    assert (it.database.number, it.rebuilding.replacing) == (0, False)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
