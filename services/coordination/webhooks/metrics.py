"""What can be seen of webhooks from outside; there are at most a hundred of them."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

DELIVERIES: Final = Counter(
    "baton_webhook_deliveries_total",
    "Attempts by what came of them: delivered, again, dead, gone.",
    ["webhook", "outcome"],
)
SECONDS: Final = Histogram("baton_webhook_attempt_seconds", "Time to an endpoint's answer.", ["webhook"])
WAITING: Final = Gauge("baton_webhook_waiting", "Events that were read and are not delivered.", ["webhook"])
DEAD: Final = Gauge(
    "baton_webhook_dead", "Events that were tried as often as the schedule allows.", ["webhook"]
)
BEHIND: Final = Gauge(
    "baton_webhook_behind_events", "Events of the topics that are not read yet.", ["webhook"]
)
SENDS: Final = Gauge("baton_webhook_sends", "1 in the process that sends.")

OUTCOMES: Final = ("delivered", "again", "dead", "gone")


def forget(webhook: str) -> None:
    """One that nobody sends here any more has no numbers here."""
    for gauge in (SECONDS, WAITING, DEAD, BEHIND):
        gauge.remove_by_labels({"webhook": webhook})
    DELIVERIES.remove_by_labels({"webhook": webhook})
