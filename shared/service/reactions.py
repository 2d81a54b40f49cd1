"""What a service does by itself: when it learns of an event, and when a due time has come."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from prometheus_client import Counter
from structlog.contextvars import bound_contextvars

from shared import traces
from shared.events.event import Envelope, Event
from shared.events.seen import Seen
from shared.eventstore.decider import Refused

log = structlog.get_logger()

REACTIONS = Counter("baton_reactions_total", "Reactions by name and outcome.", ["reaction", "outcome"])


@dataclass(frozen=True)
class Reaction:
    """Runs at least once for each event of type ``to``; must be a no-op the second time.

    ``react`` gets the event and an envelope that names it as the cause, from which new events get
    ids that are the same every time. Imported history triggers nothing.
    """

    name: str
    to: type[Event]
    react: Callable[[Any, Envelope], Awaitable[None]]


@dataclass(frozen=True)
class Timer:
    """Asks ``due`` what has come due by a moment, and lets ``fire`` act on each; firing twice is a no-op."""

    name: str
    due: Callable[[datetime], Sequence[str]]
    fire: Callable[[str, datetime, Envelope], Awaitable[None]]


async def react(reactions: Sequence[Reaction], service: str, seen: Seen, event: Event) -> None:
    """Run the reactions to one event; a refusal is an answer, any other failure is raised."""
    if seen.role == "importer":
        return
    for reaction in reactions:
        if not isinstance(event, reaction.to):
            continue
        with _because_of(seen, reaction):
            envelope = Envelope(
                actor=service,
                role="system",
                correlation_id=seen.correlation_id,
                causation_id=seen.id,
                traceparent=traces.current(),
            )
            try:
                await reaction.react(event, envelope)
            except Refused as refused:
                log.info("reaction refused", reaction=reaction.name, stream=seen.stream, why=refused.message)
                REACTIONS.labels(reaction.name, "refused").inc()
            else:
                REACTIONS.labels(reaction.name, "done").inc()


@contextmanager
def _because_of(seen: Seen, reaction: Reaction) -> Iterator[None]:
    """Within the trace of the event, and logged under its correlation id."""
    about = {"baton.stream": seen.stream, "baton.event_type": seen.type}
    with (
        bound_contextvars(correlation_id=seen.correlation_id),
        traces.span(f"react {reaction.name}", about, parent=traces.valid(seen.traceparent)),
    ):
        yield
