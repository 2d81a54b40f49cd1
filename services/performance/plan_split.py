"""Divides amounts by weights: to the last unit, and without mixing up a plan's levels."""

from collections.abc import Iterable, Sequence
from operator import sub

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

    Each level is split by itself, and the target stays so. Rounding may then have put a part's floor above
    its target, or its stretch below, by one unit: that part gets its target there, and the part whose floor
    (or stretch) is furthest from its target makes up for it, the earlier of equals.
    """
    targets = split(levels.target, weights)
    below = _uncrossed(map(sub, targets, split(levels.floor, weights)))
    above = _uncrossed(map(sub, split(levels.stretch, weights), targets))
    return [
        Levels(floor=target - down, target=target, stretch=target + up, currency=levels.currency)
        for target, down, up in zip(targets, below, above, strict=True)
    ]


def _uncrossed(gaps: Iterable[int]) -> list[int]:
    """The same sum (not negative) without a negative gap: what is missing is taken from the widest."""
    mended = list(gaps)
    for i, gap in enumerate(mended):
        if gap < 0:
            mended[mended.index(max(mended))] += gap
            mended[i] = 0
    return mended
