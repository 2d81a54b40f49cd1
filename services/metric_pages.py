"""The metrics on file: writes ``docs/operations/metrics.md`` from what the metrics say of themselves."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, get_args

from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from services.coordination.breaches import OTHER as OTHER_KIND
from services.coordination.kinds import KINDS
from services.coordination.webhooks.metrics import OUTCOMES as OF_DELIVERY
from shared.events.catalogue import SERVICES, categories
from shared.eventstore.decider import Came as OfCommand
from shared.service.actor import ROLES
from shared.service.intake import OWN_STORE, Station
from shared.service.measured import METHODS, OTHER, STATIC, UNKNOWN
from shared.service.permissions import Reason as OfRefusal
from shared.service.reactions import Came as OfReaction
from shared.service.refusals import Why
from shared.service.sse import Of
from shared.service.tokens.refusals import Reason

FILE: Final = Path("docs/operations/metrics.md")

AREAS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "HTTP": ("http", "sse", "refusals"),
        "Who is let in": ("tokens",),
        "Commands and the event store": ("commands", "store"),
        "Relay": ("relay",),
        "Audit": ("ledger",),
        "Consumers": ("consumer", "stream", "intake", "reactions"),
        "Read models": ("projection", "parked", "feed", "verify", "erasures"),
        "Timers and hand-offs": ("timers", "timer", "handoffs"),
        "Webhooks": ("webhook",),
        "The process": ("event", "build"),
    }
)
"""By the word after ``baton_``."""


def _any_of(values: Sequence[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "method": _any_of([*sorted(METHODS), OTHER]),
        "route": f"as in [docs/http](../http/README.md), `{STATIC}`, `{UNKNOWN}`",
        "status": "HTTP's, such as `200`",
        "category": _any_of(sorted({one for service in SERVICES for one in categories(service)})),
        "decision": "the name of a function, such as `win`",
        "baton_commands_total outcome": _any_of(get_args(OfCommand)),
        "baton_reactions_total outcome": _any_of(get_args(OfReaction)),
        "baton_webhook_deliveries_total outcome": _any_of(OF_DELIVERY),
        "why": _any_of(get_args(Why)),
        "group": "`baton.<service>`",
        "source": f"a topic, such as `baton.orders.events`, or `{OWN_STORE.name}`",
        "station": _any_of(get_args(Station)),
        "baton_refusals_total reason": _any_of(get_args(OfRefusal)),
        "reason": _any_of(["unknown type", "seen before"]),
        "role": _any_of(ROLES),
        "baton_tokens_refused_total reason": _any_of(get_args(Reason)),
        "baton_tokens_keys_asked_total outcome": _any_of(["got", "failed"]),
        "reaction": "its name, such as `request-lead-to-sales`",
        "timer": _any_of(["breach-handoff", "recycle-leads", "name-champions"]),
        "kind": _any_of([*KINDS, OTHER_KIND]),
        "webhook": "its id; at most a hundred",
        "feed": _any_of(get_args(Of)),
        "version": "such as `0.1.0`",
        "python": "such as `3.11.2`",
    }
)
"""What a label may say; where that depends on the metric, after its name."""

HEAD: Final = """\
# Metrics

What every service tells at `/metrics`, without a token, in Prometheus's format. Written by `make docs` from \
the metrics' own words.

**Name the service when you scrape.** No series says which service it is of: give each target the label \
`service` (`customers`, `orders`, `performance` or `coordination`). A process runs one service, or some of \
its roles; several of the same service are several targets. What a process does not do shows its first \
value, mostly 0. The lags of consumers are those of the group: each process of the service tells them. Only \
coordination tells of webhooks and breaches.

```yaml
scrape_configs:
  - job_name: baton
    static_configs:
      - targets: ["127.0.0.1:8081"]
        labels: {service: customers}
```

Counters start at 0 with the process, and so do gauges. Those whose labels are known beforehand are there \
from the start; of HTTP routes only the 500. The first command of a kind brings all its outcomes with it.

Units are seconds and plain numbers. A name that ends in `_total` is a counter: use `rate` or `increase`. A \
histogram has `_bucket` (`le`), `_sum` and `_count`.

`prometheus-client` adds, on Linux, `process_cpu_seconds_total`, `process_resident_memory_bytes`, \
`process_virtual_memory_bytes`, `process_open_fds`, `process_max_fds` and `process_start_time_seconds`; and \
everywhere `python_info` and `python_gc_…` of the garbage collector, which is asked only when somebody \
scrapes."""


class Metric(NamedTuple):
    name: str
    kind: str
    labels: Sequence[str]
    buckets: Sequence[float]
    help: str

    @property
    def unit(self) -> str:
        return "seconds" if "_seconds" in self.name else "events" if "_events" in self.name else ""


def known() -> list[Metric]:
    """Every metric of Baton that the four services may tell, by name."""
    for service in SERVICES:
        import_module(f"services.{service}.main")
    import_module("shared.service.connections")  # of the server around them
    found = REGISTRY._collector_to_names  # noqa: SLF001 - what labels and buckets there are is told nowhere else
    return sorted(_metric(one) for one in found if isinstance(one, MetricWrapperBase))


def _metric(collector: MetricWrapperBase) -> Metric:
    (family,) = collector.collect()
    suffix = {"counter": "_total", "info": "_info"}.get(family.type, "")
    return Metric(
        name=family.name + suffix,
        kind=family.type,
        labels=["version", "python"] if family.type == "info" else collector._labelnames,  # noqa: SLF001 - as above
        buckets=collector._kwargs.get("buckets", ()),  # noqa: SLF001 - as above
        help=family.documentation,
    )


def text() -> str:
    metrics = known()
    lines = [HEAD]
    for area, words in AREAS.items():
        lines += ["", f"## {area}", "", "| Metric | Kind | Unit | Labels | Tells |", "|---|---|---|---|---|"]
        lines += [_row(one) for one in metrics if one.name.split("_")[1] in words]
    return "\n".join([*lines, ""])


def says(metric: Metric, label: str) -> str:
    return LABELS.get(f"{metric.name} {label}") or LABELS[label]


def _row(metric: Metric) -> str:
    labels = [f"`{label}`: {says(metric, label)}" for label in metric.labels]
    bounds = f", le {' '.join(f'{bound:g}' for bound in metric.buckets)}" if metric.buckets else ""
    kind = "gauge, always 1" if metric.kind == "info" else metric.kind
    return f"| `{metric.name}` | {kind}{bounds} | {metric.unit} | {'<br>'.join(labels)} | {metric.help} |"


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
