"""What changed from version to version of a plan, when and by whom."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import cast

from pydantic import BaseModel

from services.performance import plan, plan_tree
from services.performance.plan_tree import Tree, levels_of
from shared.events.catalogue import EVENTS
from shared.events.plan import ROOT, Basis, By, Levels, PlanDrawn, PlanEvent, PlanSplit
from shared.service.history import Happened


class PartView(BaseModel):
    key: str
    weight: int
    levels: Levels


class Change(BaseModel):
    """A node was drawn or split: what it consisted of in the version before, and consists of now."""

    node: str
    by: By | None
    basis: Basis | None
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    before: list[PartView]
    after: list[PartView]
    gone: list[str]
    """Nodes below it that were split in the version before: their children are in this one no more."""


class VersionView(BaseModel):
    version: int
    stands: bool
    """It is the one that counts."""
    changes: list[Change]


def versions(happened: Sequence[Happened]) -> list[VersionView]:
    """Every version, oldest first, with what was done in it and by whom."""
    by_version = groupby(_changes(happened), key=lambda change: change[0])
    found = [(version, [change for _, change in several]) for version, several in by_version]
    return [VersionView(version=v, stands=v == found[-1][0], changes=changes) for v, changes in found]


def _changes(happened: Sequence[Happened]) -> Iterator[tuple[int, Change]]:
    state: plan.Plan = plan.PLAN.initial
    for one in happened:
        event = cast(
            "PlanEvent",
            EVENTS[one.type].model_validate({**one.data, "occurred_at": one.occurred_at}),
        )
        if isinstance(event, PlanDrawn):
            root = PartView(key=ROOT, weight=0, levels=event.levels)
            yield 1, _change(one, node=ROOT, after=[root])
        elif isinstance(event, PlanSplit):
            yield event.version, _split(one, event, plan.content(state).tree)
        state = plan.evolve(state, event)


def _split(one: Happened, event: PlanSplit, tree: Tree) -> Change:
    replaced = plan_tree.splits_of(tree).get(event.node)
    return _change(
        one,
        node=event.node,
        by=event.by,
        basis=event.basis,
        before=[
            PartView(
                key=f"{event.node}/{part.step}",
                weight=part.weight,
                levels=levels_of(part.amounts, tree.currency),
            )
            for part in (replaced.parts if replaced else ())
        ],
        after=[PartView.model_validate(part, from_attributes=True) for part in event.parts],
        gone=[key for key in plan_tree.splits_of(tree) if key.startswith(f"{event.node}/")],
    )


def _change(one: Happened, **what: object) -> Change:
    nothing: Mapping[str, object] = {"by": None, "basis": None, "before": [], "gone": []}
    when = {"occurred_at": one.occurred_at, "recorded_at": one.recorded_at, "actor": one.actor}
    return Change.model_validate({**nothing, **when, **what})
