"""An event's way: store, relay, Kafka, stream, boards; and whether what is shown can be trusted."""

from typing import Final

from baton.ops.panel import Dashboard, Panel, Query, Row
from baton.ops.queries import most, of, quantile, quantiles, rate

TAKEN: Final = 'station="taken"'
APPLIED: Final = 'station="applied"'
SOURCE: Final = "{{service}} of {{source}}"
SUCCESS: Final = "baton_verify_last_success_timestamp_seconds"

EVENT_PATH: Final = Dashboard(
    uid="baton-event-path",
    title="Baton: event path",
    about="From the store over the relay, Kafka and the streams to the boards, station by station.",
    rows=(
        Row(
            "Store to Kafka (the relay)",
            (
                Panel(
                    title="The oldest unpublished event is",
                    healthy="Healthy: 0, or less than a second.",
                    unit="s",
                    queries=(Query(most("baton_relay_lag_seconds", "service"), "{{service}}"),),
                    colours=((5, "yellow"), (60, "red")),
                ),
                Panel(
                    title="Age when the broker had it",
                    healthy="Healthy: 99 of 100 well below the 5 s that are promised.",
                    unit="s",
                    queries=quantiles("baton_relay_age_seconds", "service"),
                    colours=((5, "red"),),
                ),
                Panel(
                    title="Published",
                    healthy="Healthy: as much as is recorded.",
                    unit="ops",
                    queries=(Query(rate("baton_relay_published_total", "service"), "{{service}}"),),
                ),
                Panel(
                    title="Not published yet",
                    healthy="In positions of the store. Healthy: near 0.",
                    unit="short",
                    queries=(Query(most("baton_relay_lag_events", "service"), "{{service}}"),),
                    width=6,
                ),
                Panel(
                    title="The relay follows",
                    healthy="1 while it follows the store and the broker. Healthy: 1.",
                    unit="none",
                    queries=(Query(most("baton_relay_healthy", "service"), "{{service}}"),),
                    kind="number",
                    below="red",
                    colours=((1, "green"),),
                    width=6,
                ),
            ),
        ),
        Row(
            "Kafka to read models (the streams)",
            (
                Panel(
                    title="Behind, in time",
                    healthy="The age of the newest taken event while there is more. Healthy: 0. "
                    "A gap in the line: not known, the stream is not connected.",
                    unit="s",
                    queries=(Query(most("baton_consumer_lag_seconds", "service, source"), SOURCE),),
                    colours=((5, "yellow"), (60, "red")),
                ),
                Panel(
                    title="Behind, in events",
                    healthy="Healthy: near 0. When it grows steadily, one process is not enough.",
                    unit="short",
                    queries=(Query(most("baton_consumer_lag_events", "service, source"), SOURCE),),
                ),
                Panel(
                    title="Age when it was taken, and when it was applied",
                    healthy="99 of 100 batches. The distance between the two is the time to apply. "
                    "Healthy: below the 5 s that are promised.",
                    unit="s",
                    queries=(
                        Query(
                            quantile(0.99, "baton_intake_age_seconds", "service", TAKEN), "{{service}} taken"
                        ),
                        Query(
                            quantile(0.99, "baton_intake_age_seconds", "service", APPLIED),
                            "{{service}} applied",
                        ),
                    ),
                    colours=((5, "red"),),
                ),
                Panel(
                    title="What broke and came again",
                    healthy="Healthy: 0. A few at a restart of the broker.",
                    unit="ops",
                    queries=(
                        Query(rate("baton_stream_failures_total", "group"), "{{group}} handler raised"),
                        Query(rate("baton_stream_restarts_total", "group"), "{{group}} started again"),
                    ),
                ),
            ),
        ),
        Row(
            "Read models and boards",
            (
                Panel(
                    title="Events folded",
                    healthy="Healthy: follows what is published.",
                    unit="ops",
                    queries=(Query(rate("baton_projection_events_total", "service"), "{{service}}"),),
                    width=8,
                ),
                Panel(
                    title="Time to apply a batch",
                    healthy="Healthy: steady. It is the time of one transaction in the database.",
                    unit="s",
                    queries=quantiles("baton_projection_apply_seconds", "service"),
                    width=8,
                ),
                Panel(
                    title="Skipped, by reason",
                    healthy="Events that came again, or that nobody here reads. Healthy: without a jump.",
                    unit="ops",
                    queries=(
                        Query(
                            rate("baton_projection_skipped_total", "service, reason"),
                            "{{service}} {{reason}}",
                        ),
                    ),
                    width=8,
                ),
                Panel(
                    title="Age when boards were told",
                    healthy="Healthy: below the 5 s that are promised.",
                    unit="s",
                    queries=quantiles("baton_feed_age_seconds", "service"),
                    colours=((5, "red"),),
                ),
                Panel(
                    title="Who listens (SSE)",
                    healthy="Boards, and followers of events. Healthy: as many as are open.",
                    unit="short",
                    queries=(
                        Query(f"sum by (service, feed) ({of('baton_sse_clients')})", "{{service}} {{feed}}"),
                    ),
                ),
            ),
        ),
        Row(
            "Whether it can be trusted",
            (
                Panel(
                    title="Parked streams",
                    healthy="Their events are on no board. Healthy: 0.",
                    unit="short",
                    queries=(Query(most("baton_parked_streams", "service"), "{{service}}"),),
                    colours=((1, "red"),),
                ),
                Panel(
                    title="Parked for",
                    healthy="How long the first of them has waited. Healthy: 0.",
                    unit="s",
                    queries=(Query(most("baton_parked_oldest_age_seconds", "service"), "{{service}}"),),
                ),
                Panel(
                    title="Differences from a rebuild",
                    healthy="What the last verification found. Healthy: 0.",
                    unit="short",
                    queries=(Query(most("baton_verify_differences", "service"), "{{service}}"),),
                    kind="number",
                    colours=((1, "red"),),
                    width=8,
                ),
                Panel(
                    title="Since a rebuild was equal",
                    healthy="Healthy: less than two days. Empty: not since the processes were started.",
                    unit="s",
                    queries=(Query(f"time() - ({most(SUCCESS, 'service')} > 0)", "{{service}}"),),
                    kind="number",
                    colours=((2 * 24 * 3600, "red"),),
                    width=8,
                ),
                Panel(
                    title="Erased people who may still be shown",
                    healthy="Healthy: 0; above it while read models are built anew.",
                    unit="short",
                    queries=(Query(most("baton_erasures_unfollowed", "service"), "{{service}}"),),
                    kind="number",
                    colours=((1, "orange"),),
                    width=8,
                ),
            ),
        ),
    ),
)
