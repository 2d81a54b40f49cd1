"""Plans 目标分解: drawn for a period, split node by node, split again into a new version, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from msgspec.structs import asdict

from services.performance import plan_tree
from services.performance.plan_parts import Child, Wish, children
from services.performance.plan_split import split_levels
from services.performance.plan_tree import Node, Split, Tree
from shared.events.plan import (
    Levels,
    PlanDrawn,
    PlanEvent,
    PlanPart,
    PlanSplit,
    PlanWithdrawn,
    Scope,
)
from shared.eventstore.decider import Aggregate, NotFound, Refused

LONGEST: Final = timedelta(days=366)
MOST_DAYS: Final = 400_000
"""Of all leaves in all versions together: a year for 40 people 27 times."""


@dataclass(frozen=True)
class NotDrawn:
    pass


@dataclass(frozen=True)
class Standing:
    drawn: PlanDrawn
    tree: Tree


@dataclass(frozen=True)
class Withdrawn:
    was: Standing


Plan = NotDrawn | Standing | Withdrawn


def evolve(plan: Plan, event: PlanEvent) -> Plan:
    match event:
        case PlanDrawn():
            return Standing(event, plan_tree.rooted(event))
        case PlanSplit():
            standing = _standing(plan)
            return Standing(standing.drawn, plan_tree.grown(standing.tree, event))
        case PlanWithdrawn():
            return Withdrawn(_standing(plan))
        case _:
            assert_never(event)


PLAN: Final = Aggregate[Plan, PlanEvent](
    category="plan",
    initial=NotDrawn(),
    evolve=evolve,
)


def draw(plan: Plan, *, drawn: PlanDrawn) -> list[PlanEvent]:
    _in_order(drawn.levels)
    _a_period(drawn.scope)
    match plan:
        case NotDrawn():
            return [drawn]
        case Standing(drawn=first) if _same(first, drawn):
            return []
        case Standing():
            raise Refused("Another plan has this id.", code="id-taken")
        case Withdrawn():
            raise Refused("This plan was withdrawn.", code="plan-withdrawn")
        case _:
            assert_never(plan)


def split(
    plan: Plan,
    *,
    wish: Wish,
    weights: Sequence[int] | None = None,
    at: datetime,
) -> list[PlanEvent]:
    """Split a leaf in the version that stands, or a node that is split already in the next one.

    ``weights`` are of the ``children`` in their order; without them each part has its own.
    """
    standing, it = _standing(plan), find(plan, wish.node)
    parts = children(it, wish)
    weights = weights or _weights(parts)
    shares = split_levels(plan_tree.levels_of(it.amounts, standing.tree.currency), weights)
    made = PlanSplit(
        plan_id=standing.drawn.plan_id,
        node=wish.node,
        version=standing.tree.version + (it.split is not None),
        by=wish.by,
        basis=wish.basis,
        parts=tuple(
            PlanPart(key=part.key, scope=_said(part.scope), weight=weight, levels=levels)
            for part, weight, levels in zip(parts, weights, shares, strict=True)
        ),
        occurred_at=at,
    )
    if it.split is not None and _alike(it.split, plan_tree.split_of(made)):
        return []
    if _days(plan_tree.grown(standing.tree, made)) > MOST_DAYS:
        raise Refused("The plan would become too large: draw another one.", code="plan-too-large")
    return [made]


def withdraw(plan: Plan, *, at: datetime) -> list[PlanEvent]:
    match plan:
        case Withdrawn():
            return []
        case _:
            return [PlanWithdrawn(plan_id=_standing(plan).drawn.plan_id, occurred_at=at)]


def find(plan: Plan, node: str) -> Node:
    """A node of the version that stands."""
    found = plan_tree.find(_standing(plan).tree, node)
    if found is None:
        raise Refused(f"The plan has no node {node}.", code="unknown-node")
    return found


def content(plan: Plan) -> Standing:
    """What it is, or was until it was withdrawn."""
    return plan.was if isinstance(plan, Withdrawn) else _standing(plan)


def _standing(plan: Plan) -> Standing:
    match plan:
        case Standing():
            return plan
        case Withdrawn():
            raise Refused("This plan was withdrawn.", code="plan-withdrawn")
        case NotDrawn():
            raise NotFound("There is no such plan.")
        case _:
            assert_never(plan)


def _in_order(levels: Levels) -> None:
    if not levels.floor <= levels.target <= levels.stretch:
        raise Refused("The floor is at most the target, the target at most the stretch.", code="levels")


def _a_period(scope: Scope) -> None:
    if not scope.start < scope.end:
        raise Refused("The period must end after it starts.", code="empty-period")
    if scope.end - scope.start > LONGEST:
        raise Refused(f"A period has at most {LONGEST.days} days.", code="long-period")


def _weights(parts: Sequence[Child]) -> list[int]:
    weights = [part.weight for part in parts if part.weight is not None]
    if len(weights) < len(parts):
        raise Refused("Each part needs a weight.", code="no-weights")
    return weights


def _said(scope: plan_tree.Scope) -> Scope:
    return Scope(**asdict(scope))


def _days(tree: Tree) -> int:
    versions = range(1, tree.version + 1)
    return sum(leaf.scope.days for version in versions for leaf in plan_tree.leaves(tree, version))


def _same(one: PlanDrawn, other: PlanDrawn) -> bool:
    return one.model_dump(exclude={"occurred_at"}) == other.model_dump(exclude={"occurred_at"})


def _alike(one: Split, other: Split) -> bool:
    """The same parts with the same amounts, in whatever order they were listed."""
    ways = [(it.by, it.basis, sorted((p.step, p.weight, p.amounts) for p in it.parts)) for it in (one, other)]
    return ways[0] == ways[1]
