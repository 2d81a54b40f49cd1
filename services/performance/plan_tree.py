"""A plan as a tree: every split ever made, and in which versions it holds."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from shared.events.plan import ROOT, Basis, By, Levels, PeriodKind, PlanDrawn, PlanSplit


class Amounts(NamedTuple):
    """Floor, target and stretch, in minor units."""

    floor: int
    target: int
    stretch: int


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """When and whose, as ``shared.events.plan.Scope`` says it."""

    start: date
    end: date
    kind: PeriodKind
    department: str | None = None
    team: str | None = None
    person: str | None = None
    line: str | None = None
    region: str | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A child as its split made it: the last step of its key, and what it is beside its parent's scope."""

    step: str
    weight: int
    amounts: Amounts
    name: str = ""
    """Of the department, team, person, line or region."""
    start: date | None = None
    end: date | None = None
    kind: PeriodKind = "other"


class Split(msgspec.Struct, frozen=True, omit_defaults=True):
    """It holds from version ``since`` until before ``until``; ``None`` means that it stands."""

    node: str
    by: By
    basis: Basis
    parts: tuple[Part, ...]
    since: int
    until: int | None = None

    def holds(self, version: int) -> bool:
        return self.since <= version and (self.until is None or version < self.until)


class Tree(msgspec.Struct, frozen=True):
    scope: Scope
    amounts: Amounts
    currency: str
    version: int = 1
    splits: tuple[Split, ...] = ()
    """In the order in which they were made."""


class Node(NamedTuple):
    """A node of one version; a leaf has no ``split``."""

    key: str
    scope: Scope
    amounts: Amounts
    weight: int
    split: Split | None


def rooted(drawn: PlanDrawn) -> Tree:
    scope = Scope(**drawn.scope.model_dump())
    return Tree(scope, amounts_of(drawn.levels), drawn.levels.currency)


def grown(tree: Tree, event: PlanSplit) -> Tree:
    """The tree after a split; in a new version, without what was at and below that node."""
    splits = tree.splits
    if event.version > tree.version:
        splits = tuple(
            replace(s, until=event.version) if s.until is None and _at_or_below(s.node, event.node) else s
            for s in splits
        )
    return replace(tree, version=event.version, splits=(*splits, split_of(event)))


def split_of(event: PlanSplit) -> Split:
    parts = []
    for part in event.parts:
        step, amounts = part.key.rpartition("/")[2], amounts_of(part.levels)
        if event.by == "period":
            scope = part.scope
            parts.append(Part(step, part.weight, amounts, start=scope.start, end=scope.end, kind=scope.kind))
        else:
            parts.append(Part(step, part.weight, amounts, name=getattr(part.scope, event.by)))
    return Split(event.node, event.by, event.basis, tuple(parts), event.version)


def splits_of(tree: Tree, version: int | None = None) -> Mapping[str, Split]:
    """What holds in a version (or in the one that stands), by the key of the node that is split."""
    asked = version or tree.version
    return {split.node: split for split in tree.splits if split.holds(asked)}


def root(tree: Tree, splits: Mapping[str, Split]) -> Node:
    return Node(ROOT, tree.scope, tree.amounts, 0, splits.get(ROOT))


def nodes(tree: Tree, version: int | None = None) -> Iterator[Node]:
    """Every node of a version (or of the one that stands), each before its children."""
    splits = splits_of(tree, version)
    return _from(root(tree, splits), splits)


def leaves(tree: Tree, version: int | None = None) -> Iterator[Node]:
    return (node for node in nodes(tree, version) if node.split is None)


def find(tree: Tree, key: str, version: int | None = None) -> Node | None:
    return next((node for node in nodes(tree, version) if node.key == key), None)


def amounts_of(levels: Levels) -> Amounts:
    return Amounts(levels.floor, levels.target, levels.stretch)


def levels_of(amounts: Amounts, currency: str) -> Levels:
    return Levels(floor=amounts.floor, target=amounts.target, stretch=amounts.stretch, currency=currency)


def below(node: Node, splits: Mapping[str, Split]) -> Iterator[Node]:
    """A node's children, with what they themselves are split into."""
    if node.split is None:
        return
    for part in node.split.parts:
        key = f"{node.key}/{part.step}"
        scope = _within(node.scope, node.split.by, part)
        yield Node(key, scope, part.amounts, part.weight, splits.get(key))


def _from(node: Node, splits: Mapping[str, Split]) -> Iterator[Node]:
    yield node
    for child in below(node, splits):
        yield from _from(child, splits)


def _within(scope: Scope, by: By, part: Part) -> Scope:
    if by == "period":
        return replace(scope, start=part.start, end=part.end, kind=part.kind)
    return replace(scope, **{by: part.name})


def _at_or_below(key: str, node: str) -> bool:
    return key == node or key.startswith(f"{node}/")
