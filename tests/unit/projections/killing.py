"""Replays in a process that is killed before one line of how read models are kept; then before the next one.

After each kill a start must find one read model, whole, and nothing of the other.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from types import FrameType
from typing import Any, Final

from shared.projections import database as database_module
from shared.projections import places, served
from shared.projections.database import open_database
from shared.projections.projection import Cell
from shared.projections.runner import Position, Runner
from tests.unit.projections.reading import TOPIC, Reader, cells_in
from tests.unit.projections.sales import opened, repriced, sales, stream

KEPT: Final = frozenset({database_module.__file__, places.__file__, served.__file__})
FOLDS: Final = (sales(),)
HISTORY: Final = stream("deal-1", opened(), repriced(300))
FAILED: Final = 1


def main(url: str, every: int) -> None:
    _in_a_child(partial(_replay, url))
    for step in count(every, every):
        ended = _in_a_child(partial(_killed, url, step))
        if ended != -signal.SIGKILL:
            sys.exit(ended)
        if _in_a_child(partial(_look, url)):
            sys.exit(f"killed before line {step}, it was not whole")


def _in_a_child(work: Callable[[], None]) -> int:
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


def _killed(url: str, before: int) -> None:
    lines = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        if frame.f_code.co_filename not in KEPT:
            return None
        lines += event == "line"
        if lines == before:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    _replay(url)


def _replay(url: str) -> None:
    database = open_database(url)
    live = Runner(database, "test", FOLDS)
    if not live.positions():
        Reader(live).take(*HISTORY)
    with database.beside() as beside:
        Reader(Runner(beside, "test", FOLDS, quiet=True)).take(*HISTORY)
        database.take_over(beside)
    live.begin_anew()


def _look(url: str) -> None:
    database = open_database(url)
    runner = Runner(database, "test", FOLDS)
    assert places.place_of(url).numbers() == {database.number}
    assert runner.positions() == {TOPIC: Position(2)}
    assert cells_in(database) == {Cell("open", person="wang"): 1, Cell("open_amount", person="wang"): 300}
    with database.connect() as tx:
        print(database.number, served.latest(tx))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
