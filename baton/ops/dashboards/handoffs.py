"""What follows from events: reactions, timers, hand-offs, and webhooks to who is outside."""

from typing import Final

from baton.ops.panel import Dashboard, Panel, Query, Row
from baton.ops.queries import most, of, quantiles, rate

HANDOFFS: Final = Dashboard(
    uid="baton-handoffs",
    title="Baton: hand-offs, timers and webhooks",
    about="What follows from events, inside and outside.",
    rows=(
        Row(
            "Timers and hand-offs",
            (
                Panel(
                    title="Due and not fired",
                    healthy="At the last look. Healthy: 0, or above it for a moment.",
                    unit="short",
                    queries=(Query(most("baton_timers_due", "service, timer"), "{{timer}}"),),
                    colours=((1, "yellow"),),
                ),
                Panel(
                    title="From due to fired",
                    healthy="Healthy: a few seconds. What fell due while the service was away is late.",
                    unit="s",
                    queries=quantiles("baton_timer_late_seconds", "timer"),
                    colours=((60, "red"),),
                ),
                Panel(
                    title="Hand-offs that fell overdue",
                    healthy="In the hour before; they are the departments' work. Healthy: as many as usual. "
                    "None at all, where there used to be some, is a fault.",
                    unit="short",
                    queries=(
                        Query(
                            f"sum by (kind) (increase({of('baton_handoffs_breached_total')}[1h]))", "{{kind}}"
                        ),
                    ),
                ),
                Panel(
                    title="Reactions, by what came of them",
                    healthy="What Baton does because of an event. Healthy: done. What failed comes again.",
                    unit="ops",
                    queries=(
                        Query(rate("baton_reactions_total", "reaction, outcome"), "{{reaction}} {{outcome}}"),
                    ),
                ),
            ),
        ),
        Row(
            "Webhooks",
            (
                Panel(
                    title="Attempts, by what came of them",
                    healthy="Healthy: delivered. `again` is the other side's failure; `dead` was given up.",
                    unit="ops",
                    queries=(
                        Query(
                            rate("baton_webhook_deliveries_total", "webhook, outcome"),
                            "{{webhook}} {{outcome}}",
                        ),
                    ),
                ),
                Panel(
                    title="Time to an answer",
                    healthy="Healthy: far below the 20 s after which an attempt is given up.",
                    unit="s",
                    queries=quantiles("baton_webhook_attempt_seconds", "webhook"),
                    colours=((20, "red"),),
                ),
                Panel(
                    title="Not delivered yet",
                    healthy="What was read and waits, and what is not read yet. Healthy: near 0.",
                    unit="short",
                    queries=(
                        Query(most("baton_webhook_waiting", "webhook"), "{{webhook}} waits"),
                        Query(most("baton_webhook_behind_events", "webhook"), "{{webhook}} not read"),
                    ),
                ),
                Panel(
                    title="Dead letters",
                    healthy="Healthy: 0.",
                    unit="short",
                    queries=(Query(most("baton_webhook_dead", "webhook"), "{{webhook}}"),),
                    kind="number",
                    colours=((1, "red"),),
                    width=6,
                ),
                Panel(
                    title="Processes that send",
                    healthy="Healthy: 1.",
                    unit="none",
                    queries=(Query(f"sum by (service) ({of('baton_webhook_sends')})", "{{service}}"),),
                    kind="number",
                    below="red",
                    colours=((1, "green"), (2, "orange")),
                    width=6,
                ),
            ),
        ),
    ),
)
