"""Who is frozen in the middle of a transaction, and what becomes of them."""

import pytest

from shared.projections.database import Database


def wait_until_put_out(by: Database) -> None:
    for _ in range(1000):
        if by.put_out_the_silent():
            return
    pytest.fail("nobody was put out")
