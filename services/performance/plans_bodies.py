"""What commands about plans say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from services.performance.plan_parts import Wanted, Wish
from services.performance.plan_periods import kind_of
from shared.events.event import Day, Id, Label, Slug, Text
from shared.events.plan import ROOT, Basis, By, Levels, NodeKey, PlanDrawn, Scope, Weight
from shared.service.commands import Body

_NAMES: Final[Mapping[By, TypeAdapter[Any]]] = {
    "department": TypeAdapter(Slug),
    "team": TypeAdapter(Id),
    "person": TypeAdapter(Id),
    "line": TypeAdapter(Label),
    "region": TypeAdapter(Label),
}


class DrawPlan(Body):
    id: Id | None = None
    title: Text | None = None
    start: Day
    end: Day
    """The first day no longer in the period."""
    department: Slug | None = None
    team: Id | None = None
    person: Id | None = None
    line: Label | None = None
    region: Label | None = None
    levels: Levels

    def event(self, plan_id: str, *, at: datetime) -> PlanDrawn:
        whose = self.model_dump(include={"department", "team", "person", "line", "region"})
        kind = kind_of(self.start, self.end)
        scope = Scope(start=self.start, end=self.end, kind=kind, **whose)
        return PlanDrawn(plan_id=plan_id, title=self.title, scope=scope, levels=self.levels, occurred_at=at)


class Part(BaseModel):
    """A period is named by its key (``2026-Q1``) or by its days; everything else by its id or label."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Label | None = None
    start: Day | None = None
    end: Day | None = None
    weight: Weight | None = None

    def wanted(self) -> Wanted:
        return Wanted(self.key, self.start, self.end, self.weight)


class SplitNode(Body):
    node: NodeKey = ROOT
    by: By
    basis: Basis = "weights"
    parts: list[Part] | None = None
    """May be absent for periods: then they are the calendar's, each weighing its days."""

    @model_validator(mode="after")
    def _said_one_way(self) -> Self:
        for part in self.parts or ():
            said = [value is not None for value in (part.key, part.start, part.end)]
            if said != [True, False, False] and (said != [False, True, True] or self.by != "period"):
                raise ValueError("a part has a key; a period has either a key, or start and end")
            if self.by in _NAMES:
                _NAMES[self.by].validate_python(part.key)
            if self.basis == "last-year" and part.weight is not None:
                raise ValueError("last year's results are the weights")
        return self

    def wish(self) -> Wish:
        parts = None if self.parts is None else [part.wanted() for part in self.parts]
        return Wish(self.by, self.node, self.basis, parts)


class Withdraw(Body):
    pass
