"""What a plan 目标分解 adds to the boards: its leaves, spread over their days, under each of its versions."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import msgspec

from services.performance.measures.spread import spread
from services.performance.plan_tree import Node, Scope, Tree, grown, leaves, rooted
from shared.events.plan import PlanDrawn, PlanEvent, PlanSplit, PlanWithdrawn
from shared.projections.projection import Cell, Contribution, Projection

KNOWN_LEAVES: Final = 16_384


class Plan(msgspec.Struct, frozen=True):
    title: str = ""
    tree: Tree | None = None
    withdrawn: bool = False


def evolve(plan: Plan, event: PlanEvent) -> Plan:
    match event:
        case PlanDrawn():
            return Plan(event.title or "", rooted(event))
        case PlanSplit() if plan.tree is not None:
            return msgspec.structs.replace(plan, tree=grown(plan.tree, event))
        case PlanWithdrawn():
            return msgspec.structs.replace(plan, withdrawn=True)
        case _:
            return plan


def contribute(plan: Plan) -> Contribution:
    """Leaves alone, so that nothing counts twice; two leaves never share a day of one place."""
    cells: dict[Cell, int] = {}
    if plan.tree is None or plan.withdrawn:
        return cells
    tree = plan.tree
    for version in range(1, tree.version + 1):
        for leaf in leaves(tree, version):
            for measure, bucket, minor in _measures(leaf, version, tree.version):
                cells.update(_cells(leaf.scope, tree.currency, measure, bucket, minor))
    return cells


def _measures(leaf: Node, version: int, stands: int) -> Iterator[tuple[str, int, int]]:
    """What a leaf counts for, with bucket and amount: in its version, and if that stands, as the plan."""
    yield "planned_version_amount", version, leaf.amounts.target
    if version == stands:
        yield "planned_floor_amount", 0, leaf.amounts.floor
        yield "planned_amount", 0, leaf.amounts.target
        yield "planned_stretch_amount", 0, leaf.amounts.stretch


@lru_cache(maxsize=KNOWN_LEAVES)  # a split changes a few leaves, and each event asks for all of them
def _cells(scope: Scope, currency: str, measure: str, bucket: int, minor: int) -> Contribution:
    whose = {
        "person": scope.person or "",
        "line": scope.line or "",
        "department": scope.department or "",
        "team": scope.team or "",
        "region": scope.region or "",
    }
    return {
        Cell(measure, day, currency=currency, bucket=bucket, **whose): part
        for day, part in spread(minor, scope.start, scope.end)
        if part
    }


def index(plan: Plan) -> Mapping[str, str]:
    return {"state": "withdrawn" if plan.withdrawn else "standing"} if plan.tree else {}


PLANS = Projection(
    name="plans",
    version=1,
    state=Plan,
    initial=Plan(),
    events=(PlanDrawn, PlanSplit, PlanWithdrawn),
    evolve=evolve,
    contribute=contribute,
    index=index,
    dated=True,
)
