"""Commands: how many, what came of them, how long they took, and how the store does."""

from typing import Final

from baton.ops.panel import Dashboard, Panel, Query, Row
from baton.ops.queries import CHOSEN, quantile, quantiles, rate
from baton.ops.rules import ratio_over
from baton.ops.slos import COMMANDS_AVAILABLE

WRITES: Final = 'method=~"POST|PUT|PATCH|DELETE"'
REFUSED: Final = 'outcome="refused"'
ROUTE: Final = "service, method, route"
GROUP: Final = "baton_store_commit_events"

WRITE_SIDE: Final = Dashboard(
    uid="baton-write-side",
    title="Baton: write side",
    about="From a command over HTTP to an event on disk.",
    rows=(
        Row(
            "Commands",
            (
                Panel(
                    title="By what came of them",
                    healthy="Healthy: mostly done; some ignored and repeated where systems send twice. "
                    "`contended` means that somebody lost several races in a row and was told to try again.",
                    unit="ops",
                    queries=(
                        Query(rate("baton_commands_total", "service, outcome"), "{{service}} {{outcome}}"),
                    ),
                ),
                Panel(
                    title="Failed (5xx)",
                    healthy="The share over 5 minutes that was not answered. Healthy: 0.",
                    unit="percentunit",
                    queries=(
                        Query(
                            f'{ratio_over("5m")}{{slo="{COMMANDS_AVAILABLE.name}", {CHOSEN}}}', "{{service}}"
                        ),
                    ),
                    colours=((float(COMMANDS_AVAILABLE.budget), "red"),),
                ),
                Panel(
                    title="Time to answer a command",
                    healthy="Healthy: as on other days. It rises first when the store's disk is slow.",
                    unit="s",
                    queries=quantiles("baton_http_request_seconds", "service", WRITES),
                ),
                Panel(
                    title="Most refused decisions",
                    healthy="A refusal is a rule at work. Healthy: few; many of one kind are a wrong client.",
                    unit="ops",
                    queries=(
                        Query(
                            f"topk(10, {rate('baton_commands_total', 'category, decision', REFUSED)} > 0)",
                            "{{category}} {{decision}}",
                        ),
                    ),
                ),
            ),
        ),
        Row(
            "Every answer over HTTP",
            (
                Panel(
                    title="By status",
                    healthy="Healthy: mostly 2xx. 429 is who asks too much, 503 a part that is away.",
                    unit="ops",
                    queries=(Query(rate("baton_http_requests_total", "status"), "{{status}}"),),
                ),
                Panel(
                    title="Slowest routes",
                    healthy="99 of 100 answers were not slower. Streams that stay open (`/live`, `/events`) "
                    "count when they end. Healthy: as on other days.",
                    unit="s",
                    queries=(
                        Query(
                            f"topk(10, {quantile(0.99, 'baton_http_request_seconds', ROUTE)})",
                            "{{service}} {{method}} {{route}}",
                        ),
                    ),
                ),
            ),
        ),
        Row(
            "Store",
            (
                Panel(
                    title="Time until an event is durable",
                    healthy="From the call to the acknowledgement. Healthy: near the time of one commit.",
                    unit="s",
                    queries=quantiles("baton_store_append_seconds", "service"),
                    width=8,
                ),
                Panel(
                    title="Time of one commit",
                    healthy="Embedded store alone. Healthy: steady; it is the disk's speed.",
                    unit="s",
                    queries=quantiles("baton_store_commit_seconds", "service"),
                    width=8,
                ),
                Panel(
                    title="Events in one commit",
                    healthy="Embedded store alone. Healthy: 1 when little happens, more under load: "
                    "that is how it keeps up.",
                    unit="short",
                    queries=(
                        Query(
                            f"{rate(f'{GROUP}_sum', 'service')} / {rate(f'{GROUP}_count', 'service')}",
                            "{{service}}",
                        ),
                    ),
                    width=8,
                ),
            ),
        ),
    ),
)
