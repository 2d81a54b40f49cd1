"""However deliveries succeed, fail and break off: first deliveries are in order, and nothing is lost."""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.coordination.webhooks.lines import Lines, Waiting
from services.coordination.webhooks.queue import Queue, open_queue
from tests.unit.coordination.webhooks.queueing import NOW, arrived, in_office, settled, take

STREAMS = ("deal-1", "deal-2", "deal-3")
MOST_ATTEMPTS = 3
AT_ONCE = 2

Step = tuple[Literal["arrives", "goes", "succeeds", "fails", "breaks", "breaks unheard"], int]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["arrives", "arrives", "goes", "goes", "succeeds", "fails", "breaks", "breaks unheard"]
        ),
        st.integers(0, 5),
    ),
    max_size=60,
)


class Course:
    """A sender's moves, one by one, on a real queue; what was on its way when it broke is forgotten."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.heard: list[tuple[str, int]] = []
        """What the receiver got and took, repeats too."""
        self.happened: dict[str, int] = defaultdict(int)
        self.starts()

    def starts(self) -> None:
        self.term = in_office(self.queue, str(uuid4()))
        self.queue.begin(self.term, "wh-1", 1)
        self.lines = Lines()
        self.lines.put(self.queue.waiting("wh-1"))
        self.going: list[Waiting] = []

    def arrives(self, n: int) -> None:
        stream = STREAMS[n % len(STREAMS)]
        sequence = self.happened[stream]
        self.happened[stream] += 1
        take(self.queue, self.term, arrived(stream, sequence), offset=sum(self.happened.values()))
        self.lines.put(self.queue.waiting("wh-1", after=self.lines.last))

    def goes(self, _: int) -> None:
        if len(self.going) < AT_ONCE and (row := self.lines.next(NOW)) is not None:
            assert row.stream not in {other.stream for other in self.going}
            self.going.append(row)

    def succeeds(self, n: int) -> None:
        if self.going:
            row = self.going.pop(n % len(self.going))
            self.hears(row)
            self.queue.settle(self.term, "wh-1", 1, [settled(row)])
            self.lines.done(row)

    def fails(self, n: int) -> None:
        if self.going:
            row = self.going.pop(n % len(self.going))
            if row.attempts + 1 == MOST_ATTEMPTS:
                self.queue.settle(self.term, "wh-1", 1, [settled(row, error="no")])
                self.lines.done(row)
            else:
                again = settled(row, error="no", again_in=timedelta())
                self.queue.settle(self.term, "wh-1", 1, [again])
                self.lines.again(row, at=NOW)

    def breaks(self, _: int, *, heard: bool = True) -> None:
        for row in self.going if heard else ():
            self.hears(row)
        self.queue.give_up(self.term)
        self.starts()

    def breaks_unheard(self, _: int) -> None:
        self.breaks(0, heard=False)

    def hears(self, row: Waiting) -> None:
        stream, _, sequence = row.event_id.rpartition("-")
        self.heard.append((stream, int(sequence)))

    def ends(self) -> None:
        """Everything succeeds from now on."""
        while len(self.lines):
            self.goes(0)
            self.succeeds(0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("courses")


@given(steps=steps)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_course_keeps_every_stream_in_order_and_loses_nothing(folder: Path, steps: list[Step]) -> None:
    queue = open_queue(f"sqlite:///{folder}/{uuid4()}/read.db")
    course = Course(queue)
    for step, n in steps:
        getattr(course, step.replace(" ", "_"))(n)
    course.ends()
    dead = {it.event_id for it in queue.dead("wh-1", limit=200).items}
    assert queue.standing("wh-1").waiting == 0
    queue.close()
    for stream, many in course.happened.items():
        first = list(dict.fromkeys(sequence for which, sequence in course.heard if which == stream))
        assert first == sorted(first)
        assert {*first} | {n for n in range(many) if f"{stream}-{n}" in dead} == set(range(many))
