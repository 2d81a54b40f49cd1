"""The supervisor, with real child processes."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from baton import processes
from baton.processes import Program, Running
from tests.unit.baton.programs import alive, python
from tests.waiting import until

READY = "import os, pathlib; pathlib.Path(os.environ['FOLDER'], 'ready').touch()"
FOREVER = f"{READY}\nimport time; time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{FOREVER}"
PARENT = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\nprint(child.pid, flush=True)\n{FOREVER}"  # noqa: E501 - one program
KEEPER = """
import asyncio, os, sys
from pathlib import Path
from baton.processes import Running
from tests.unit.baton.programs import python
program = python(Path(os.environ["FOLDER"]), sys.argv[1])
asyncio.run(Running(program, lambda name, line: None).keep())
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


async def test_a_program_runs_until_it_is_stopped(tmp_path: Path) -> None:
    async with _kept(python(tmp_path, FOREVER)) as (running, _):
        pid = running.pid
        assert pid is not None
    assert not alive(pid)


async def test_a_crashed_program_starts_again_within_a_second(tmp_path: Path) -> None:
    async with _kept(python(tmp_path, FOREVER)) as (running, said):
        first = running.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: running.pid not in (None, first), within=1.5)
        assert running.starts == 2
    assert said == ["child: ended (killed by SIGKILL); starting again in 0.2 s"]


async def test_a_program_that_keeps_crashing_is_given_more_and_more_time(tmp_path: Path) -> None:
    async with _keeping(python(tmp_path, "raise SystemExit(3)")) as (_, said):
        await until(lambda: len(said) >= 3)
    assert said[:3] == [
        f"child: ended (exit code 3); starting again in {delay} s" for delay in ("0.2", "0.4", "0.8")
    ]


async def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    program = python(tmp_path, PARENT)
    async with _kept(program) as (running, _):
        assert running.pid is not None
        await until(lambda: program.log.exists() and program.log.read_text().strip())
        grandchild = int(program.log.read_text())
        assert alive(grandchild)
    await until(lambda: not alive(grandchild))  # the kernel ends it in its own time


async def test_a_program_that_will_not_stop_is_killed_after_the_grace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.3)
    async with _kept(python(tmp_path, STUBBORN)) as (running, _):
        pid = running.pid
        assert pid is not None
    assert not alive(pid)


async def test_giving_up_leaves_nothing_behind(tmp_path: Path) -> None:
    running = Running(python(tmp_path, STUBBORN), lambda _name, _line: None)
    kept = asyncio.create_task(running.keep())
    await running.until_ready()
    pid = running.pid
    assert pid is not None
    kept.cancel()
    with pytest.raises(asyncio.CancelledError):
        await kept
    assert not alive(pid)


async def test_children_die_even_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    keeper = subprocess.Popen(  # noqa: ASYNC220 - it must not be a child that this loop watches
        [sys.executable, "-c", KEEPER, f"import os; print(os.getpid(), flush=True)\n{STUBBORN}"],
        env={**os.environ, "FOLDER": str(tmp_path), "PYTHONPATH": os.getcwd()},  # noqa: PTH109 - a string
    )
    await until((tmp_path / "ready").exists)
    child = int((tmp_path / "child.log").read_text())
    assert alive(child)
    keeper.kill()
    keeper.wait()
    await until(lambda: not alive(child))


@asynccontextmanager
async def _kept(program: Program) -> AsyncIterator[tuple[Running, list[str]]]:
    """The program, ready; stopped at the end of the block."""
    async with _keeping(program) as (running, said):
        async with asyncio.timeout(20):
            await running.until_ready()
        yield running, said


@asynccontextmanager
async def _keeping(program: Program) -> AsyncIterator[tuple[Running, list[str]]]:
    """The program, which may be over before anybody could see it ready; stopped at the end of the block."""
    said: list[str] = []
    running = Running(program, lambda name, line: said.append(f"{name}: {line}"))
    kept = asyncio.create_task(running.keep())
    try:
        yield running, said
    finally:
        running.stop()
        async with asyncio.timeout(20):
            await kept
