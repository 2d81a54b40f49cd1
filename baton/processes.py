"""Programs that run beside one another: started, watched, restarted when they crash, stopped together."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from baton.logs import keep_log

FIRST_DELAY: Final = 0.2
LONGEST_DELAY: Final = 5.0
STEADY: Final = 10.0
"""A program that ran for so many seconds starts again without delay."""
GRACE: Final = 10.0
PR_SET_PDEATHSIG: Final = 1

_libc: Final = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run; ``ready`` tells whether it does its work yet."""

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str]
    ready: Callable[[], Awaitable[bool]]


@dataclass
class Running:
    """One program kept running until ``stop``."""

    program: Program
    said: Callable[[str, str], None]
    """Gets the name, and a line that people should see at once."""
    starts: int = 0
    pid: int | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self) -> None:
        """Run it, and again after each crash; returns when it was stopped, leaving nothing of it behind."""
        delay = FIRST_DELAY
        while not self._stopping.is_set():
            started = time.monotonic()
            process = await self._once()
            if self._stopping.is_set():
                return
            delay = FIRST_DELAY if time.monotonic() - started > STEADY else delay
            self.said(self.program.name, f"ended ({_how(process)}); starting again in {delay:.1f} s")
            await _either(self._stopping.wait(), asyncio.sleep(delay))
            delay = min(delay * 2, LONGEST_DELAY)

    async def until_ready(self) -> None:
        while self.pid is None or not await self.program.ready():  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.1)

    def stop(self) -> None:
        self._stopping.set()

    async def _once(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *self.program.argv,
            env=self.program.env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C on the terminal is ours to pass on, in order
            preexec_fn=_die_with(os.getpid()) if _libc else None,
        )
        self.starts += 1
        self.pid = process.pid
        logged = asyncio.create_task(
            keep_log(self.program.log, process, partial(self.said, self.program.name))
        )
        try:
            await _either(self._stopping.wait(), process.wait())
            if process.returncode is None:
                _signal(process.pid, signal.SIGTERM)
                await _either(process.wait(), asyncio.sleep(GRACE))
        finally:
            _signal(process.pid, signal.SIGKILL)  # what is left of it, and all that it started
            await process.wait()
            self.pid = None
            await asyncio.wait([logged], timeout=1.0)  # somebody else may hold the pipe open
            logged.cancel()
        return process


def _die_with(parent: int) -> Callable[[], None]:
    """Runs in the child before the program: the kernel ends it when we are gone, even by ``kill -9``."""

    def in_child() -> None:
        assert _libc is not None  # noqa: S101 - for mypy: we are only called when it is there
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we died before the line above
            os._exit(1)

    return in_child


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # nobody is left in it


async def _either(one: Awaitable[object], other: Awaitable[object]) -> None:
    """Return when either is done; the other is given up."""
    tasks = [asyncio.ensure_future(one), asyncio.ensure_future(other)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _how(process: asyncio.subprocess.Process) -> str:
    code = process.returncode or 0
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
