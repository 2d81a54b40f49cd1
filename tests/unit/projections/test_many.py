"""Rows that are written many at a time are written as one by one: all of them, in their order, or none."""

from typing import Any, Final

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from shared.projections.cell_rows import ADDED, OF_CAUSES, OF_LOG
from shared.projections.database import Database
from shared.projections.many import AT_ONCE, execute_rows
from shared.projections.tables import causes, cell_log, total_shifts

OF_SHIFTS: Final = ("total_id", "shift", "change")

numbers = pytest.mark.parametrize("n", [1, AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE, 2 * AT_ONCE + 3])


@numbers
def test_every_row_is_there_in_its_order_and_counted(database: Database, n: int) -> None:
    with database.begin() as tx:
        assert execute_rows(tx, into_log, OF_LOG, [(number, 1, 2, 3, 4) for number in range(n)]) == n
    with database.connect() as tx:
        written = tx.execute(select(cell_log).order_by(cell_log.c.seq)).all()
    assert [row[1:] for row in written] == [(number, 1, 2, 3, 4) for number in range(n)]


@numbers
def test_every_row_is_added_to_the_one_that_is_there(database: Database, n: int) -> None:
    rows = [(number, 7, 1 + number) for number in range(n)]
    for _ in ("made", "added to"):
        with database.begin() as tx:
            assert execute_rows(tx, ADDED[total_shifts], OF_SHIFTS, rows) == n
    with database.connect() as tx:
        written = tx.execute(select(total_shifts).order_by(total_shifts.c.total_id)).all()
    assert written == [(number, 7, 2 + 2 * number) for number in range(n)]


def test_of_a_transaction_with_a_row_that_cannot_be_written_nothing_is_left(database: Database) -> None:
    rows = [(number, f"e-{number}", "", "", 0, 0, None) for number in range(2 * AT_ONCE + 3)]
    for place in (1, AT_ONCE + 1, len(rows)):
        with pytest.raises(IntegrityError), database.begin() as tx:
            execute_rows(tx, into_causes, OF_CAUSES, [*rows[:place], rows[0], *rows[place:]])
        with database.connect() as tx:
            assert tx.scalar(select(func.count()).select_from(causes)) == 0


def into_log(_dialect: str) -> Any:
    return insert(cell_log)


def into_causes(_dialect: str) -> Any:
    return insert(causes)
