"""What a service does by itself: when it learns of an event, and when a due time has come."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

import structlog
from prometheus_client import Counter, Gauge, Histogram
from structlog.contextvars import bound_contextvars

from shared import traces
from shared.events.event import Envelope, Event
from shared.events.seen import Seen
from shared.eventstore.decider import Refused

log = structlog.get_logger()

Came = Literal["done", "refused", "failed"]

REACTIONS: Final = Counter(
    "baton_reactions_total",
    "What the service did because of an event. done: it was done, or had been before. refused: a rule said "
    "no, which is an answer. failed: it comes again with its batch, and nothing behind it is handled before.",
    ["reaction", "outcome"],
)
DUE: Final = Gauge(
    "baton_timers_due",
    "How many things the timer found due at its last look; what stays due is refused or cannot be done.",
    ["timer"],
)
LATE_SECONDS: Final = Histogram(
    "baton_timer_late_seconds",
    "Time from when something was due until the timer had done it.",
    ["timer"],
    buckets=(1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21600, 86400),
)


@dataclass(frozen=True)
class Reaction:
    """Runs at least once for each event of type ``to``; must be a no-op the second time.

    ``react`` gets the event and an envelope that names it as the cause, from which new events get
    ids that are the same every time. Imported history triggers nothing.
    """

    name: str
    to: type[Event]
    react: Callable[[Any, Envelope], Awaitable[None]]


Due = Mapping[str, datetime]
"""What is due, and since when."""


@dataclass(frozen=True)
class Timer:
    """Asks ``due`` what has come due by a moment, and lets ``fire`` act on each.

    ``due`` says nothing (``None``) when it did not look. ``fire`` says whether it did anything: firing
    twice is a no-op.
    """

    name: str
    due: Callable[[datetime], Due | None]
    fire: Callable[[str, datetime, Envelope], Awaitable[bool]]


def expect(reactions: Sequence[Reaction]) -> None:
    """Let what comes of each be counted from nought."""
    for reaction in reactions:
        for came in get_args(Came):
            REACTIONS.labels(reaction.name, came)


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
            except Exception:
                REACTIONS.labels(reaction.name, "failed").inc()
                raise
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
