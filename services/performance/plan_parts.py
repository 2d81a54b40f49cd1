"""What a node of a plan may be split into, and what its children are called."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from services.performance.plan_periods import Span, cut, name_of
from services.performance.plan_tree import Node, Scope
from shared.events.plan import ROOT, Basis, By
from shared.eventstore.decider import Refused

MOST_PARTS: Final = 200

_ABOVE: Final[Mapping[By, Sequence[str]]] = {
    "department": ("department", "team", "person"),
    "team": ("team", "person"),
    "person": ("person",),
    "line": ("line",),
    "region": ("region",),
}
"""A node for which one of these is said already is not split by that any more."""


@dataclass(frozen=True)
class Wanted:
    """A part as somebody asks for it: by its name, or a period by its first and last days."""

    name: str | None = None
    start: date | None = None
    end: date | None = None
    """The first day no longer in the period."""
    weight: int | None = None


@dataclass(frozen=True)
class Wish:
    """How a node is to be split; ``parts=None`` means the calendar's periods."""

    by: By
    node: str = ROOT
    basis: Basis = "weights"
    parts: Sequence[Wanted] | None = None


@dataclass(frozen=True)
class Child:
    """A part that may be: its place in the plan, and its weight where one is known."""

    key: str
    scope: Scope
    weight: int | None


def children(node: Node, wish: Wish) -> list[Child]:
    """The parts of the node that are wished for, periods in the order of the calendar.

    A period for which no weight is said weighs its days.
    """
    if not wish.parts and (wish.by != "period" or wish.parts is not None):
        raise Refused("A split needs at least one part.", code="no-parts")
    if len(wish.parts or ()) > MOST_PARTS:
        raise Refused(f"A split has at most {MOST_PARTS} parts.", code="too-many-parts")
    if wish.by == "period":
        return _periods(node, wish.parts)
    return _named(node, wish.by, wish.parts or ())


def _named(node: Node, by: By, wanted: Sequence[Wanted]) -> list[Child]:
    said = [field for field in _ABOVE[by] if getattr(node.scope, field) is not None]
    if said:
        raise Refused(f"A node of one {said[0]} is not split by {by}.", code="wrong-split")
    names = [part.name or "" for part in wanted]
    _once(names)
    return [
        Child(f"{node.key}/{by}:{_safe(name)}", replace(node.scope, **{by: name}), part.weight)
        for name, part in zip(names, wanted, strict=True)
    ]


def _periods(node: Node, wanted: Sequence[Wanted] | None) -> list[Child]:
    scope = node.scope
    spans = cut(scope.start, scope.end, scope.kind)
    weights = {span: span.days for span in spans}
    if wanted is not None:
        found = _found(spans, wanted)
        weights |= {span: weight for span, weight in found.items() if weight is not None}
    return [
        Child(
            f"{node.key}/{name_of(span)}",
            replace(scope, start=span.start, end=span.end, kind=span.kind),
            weights[span],
        )
        for span in spans
    ]


def _found(spans: Sequence[Span], wanted: Sequence[Wanted]) -> Mapping[Span, int | None]:
    """The weight that each of the calendar's periods is given."""
    names = {name_of(span): span for span in spans}
    asked = [
        names[part.name][:2] if part.name in names else (part.start or date.min, part.end or date.min)
        for part in wanted
    ]
    _once([f"{start} to {end}" for start, end in asked])
    if any(one[1] > other[0] for one, other in pairwise(sorted(asked))):
        raise Refused("Two of the periods overlap.", code="periods-overlap")
    weights = {days: part.weight for days, part in zip(asked, wanted, strict=True)}
    found = {span: weights.pop(span[:2]) for span in spans if span[:2] in weights}
    if weights:
        raise Refused(f"The parts of this period are: {', '.join(names)}.", code="wrong-split")
    if len(found) < len(spans):
        raise Refused("A part of the period is missing; give it the weight 0.", code="periods-missing")
    return found


def _once(names: Sequence[str]) -> None:
    twice = next((name for name, times in Counter(names).items() if times > 1), None)
    if twice is not None:
        raise Refused(f"{twice} is listed twice.", code="part-twice")


def _safe(name: str) -> str:
    """As a key says it: letters and digits of every script stay, the rest are ``~`` and hex bytes."""
    return "".join(c if c.isalnum() or c in "-_." else _escaped(c) for c in name)


def _escaped(char: str) -> str:
    return "".join(f"~{byte:02x}" for byte in char.encode())
