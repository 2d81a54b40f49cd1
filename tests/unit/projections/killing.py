"""Replays in a process that is killed before one line of how read models are kept; then before the next one.

After each kill a start must find one read model, whole, and nothing of the other.
"""

import signal
import sys
import time
from functools import partial
from itertools import count
from typing import Final

from shared.projections import database as database_module
from shared.projections import places, served
from shared.projections.database import open_database
from shared.projections.projection import Cell
from shared.projections.runner import Position, Runner
from tests.killed import in_a_child, killed
from tests.unit.projections.reading import TOPIC, Reader, cells_in
from tests.unit.projections.sales import opened, repriced, sales, stream

KEPT: Final = frozenset({database_module.__file__, places.__file__, served.__file__})
FOLDS: Final = (sales(),)
NOTICED_WITHIN: Final = 5.0
"""Seconds that PostgreSQL may take to notice that a process died, and to let go of its locks."""
HISTORY: Final = stream("deal-1", opened(), repriced(300))


def main(url: str, every: int) -> None:
    replay = partial(_replay, url)
    in_a_child(replay)
    for step in count(every, every):
        ended = in_a_child(partial(killed, replay, before=step, of=KEPT))
        if ended != -signal.SIGKILL:
            sys.exit(ended)
        if in_a_child(partial(_look, url)):
            sys.exit(f"killed before line {step}, it was not whole")


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
    database, place = open_database(url), places.place_of(url)
    noticed_by = time.monotonic() + NOTICED_WITHIN
    while place.numbers() != {database.number} and time.monotonic() < noticed_by:
        database.dispose()
        database = open_database(url)  # a start removes what nobody holds any more
    runner = Runner(database, "test", FOLDS)
    assert place.numbers() == {database.number}
    assert runner.positions() == {TOPIC: Position(2)}
    assert cells_in(database) == {Cell("open", person="wang"): 1, Cell("open_amount", person="wang"): 300}
    with database.connect() as tx:
        print(database.number, served.latest(tx))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
