"""What Baton promises to those who use it."""

from decimal import Decimal
from typing import Final

from baton.ops.slo import JOB, Counted, Slo, Timed

_COMMANDS: Final = f'{JOB}, method=~"POST|PUT|PATCH|DELETE"'

COMMANDS_AVAILABLE: Final = Slo(
    name="commands-available",
    title="Commands are answered",
    objective=Decimal("99.9"),
    indicator=Counted(
        events=f"baton_http_requests_total{{{_COMMANDS}}}",
        errors=f'baton_http_requests_total{{{_COMMANDS}, status=~"5.."}}',
    ),
    alert="BatonCommandsFailing",
    felt="Staff and systems that record something are told to try again: work stands still.",
    reading="POST, PUT, PATCH and DELETE that are answered without 5xx. A refusal (409, 422) is an answer. "
    "Who reaches nobody is not counted: BatonServiceDown tells of that.",
    dashboard="baton-write-side",
)

BOARDS_FRESH: Final = Slo(
    name="boards-fresh",
    title="Boards are fresh",
    objective=Decimal(99),
    indicator=Timed(
        histogram="baton_intake_age_seconds",
        matching=f'{JOB}, service="performance", station="applied"',
        within=5.0,
    ),
    alert="BatonBoardsStale",
    felt="People in front of wallboards see what was, and do not know it.",
    reading="Batches that the boards had within 5 s of the recording of their oldest event. A log that is "
    "filled again, or a read model that begins empty, brings old events: they count as late, and the budget "
    "of 30 days shows it. `baton replay` builds beside the boards and does not count.",
    dashboard="baton-event-path",
)

EVENTS_DELIVERED: Final = Slo(
    name="events-delivered",
    title="Events are delivered",
    objective=Decimal("99.9"),
    indicator=Timed(histogram="baton_relay_age_seconds", matching=JOB, within=5.0),
    alert="BatonEventsLate",
    felt="Other systems, the other services and the boards hear late of what happened. Nothing is lost.",
    reading="Events that the broker acknowledged within 5 s of their recording. After a broker lost its log, "
    "all events are published again and count as late: the budget of 30 days shows it.",
    dashboard="baton-event-path",
)

HANDOFFS_TIMED: Final = Slo(
    name="handoffs-timed",
    title="Hand-off timers fire on time",
    objective=Decimal("99.9"),
    indicator=Timed(
        histogram="baton_timer_late_seconds", matching=f'{JOB}, timer="breach-handoff"', within=60.0
    ),
    alert="BatonHandoffTimersLate",
    felt="A department is told late that a hand-off is overdue, so a customer waits longer.",
    reading="Hand-offs that were said to be overdue within 60 s of their due time. Those that fell due while "
    "the service was away are late when it is back.",
    dashboard="baton-handoffs",
)

SLOS: Final = (COMMANDS_AVAILABLE, BOARDS_FRESH, EVENTS_DELIVERED, HANDOFFS_TIMED)
