"""Work that is done in a process of its own, which may be killed before any line of it."""

import os
import signal
import sys
from collections.abc import Callable, Collection
from types import FrameType
from typing import Any, Final

FAILED: Final = 1


def in_a_child(work: Callable[[], None]) -> int:
    """Its exit code, or less than 0 for the signal that ended it; this process never opens a database."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - said, and told by the exit code
            print(repr(error), file=sys.stderr, flush=True)  # noqa: T201 - the test shows it
            os._exit(FAILED)
        sys.stdout.flush()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed(work: Callable[[], None], *, before: int, of: Collection[str]) -> None:
    """Work until so many lines of these files have been run, if there are so many."""
    lines = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in of:
            return None
        lines += event == "line"
        if lines == before:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    work()
