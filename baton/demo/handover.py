"""The hand-offs of a story; the same ones that the services ask for by themselves when it is live."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from baton.demo import words
from baton.demo.telling import Step, Telling

RETURNED: Final = 0.1
TAKEN_UP: Final = 0.35
"""After which part of the whole time, about, somebody takes it up."""


class Kind(NamedTuple):
    asking: str
    asked: str
    hours: int
    """How long it may take."""


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "lead-to-sales": Kind("marketing", "sales", 4),
        "order-to-production": Kind("sales", "production", 24),
        "goods-to-logistics": Kind("production", "logistics", 24),
        "invoice-to-finance": Kind("sales", "finance", 24),
        "delivery-to-service": Kind("sales", "service", 48),
        "complaint-to-service": Kind("sales", "service", 8),
    }
)


def handed_over(
    it: Telling, kind: str, subject: str, title: str, *, start: datetime, until: datetime
) -> Iterator[Step]:
    """Asked for at ``start``, taken up (sometimes after a return) in between, done at ``until``."""
    asking, asked, hours = KINDS[kind]
    handoff = f"{kind}-{it.id}"
    path = f"/handoffs/{handoff}"
    body = {
        "id": handoff,
        "kind": kind,
        "subject": f"{subject}-{it.id}",
        "title": title,
        "from_department": asking,
        "to_department": asked,
        "due_at": (start + timedelta(hours=hours)).isoformat(),
    }
    yield Step(start, "coordination", "/handoffs", body)
    accepted = start + (until - start) * TAKEN_UP * it.chance.uniform(0.5, 1.5)
    if it.chance.random() < RETURNED:
        reason = {"reason": it.chance.choice(words.RETURNS)}
        yield Step(start + (accepted - start) / 3, "coordination", f"{path}/return", reason)
        yield Step(start + (accepted - start) / 2, "coordination", f"{path}/resubmit", {})
    yield Step(accepted, "coordination", f"{path}/accept", {})
    yield Step(until, "coordination", f"{path}/complete", {})
