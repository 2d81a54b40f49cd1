"""The timer that says when a hand-off's due time has passed."""

from datetime import datetime
from functools import partial

from services.coordination import lists
from services.coordination.passing import breach
from services.coordination.reactions import Handoffs
from shared.events.event import Envelope
from shared.projections.lists import Kept
from shared.projections.projection import sortable
from shared.service.reactions import Due, Timer


def timers(handoffs: Handoffs, kept: Kept[lists.Handoff]) -> list[Timer]:
    """The due times are rows of the read model, so they outlive the process."""

    def due(now: datetime) -> Due:
        due = kept.up_to("due", sortable(now))
        return {stream.removeprefix("handoff-"): datetime.fromisoformat(at) for stream, at in due.items()}

    async def fire(handoff_id: str, now: datetime, envelope: Envelope) -> bool:
        done = await handoffs.transact(handoff_id, partial(breach, at=now), envelope)
        return bool(done.events)

    return [Timer("breach-handoff", due, fire)]
