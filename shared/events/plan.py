"""Plans 目标分解: what is to be sold in a period, split down to quarters, teams, people and weeks."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .event import Day, Event, Id, Label, Slug, Text
from .rate import Currency

ROOT: Final = "root"

NodeKey = Annotated[str, StringConstraints(pattern=r"^root(/[^/?#&+%\s]+)*$", min_length=4, max_length=2500)]
"""The way from the plan's root to a node, such as ``root/2026-Q1/team:east``."""

PeriodKind = Literal["year", "quarter", "month", "week", "other"]
"""A week begins on a Monday and is cut where its month begins or ends."""

By = Literal["period", "department", "team", "person", "line", "region"]
"""What tells the children of a node apart."""

Basis = Literal["weights", "last-year"]
"""Where the weights came from: given (the days, of periods), or won by each child in the year before."""

Minor = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Weight = Annotated[int, Field(ge=0, le=10**15, strict=True)]


class Levels(BaseModel):
    """Floor 保底 <= target 目标 <= stretch 冲刺, in the minor unit of one currency."""

    model_config = ConfigDict(frozen=True)

    floor: Minor
    target: Minor
    stretch: Minor
    currency: Currency = "CNY"


class Scope(BaseModel):
    """When (from ``start`` until before ``end``) and whose: the company's, where nothing is named."""

    model_config = ConfigDict(frozen=True)

    start: Day
    end: Day
    kind: PeriodKind
    department: Slug | None = None
    team: Id | None = None
    person: Id | None = None
    line: Label | None = None
    region: Label | None = None


class PlanPart(BaseModel):
    """A child of a split, whole: nobody has to look up its parent or to divide."""

    model_config = ConfigDict(frozen=True)

    key: NodeKey
    scope: Scope
    weight: Weight
    levels: Levels


class OfPlan(Event, category="plan", service="performance"):
    plan_id: Id


class PlanDrawn(OfPlan, type="plan-drawn.v1"):
    """The root of a plan, which is its version 1 as long as nothing is split."""

    title: Text | None = None
    scope: Scope
    levels: Levels


class PlanSplit(OfPlan, type="plan-split.v1"):
    """A node was split into parts that sum to it on each level."""

    node: NodeKey
    version: Annotated[int, Field(ge=1)]
    """The one that stands, for a leaf; the next one, for a node that was split before.

    What was below that node is not in the next version; everything else is carried over.
    """
    by: By
    basis: Basis
    parts: Annotated[tuple[PlanPart, ...], Field(min_length=1)]


class PlanWithdrawn(OfPlan, type="plan-withdrawn.v1"):
    """The plan stands no longer, with all its versions."""


PlanEvent = PlanDrawn | PlanSplit | PlanWithdrawn
