"""How plans are shown: as a tree, or as a row of a list."""

from collections.abc import Mapping
from typing import Literal

from msgspec.structs import asdict
from pydantic import BaseModel

from services.performance import plan, plan_tree
from services.performance.measures import plans as seen
from services.performance.plan_tree import Node, Split, Tree, levels_of
from shared.events.plan import Basis, By, Levels, Scope
from shared.eventstore.decider import NotFound

PlanState = Literal["standing", "withdrawn"]


class NodeView(BaseModel):
    key: str
    scope: Scope
    weight: int
    levels: Levels
    by: By | None
    """What its children are told apart by; ``null`` for a leaf."""
    basis: Basis | None
    children: list["NodeView"]
    sums: bool
    """Whether the children add up to it on each level, added up just now; true for a leaf."""


class PlanView(BaseModel):
    id: str
    title: str | None
    state: PlanState
    version: int
    """The one that is shown."""
    versions: int
    """How many there are; the last one counts."""
    tree: NodeView


class PlanRow(BaseModel):
    id: str
    title: str | None
    state: PlanState
    versions: int
    scope: Scope
    levels: Levels


def shown(plan_id: str, it: plan.Plan, *, version: int | None, node: str) -> PlanView:
    """A version of a plan from a node down; raises ``NotFound``."""
    standing = plan.content(it)
    tree = standing.tree
    asked = version or tree.version
    found = plan_tree.find(tree, node, asked)
    if asked > tree.version or found is None:
        raise NotFound(f"The plan has no version {asked}, or that has no node {node}.")
    return PlanView(
        id=plan_id,
        title=standing.drawn.title,
        state="withdrawn" if isinstance(it, plan.Withdrawn) else "standing",
        version=asked,
        versions=tree.version,
        tree=_node(found, plan_tree.splits_of(tree, asked), tree.currency),
    )


def row(stream: str, it: seen.Plan, tree: Tree) -> PlanRow:
    return PlanRow(
        id=stream.removeprefix("plan-"),
        title=it.title or None,
        state="withdrawn" if it.withdrawn else "standing",
        versions=tree.version,
        scope=Scope(**asdict(tree.scope)),
        levels=levels_of(tree.amounts, tree.currency),
    )


def _node(node: Node, splits: Mapping[str, Split], currency: str) -> NodeView:
    below = list(plan_tree.below(node, splits))
    added = [sum(amounts) for amounts in zip(*(child.amounts for child in below), strict=True)]
    return NodeView(
        key=node.key,
        scope=Scope(**asdict(node.scope)),
        weight=node.weight,
        levels=levels_of(node.amounts, currency),
        by=node.split.by if node.split else None,
        basis=node.split.basis if node.split else None,
        children=[_node(child, splits, currency) for child in below],
        sums=not below or added == list(node.amounts),
    )
