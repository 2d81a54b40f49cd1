"""Weights from the year before: each part of a plan gets what it really won then."""

from asyncio import to_thread
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from msgspec.structs import replace

from services.performance import plan
from services.performance.plan_parts import Wish, children
from services.performance.plan_periods import year_before
from services.performance.plan_tree import Scope
from shared.eventstore.decider import Refused


class Shape(Protocol):
    """What each of the children won from ``start`` until before ``end``, in minor units, never negative.

    To be wired to the boards' sums of ``won_amount``. A child's scope says whose, and where periods are
    split, which of the days; all dates are of that year already.
    """

    def __call__(
        self, start: date, end: date, children: Sequence[Scope], *, currency: str
    ) -> Sequence[int]: ...


async def last_year_weights(it: plan.Plan, wish: Wish, shape: Shape) -> Sequence[int]:
    """Of the parts that are wished for, in their order: what they won on the same dates a year before."""
    node = plan.find(it, wish.node)
    scopes = [_year_before(child.scope) for child in children(node, wish)]
    parent = _year_before(node.scope)
    currency = plan.content(it).tree.currency
    weights = await to_thread(shape, parent.start, parent.end, scopes, currency=currency)
    if not any(weights):
        raise Refused("None of the parts won anything in the year before.", code="no-weights")
    return weights


def _year_before(scope: Scope) -> Scope:
    return replace(scope, start=year_before(scope.start), end=year_before(scope.end))
