"""Whose time a hand-off takes: every microsecond belongs to one department."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, reduce

from hypothesis import given
from hypothesis import strategies as st

from services.coordination import passing
from services.coordination.handoff import HANDOFF, Handoff, elapsed, known, spent
from shared.events.handoff import HandoffEvent
from shared.eventstore.decider import Refused
from tests.unit.coordination.examples import (
    accepted,
    at,
    breached,
    completed,
    requested,
    resubmitted,
    returned,
)

Decision = Callable[[Handoff], list[HandoffEvent]]
HOUR = timedelta(hours=1)


def after(*events: HandoffEvent) -> Handoff:
    return reduce(HANDOFF.evolve, events, HANDOFF.initial)


def decisions(moment: datetime) -> dict[str, Decision]:
    return {
        "accept": partial(passing.accept, by="p-chen", at=moment),
        "return": partial(passing.send_back, by="p-chen", reason="?", at=moment),
        "resubmit": partial(passing.resubmit, by="p-wang", note=None, at=moment),
        "complete": partial(passing.complete, by="p-chen", at=moment),
        "cancel": partial(passing.cancel, reason="No", at=moment),
        "settle": partial(passing.settle, by="p-chen", at=moment),
        "settle late news": partial(passing.settle, by="p-chen", at=at(0)),
        "call off": partial(passing.call_off, reason="No", at=moment),
        "breach": partial(passing.breach, at=moment),
    }


def test_a_whole_story_in_hours() -> None:
    story = known(after(requested, returned, resubmitted, accepted, completed))
    assert spent(story, until=at(20)) == {
        ("production", "waiting"): 2 * HOUR,
        ("sales", "waiting"): 2 * HOUR,
        ("production", "working"): 4 * HOUR,
    }
    assert elapsed(story, until=at(20)) == 8 * HOUR


def test_the_clock_runs_while_it_is_open() -> None:
    story = known(after(requested, returned))
    assert spent(story, until=at(7)) == {("production", "waiting"): HOUR, ("sales", "waiting"): 5 * HOUR}
    assert elapsed(story, until=at(7)) == 6 * HOUR


def test_a_breach_passes_the_work_to_nobody() -> None:
    story = known(after(requested, accepted, breached))
    assert spent(story, until=at(15)) == {
        ("production", "waiting"): 4 * HOUR,
        ("production", "working"): 10 * HOUR,
    }


def test_a_clock_that_is_behind_takes_no_time_away() -> None:
    story = known(after(requested, accepted))
    assert spent(story, until=at(3)) == {
        ("production", "waiting"): 4 * HOUR,
        ("production", "working"): timedelta(),
    }
    assert elapsed(story, until=at(3)) == 4 * HOUR


GAPS = st.integers(min_value=0, max_value=10**12)  # microseconds: up to eleven days
STEPS = st.lists(st.tuples(st.sampled_from(sorted(decisions(at(0)))), GAPS), max_size=25)


@given(steps=STEPS, wait=GAPS)
def test_waiting_and_working_add_up_to_the_elapsed_time_exactly(
    steps: list[tuple[str, int]], wait: int
) -> None:
    handoff, now, breaches = after(requested), requested.occurred_at, 0
    for name, gap in steps:
        now += timedelta(microseconds=gap)
        try:
            events = decisions(now)[name](handoff)
        except Refused:
            continue
        handoff = reduce(HANDOFF.evolve, events, handoff)
        breaches += sum(event.type == breached.type for event in events)
        until = now + timedelta(microseconds=wait)
        turns = spent(known(handoff), until=until)
        assert sum(turns.values(), timedelta()) == elapsed(known(handoff), until=until)
        assert min(turns.values()) >= timedelta()
        assert {department for department, _ in turns} <= {"sales", "production"}
        assert ("sales", "working") not in turns
    assert breaches <= 1
