"""A plan of 2026 and how it is split, as tests tell it."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from services.performance.plan import PLAN, Plan, split
from services.performance.plan_parts import Wanted, Wish
from services.performance.plan_periods import kind_of
from shared.events.event import Event
from shared.events.examples.cast import at
from shared.events.plan import By, Levels, PlanDrawn, PlanEvent, PlanSplit, PlanWithdrawn, Scope

NOON: Final = at("12-20 12:00")
NEW_YEAR: Final = date(2026, 1, 1)
NEXT: Final = date(2027, 1, 1)
GONE: Final = PlanWithdrawn(plan_id="p", occurred_at=NOON)


def levels(floor: int, target: int, stretch: int, currency: str = "CNY") -> Levels:
    return Levels(floor=floor, target=target, stretch=stretch, currency=currency)


def drawn(amounts: Levels | None = None, start: date = NEW_YEAR, end: date = NEXT, **whose: Any) -> PlanDrawn:
    return PlanDrawn(
        plan_id="p",
        title="2026 年度目标",
        scope=Scope(start=start, end=end, kind=kind_of(start, end), **whose),
        levels=amounts or levels(800, 1000, 1200),
        occurred_at=NOON,
    )


def by_weight(by: By, weights: Mapping[str, int], node: str = "root") -> Wish:
    return Wish(by, node, parts=[Wanted(name, weight=weight) for name, weight in weights.items()])


def periods(node: str = "root") -> Wish:
    return Wish("period", node)


def happened(*steps: PlanDrawn | Wish | PlanWithdrawn) -> list[PlanEvent]:
    """What comes of it: a wish becomes the split that is decided at that point."""
    state: Plan = PLAN.initial
    events: list[PlanEvent] = []
    for step in steps:
        new = split(state, wish=step, at=NOON) if isinstance(step, Wish) else [step]
        for event in new:
            state = PLAN.evolve(state, event)
            events.append(event)
    return events


def splitting(wish: Wish) -> Any:
    """The decision to split so, at noon."""
    return partial(split, wish=wish, at=NOON)


def amounts(event: Event) -> dict[str, tuple[int, int, int]]:
    """The parts of a split by the last step of their keys."""
    assert isinstance(event, PlanSplit)
    return {
        part.key.rpartition("/")[2]: (part.levels.floor, part.levels.target, part.levels.stretch)
        for part in event.parts
    }
