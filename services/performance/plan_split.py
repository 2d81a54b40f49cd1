"""Divides amounts by weights: to the last unit, and without mixing up a plan's levels."""

from collections.abc import Sequence

from shared.events.plan import Levels
from shared.eventstore.decider import Refused


def split(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` (not negative) in parts that sum to it exactly, by the largest remainder (Hare, Hamilton).

    Each part gets its exact share cut off to whole units; the units left over go, one each, to the parts
    with the largest remainders. Of equal remainders the earlier part wins. A part of weight 0 gets 0.
    """
    whole = sum(weights)
    if not whole:
        raise Refused("At least one part must weigh something.", code="no-weights")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def split_levels(levels: Levels, weights: Sequence[int]) -> list[Levels]:
    """Each level in parts that sum to it exactly, floor <= target <= stretch in every part.

    Split one by one, two levels could round the same part differently and cross by a unit. So the floor is
    split, then what the target adds to it, then what the stretch adds to that; each part adds up its own.
    """
    floors = split(levels.floor, weights)
    targets = _added(floors, split(levels.target - levels.floor, weights))
    stretches = _added(targets, split(levels.stretch - levels.target, weights))
    return [
        Levels(floor=floor, target=target, stretch=stretch, currency=levels.currency)
        for floor, target, stretch in zip(floors, targets, stretches, strict=True)
    ]


def _added(below: Sequence[int], more: Sequence[int]) -> list[int]:
    return [one + other for one, other in zip(below, more, strict=True)]
