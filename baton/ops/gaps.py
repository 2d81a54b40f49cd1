"""Alerts on what objectives cannot see: a share of what happened says nothing of what never happens.

A gauge that is not known is NaN, and NaN is above nothing: ``BatonLagUnknown`` is there for that. It is NaN,
too, in a process that does not have the role: what is told by several processes is the greatest of them.
"""

from collections.abc import Sequence
from typing import Final

from baton.ops.alert import Alert
from baton.ops.slo import JOB
from shared.events.catalogue import SERVICES

UP: Final = f"max by (service) (up{{{JOB}}})"
HANDOFFS: Final = 'timer="breach-handoff"'
OTHERS: Final = 'timer!="breach-handoff"'

_IN: Final = "in {{ $labels.service }}"


def _not_known(gauge: str) -> str:
    """NaN alone differs from itself."""
    return f"{gauge}{{{JOB}}} != {gauge}{{{JOB}}}"


GAPS: Final[Sequence[Alert]] = (
    Alert(
        name="BatonServiceDown",
        severity="page",
        expr="\nor\n".join(
            [f"{UP} == 0", *(f'absent(up{{{JOB}, service="{service}"}})' for service in SERVICES)]
        ),
        lasting="2m",
        summary="No process of {{ $labels.service }} answers",
        description="Whoever needs this service reaches nobody, and nothing of it moves.",
        dashboard="baton-overview",
    ),
    Alert(
        name="BatonReplicaDown",
        severity="ticket",
        expr=f"up{{{JOB}}} == 0\nand on (service)\n{UP} == 1",
        lasting="15m",
        summary="A process of {{ $labels.service }} does not answer: {{ $labels.instance }}",
        description="Nobody feels it while the others carry its share; another loss may stop the service.",
        dashboard="baton-process",
    ),
    Alert(
        name="BatonRelayStopped",
        severity="page",
        expr=f"max by (service) (baton_relay_healthy{{{JOB}}}) != 1",
        lasting="2m",
        summary=f"Events are not published {_IN}",
        description="Commands are taken and kept; boards, other services and systems hear of nothing.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonRelayLagging",
        severity="page",
        expr=f"max by (service) (baton_relay_lag_seconds{{{JOB}}}) > 60",
        lasting="5m",
        summary=f"The oldest unpublished event is {{{{ $value | humanizeDuration }}}} old {_IN}",
        description="Boards, other services and other systems hear late of what happened, and ever later.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonLedgerStopped",
        severity="ticket",
        expr=f"max by (service) (baton_ledger_healthy{{{JOB}}}) != 1",
        lasting="10m",
        summary=f"What is stored is not sealed {_IN}",
        description="Nobody feels it: but what is stored from now on could be changed and nobody could prove "
        "it, or it was changed already.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonConsumerLagging",
        severity="page",
        expr=f"max by (service, group, source) (baton_consumer_lag_seconds{{{JOB}}}) > 60",
        lasting="5m",
        summary="{{ $labels.service }} is {{ $value | humanizeDuration }} behind {{ $labels.source }}",
        description="In performance, boards show what was; in orders and coordination, the orders and "
        "hand-offs that follow from events are not there yet; elsewhere, lists are old.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonLagUnknown",
        severity="page",
        expr=f"{_not_known('baton_consumer_lag_seconds')}\n"
        "or\n"
        f"{_not_known('baton_relay_lag_seconds')}\n"
        "or\n"
        f"{UP} == 1 unless on (service) baton_consumer_lag_seconds{{{JOB}}}\n"
        "or\n"
        f"{UP} == 1 unless on (service) baton_relay_lag_seconds{{{JOB}}}",
        lasting="10m",
        summary=f"Nobody knows how far behind it is {_IN}",
        description="A part that moves events is not connected or not running: what people see may be "
        "old, and the alerts on lag cannot fire.",
        dashboard="baton-event-path",
    ),
    Alert(
        name="BatonTimersOverdue",
        severity="page",
        expr=f"max by (service, timer) (baton_timers_due{{{JOB}, {HANDOFFS}}}) > 0",
        lasting="5m",
        summary="{{ $value }} hand-offs are overdue and were not said to be",
        description="Departments are not told that a hand-off is overdue: a customer waits unseen.",
        dashboard="baton-handoffs",
    ),
    Alert(
        name="BatonTimersOverdue",
        severity="ticket",
        expr=f"max by (service, timer) (baton_timers_due{{{JOB}, {OTHERS}}}) > 0",
        lasting="1h",
        summary=f"The timer {{{{ $labels.timer }}}} does not get done {_IN}",
        description="Leads that nobody contacts are not given back, or champions are not named.",
        dashboard="baton-handoffs",
    ),
    Alert(
        name="BatonWebhooksNotSent",
        severity="page",
        expr=f"sum by (service) (baton_webhook_sends{{{JOB}}}) == 0\n"
        f"and on (service)\ncount by (service) (last_over_time(baton_webhook_waiting{{{JOB}}}[1d]))",
        lasting="15m",
        summary="No process sends webhooks",
        description="Systems that are called by webhooks, such as an ERP, hear of nothing. Nothing is lost.",
        dashboard="baton-handoffs",
    ),
)
