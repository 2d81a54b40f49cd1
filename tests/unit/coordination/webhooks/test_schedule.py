"""When a failure is tried again, and when it is not."""

from datetime import timedelta

import pytest

from services.coordination.webhooks.schedule import JITTER, STANDARD, again_at
from tests.unit.coordination.webhooks.examples import at


@pytest.mark.parametrize("attempt", range(1, 10))
def test_each_failure_waits_longer_and_a_little_more_than_that(attempt: int) -> None:
    wait = STANDARD[attempt - 1]
    again = again_at(STANDARD, attempt, at=at(1), wait_until=None)
    assert again is not None
    assert wait <= again - at(1) <= wait * (1 + JITTER)


def test_after_the_tenth_attempt_there_is_no_other() -> None:
    assert again_at(STANDARD, 10, at=at(1), wait_until=None) is None
    assert sum(STANDARD, timedelta()) > timedelta(days=3)


def test_never_before_the_other_side_wants_it() -> None:
    assert again_at(STANDARD, 1, at=at(1), wait_until=at(3)) == at(3)
    later = again_at(STANDARD, 9, at=at(1), wait_until=at(3))
    assert later is not None
    assert later > at(3)
