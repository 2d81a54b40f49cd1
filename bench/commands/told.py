"""What the benchmark of commands says of itself: one stretch of load in numbers, a table, the goals."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Final

from bench.commands.load import Measured
from bench.commands.served import Served
from bench.figures import quantile

BATON: Final = "Baton"
NO_STORE: Final = "without a store"
ONE_BY_ONE: Final = "one fsync per command"
MOST: Final = "64 clients"
HALF: Final = "64, half load"

Told = Mapping[str, float]
"""One stretch of load, in numbers."""
Rounds = Mapping[str, Mapping[str, Sequence[Told]]]
"""Contestant → stretch → one of each round."""


def goals(told: Rounds) -> list[str]:
    """What the project wants, and what came out."""
    share = _median(told[BATON][MOST], "commands_per_s") / _median(told[NO_STORE][MOST], "commands_per_s")
    p99 = _median(told[BATON][HALF], "p99_ms")
    return [
        f"- {MOST}: {share:.0%} of the same app without a store (wanted: 80 %)",
        f"- p99 at half load: {p99:.1f} ms (wanted: under 25 ms)",
    ]


def table(told: Rounds) -> Iterator[str]:
    """Medians over the rounds, the spread of commands/s beside."""
    yield "| | | commands/s | from – to | p50 ms | p99 ms | server's core | read model behind |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    for name, stretches in told.items():
        for stretch, rounds in stretches.items():
            rates = [one["commands_per_s"] for one in rounds]
            yield (
                f"| {name} | {stretch} | {median(rates):,.0f} | {min(rates):,.0f} – {max(rates):,.0f}"
                f" | {_median(rounds, 'p50_ms'):.1f} | {_median(rounds, 'p99_ms'):.1f}"
                f" | {_median(rounds, 'server_core'):.0%} | {_median(rounds, 'behind'):,.0f} |"
            )


def told_of(measured: Measured, server: Served) -> Told:
    """``behind`` are the events that the service's own read model had yet to take, a second later at most."""
    waits = measured.waits
    return {
        "commands_per_s": len(waits) / measured.seconds,
        "p50_ms": quantile(waits, 0.5) * 1000,
        "p99_ms": quantile(waits, 0.99) * 1000,
        "max_ms": max(waits) * 1000,
        "server_core": measured.server_cpu / measured.seconds,
        "generator_core": measured.own_cpu / measured.seconds,
        "behind": server.metric('baton_consumer_lag_events{group="baton.customers",source="own store"}'),
    }


def line(one: Told) -> str:
    return ", ".join(f"{name} {value:,.2f}" for name, value in one.items())


def _median(rounds: Sequence[Told], name: str) -> float:
    return median(one[name] for one in rounds)
