"""What was promised, how much of it was kept, and what calls somebody now."""

from typing import Final

from baton.ops.panel import Dashboard, Panel, Query, Row
from baton.ops.queries import CHOSEN, most, of, rate
from baton.ops.rules import BUDGET_LEFT, MONTH, ratio_over
from baton.ops.slo import Slo
from baton.ops.slos import SLOS


def _promise(slo: Slo) -> Row:
    chosen = f'{{slo="{slo.name}", {CHOSEN}}}'
    kept, objective = f"1 - {ratio_over(MONTH)}{chosen}", float(slo.objective / 100)
    return Row(
        f"{slo.title}: {slo.objective} %",
        (
            Panel(
                title="Kept in 30 days",
                healthy=f"{slo.reading} Healthy: at or above {slo.objective} %. Empty: nothing happened.",
                unit="percentunit",
                queries=(Query(kept, "{{service}}"),),
                kind="number",
                below="red",
                colours=((objective, "green"),),
                width=5,
            ),
            Panel(
                title="Budget left",
                healthy="Of what may go wrong in 30 days. Healthy: green. Below 0 the promise is broken.",
                unit="percentunit",
                queries=(Query(f"{BUDGET_LEFT}{chosen}", "{{service}}"),),
                kind="number",
                below="red",
                colours=((0, "orange"), (0.25, "green")),
                width=5,
            ),
            Panel(
                title="How fast the budget is used",
                healthy="1 uses it up in just 30 days. Healthy: near 0. "
                "Above 14.4 over 1 h or 6 over 6 h somebody is woken.",
                unit="short",
                queries=tuple(
                    Query(f"{ratio_over(window)}{chosen} / {slo.budget}", f"{{{{service}}}} over {window}")
                    for window in ("1h", "6h")
                ),
                colours=((1, "yellow"), (6, "orange"), (14.4, "red")),
                width=14,
            ),
        ),
    )


OVERVIEW: Final = Dashboard(
    uid="baton-overview",
    title="Baton: overview",
    about="What was promised to those who use Baton, and how much of it was kept.",
    rows=(
        Row(
            "Now",
            (
                Panel(
                    title="Processes that answer",
                    healthy="Healthy: as many as were started, and no service at 0.",
                    unit="none",
                    queries=(Query(f"sum by (service) ({of('up')})", "{{service}}"),),
                    kind="number",
                    below="red",
                    colours=((1, "green"),),
                    width=8,
                ),
                Panel(
                    title="What calls somebody",
                    healthy="Alerts that fire now. Healthy: empty. Each name is a page of the runbooks.",
                    unit="none",
                    queries=(
                        Query(
                            "count by (alertname, severity, service) "
                            '(ALERTS{alertname=~"Baton.+", alertstate="firing"})',
                            "",
                        ),
                    ),
                    kind="table",
                    width=16,
                ),
            ),
        ),
        *map(_promise, SLOS),
        Row(
            "What moves",
            (
                Panel(
                    title="Commands",
                    healthy="What was asked for in a second, by what came of it. Healthy: as at this hour "
                    "of other days.",
                    unit="ops",
                    queries=(Query(rate("baton_commands_total", "outcome"), "{{outcome}}"),),
                ),
                Panel(
                    title="Boards are behind",
                    healthy="The age of the newest event that was taken, while there is more. Healthy: 0.",
                    unit="s",
                    queries=(
                        Query(
                            most("baton_consumer_lag_seconds", "service, source"),
                            "{{service}} of {{source}}",
                        ),
                    ),
                    colours=((5, "yellow"), (60, "red")),
                ),
            ),
        ),
    ),
)
