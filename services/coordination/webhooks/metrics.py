"""What can be seen of webhooks from outside; there are at most a hundred of them."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

DELIVERIES: Final = Counter(
    "baton_webhook_deliveries_total",
    "Attempts to deliver an event to a webhook. delivered: it was accepted. again: it is tried once more "
    "later. dead: the schedule is over, and somebody must redeliver it. gone: the endpoint answered 410.",
    ["webhook", "outcome"],
)
SECONDS: Final = Histogram(
    "baton_webhook_attempt_seconds",
    "Time from a request to an endpoint until its answer.",
    ["webhook"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
WAITING: Final = Gauge(
    "baton_webhook_waiting", "Events that were read for the webhook and are not delivered yet.", ["webhook"]
)
DEAD: Final = Gauge(
    "baton_webhook_dead",
    "Events that were tried as often as the schedule allows, and wait for somebody to redeliver them.",
    ["webhook"],
)
BEHIND: Final = Gauge(
    "baton_webhook_behind_events", "Events of the topics that were not read for the webhook yet.", ["webhook"]
)
SENDS: Final = Gauge(
    "baton_webhook_sends", "1 in the process that sends webhooks, 0 in one that would take over."
)

OUTCOMES: Final = ("delivered", "again", "dead", "gone")


def forget(webhook: str) -> None:
    """One that nobody sends here any more has no numbers here."""
    for gauge in (SECONDS, WAITING, DEAD, BEHIND):
        gauge.remove_by_labels({"webhook": webhook})
    DELIVERIES.remove_by_labels({"webhook": webhook})
