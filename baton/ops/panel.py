"""A dashboard as data: panels, what each asks, and what a healthy picture looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["short", "percentunit", "s", "ops", "bytes", "bool", "none"]
"""As Grafana calls them."""
Kind = Literal["lines", "number", "table"]
Colour = Literal["green", "yellow", "orange", "red"]


@dataclass(frozen=True)
class Query:
    expr: str
    legend: str


@dataclass(frozen=True)
class Panel:
    title: str
    healthy: str
    """What it shows, and what it looks like when all is well."""
    unit: Unit
    queries: Sequence[Query]
    kind: Kind = "lines"
    colours: Sequence[tuple[float, Colour]] = ()
    """From which value on it has which colour; below the first it is green, or red where that is better."""
    below: Colour = "green"
    width: int = 12
    """Of 24."""


@dataclass(frozen=True)
class Row:
    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Dashboard:
    uid: str
    title: str
    about: str
    rows: Sequence[Row]
