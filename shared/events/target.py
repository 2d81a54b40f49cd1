"""Targets 目标: what a person is to sell in a period."""

from .event import Day, Event, Id, Label, Money


class OfTarget(Event, category="target", service="performance"):
    target_id: Id


class TargetSet(OfTarget, type="target-set.v1"):
    """The target as it is from now on: ``start`` is in the period, ``end`` no longer."""

    person_id: Id
    start: Day
    end: Day
    amount: Money
    line: Label | None = None


class TargetWithdrawn(OfTarget, type="target-withdrawn.v1"):
    """The target was a mistake: it stands no longer."""


TargetEvent = TargetSet | TargetWithdrawn
