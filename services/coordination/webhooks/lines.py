"""What waits to be sent for one webhook: a line for each stream, of which only the first may go.

Kept in memory as the queue's rows say, so that the next to be sent is found without asking the database.
"""

import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True)
class Waiting:
    """One event that was taken and is not delivered."""

    id: int
    stream: str
    event_id: str
    type: str
    body: bytes
    attempts: int
    """How often it was tried."""
    due_at: datetime


@dataclass
class Lines:
    last: int = 0
    """The greatest id that was ever put in."""
    _lines: dict[str, deque[Waiting]] = field(default_factory=dict)
    _heads: list[tuple[datetime, int, str]] = field(default_factory=list)
    """The first of every stream that nobody sends just now, the one to go first at the top."""
    _many: int = 0

    def __len__(self) -> int:
        return self._many

    def put(self, rows: Iterable[Waiting]) -> None:
        """At the ends of their streams' lines, in the order of their ids."""
        for row in rows:
            line = self._lines.setdefault(row.stream, deque())
            line.append(row)
            self._many += 1
            self.last = max(self.last, row.id)
            if len(line) == 1:
                self._ready(row)

    def next(self, now: datetime) -> Waiting | None:
        """One that is due; its stream has no other until it is ``done`` or comes ``again``."""
        if not self._heads or self._heads[0][0] > now:
            return None
        *_, stream = heapq.heappop(self._heads)
        return self._lines[stream][0]

    def due(self) -> datetime | None:
        """When the next of those that nobody sends is due."""
        return self._heads[0][0] if self._heads else None

    def done(self, row: Waiting) -> None:
        """It was delivered, or is dead: the next of its stream may go."""
        line = self._lines[row.stream]
        line.popleft()
        self._many -= 1
        if line:
            self._ready(line[0])
        else:
            del self._lines[row.stream]

    def again(self, row: Waiting, *, at: datetime) -> None:
        line = self._lines[row.stream]
        line[0] = replace(row, attempts=row.attempts + 1, due_at=at)
        self._ready(line[0])

    def _ready(self, row: Waiting) -> None:
        heapq.heappush(self._heads, (row.due_at, row.id, row.stream))
