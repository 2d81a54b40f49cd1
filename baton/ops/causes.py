"""Alerts on what does harm that no objective measures: data that is missing or wrong, and trouble to come."""

from collections.abc import Sequence
from typing import Final

from baton.ops.alert import Alert
from baton.ops.slo import JOB

MANY_STREAMS: Final = 20
"""One bad event parks one stream; so many are a kind of event that cannot be read any more."""
VERIFIED_WITHIN: Final = "2d"
"""Twice as long as from one verification to the next (``VERIFY_EVERY_HOURS``)."""
DAYS_2: Final = 2 * 24 * 3600

_PARKED: Final = f"max by (service) (baton_parked_streams{{{JOB}}})"
_SUCCESS: Final = "baton_verify_last_success_timestamp_seconds"
_MISSING: Final = "Events of these streams are on no board and in no list, and nothing follows from them."

CAUSES: Final[Sequence[Alert]] = (
    Alert(
        name="BatonStreamsParked",
        severity="page",
        expr=f"{_PARKED} > {MANY_STREAMS}",
        lasting="10m",
        summary="{{ $value }} streams are parked in {{ $labels.service }}",
        description=f"{_MISSING} So many are no accident of one event: boards are wrong for everybody.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonStreamsParked",
        severity="ticket",
        expr=f"{_PARKED} > 0",
        lasting="10m",
        summary="{{ $value }} streams are parked in {{ $labels.service }}",
        description=_MISSING,
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonReadModelDiffers",
        severity="ticket",
        expr=f"max by (service) (baton_verify_differences{{{JOB}}}) > 0",
        summary="What {{ $labels.service }} shows is not what its events say: {{ $value }} differences",
        description="Somebody reads a number, or a line of a list, that is wrong.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonVerificationMissing",
        severity="ticket",
        expr="time() - max by (service) "
        f"(max_over_time({_SUCCESS}{{{JOB}}}[{VERIFIED_WITHIN}])) > {DAYS_2}\n"
        f"and on (service)\nmax by (service) (up{{{JOB}}} offset {VERIFIED_WITHIN})",
        lasting="1h",
        summary="What {{ $labels.service }} shows was not found equal to its events for two days",
        description="Nobody feels it yet: if a number went wrong, nobody would know.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonStreamFailing",
        severity="ticket",
        expr=f"sum by (service, group) (increase(baton_stream_failures_total{{{JOB}}}[15m]))\n"
        f"+\nsum by (service, group) (increase(baton_stream_restarts_total{{{JOB}}}[15m])) > 10",
        summary="{{ $labels.group }} takes the same events again and again",
        description="Events of other services come in late or not at all; if it lasts, "
        "BatonConsumerLagging wakes somebody.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonErasureUnfollowed",
        severity="ticket",
        expr=f"max by (service) (baton_erasures_unfollowed{{{JOB}}}) > 0",
        lasting="1h",
        summary="{{ $value }} erased people may still be shown by {{ $labels.service }}",
        description="Somebody was promised that nothing of them is left, and it is not so yet.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonWebhookDead",
        severity="ticket",
        expr=f"max by (service, webhook) (baton_webhook_dead{{{JOB}}}) > 0",
        lasting="5m",
        summary="Webhook {{ $labels.webhook }} has {{ $value }} dead letters",
        description="The system behind it did not take these events in three days; it is not asked again.",
        dashboard="baton-handoffs",
    ),
    Alert(
        name="BatonWebhookBehind",
        severity="ticket",
        expr="max by (service, webhook) "
        f"(baton_webhook_waiting{{{JOB}}} + baton_webhook_behind_events{{{JOB}}}) > 100",
        lasting="1h",
        summary="Webhook {{ $labels.webhook }} is {{ $value }} events behind",
        description="The system behind it hears late of what happened.",
        dashboard="baton-handoffs",
    ),
    Alert(
        name="BatonEventLoopBlocked",
        severity="ticket",
        expr="histogram_quantile(0.99, sum by (service, instance, le) "
        f"(rate(baton_event_loop_delay_seconds_bucket{{{JOB}}}[5m]))) > 0.25",
        lasting="15m",
        summary="A process of {{ $labels.service }} keeps everybody waiting: {{ $labels.instance }}",
        description="Every answer of this process may be late by {{ $value | humanizeDuration }}.",
        dashboard="baton-process",
    ),
)
