"""A projection as data: which events it folds, into what, and what each entity adds to the boards."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec

from shared.events.event import Event
from shared.events.seen import Seen

T = TypeVar("T")


class Cell(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One number of a board, by what it measures and for whom; unused dimensions are empty.

    ``day`` is a business day (ISO), or empty for a standing such as the open pipeline. ``bucket``
    makes distributions: one cell per value (days, minutes), so that a median is exact.
    A struct, because one is made in a quarter of the time of a named tuple, and a won deal makes 25.
    """

    measure: str
    day: str = ""
    person: str = ""
    line: str = ""
    currency: str = ""
    department: str = ""
    bucket: int = 0
    product: str = ""
    customer: str = ""
    """An account, where a KPI has to tell one customer from another."""
    team: str = ""
    region: str = ""
    """Team and region are of what belongs to no person, such as a share of a target."""

    def of(self, measure: str, *, currency: str = "", bucket: int = 0) -> "Cell":
        """The cell of another measure at this same place."""
        return Cell(
            measure,
            self.day,
            self.person,
            self.line,
            currency or self.currency,
            self.department,
            bucket,
            self.product,
            self.customer,
            self.team,
            self.region,
        )


def place(
    *,
    day: str = "",
    person: str = "",
    line: str = "",
    product: str = "",
    customer: str = "",
    department: str = "",
    team: str = "",
    region: str = "",
) -> Cell:
    """Where cells stand, before it is said what they measure."""
    return Cell("", day, person, line, "", department, 0, product, customer, team, region)


Contribution = Mapping[Cell, int]
"""What one entity adds to each cell, in minor units, counts or seconds."""


def own_stream(seen: Seen, _event: Event) -> str:
    return seen.stream


def nothing(_entity: Any) -> Mapping[Any, int]:
    return {}


def no_index(_entity: Any) -> Mapping[str, str]:
    return {}


def sortable(at: datetime) -> str:
    """A moment as an index field: UTC text of one width, which sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class Projection(Generic[T]):
    """What the runner needs to know; everything here is pure.

    ``state`` is a frozen ``msgspec.Struct``. ``entity`` names the entity an event belongs to, usually
    its own stream; a fold over several streams must not care about their order. ``index`` gives
    the fields that lists can be filtered by. ``dated`` keeps every state an entity ever had, for boards
    that look back. Raise ``version`` whenever a fold or a contribution changes.
    """

    name: str
    version: int
    state: type[T]
    initial: T
    events: tuple[type[Event], ...]
    evolve: Callable[[T, Any], T]
    contribute: Callable[[T], Contribution] = field(default=nothing)
    index: Callable[[T], Mapping[str, str]] = field(default=no_index)
    entity: Callable[[Seen, Any], str | None] = field(default=own_stream)
    dated: bool = False


@dataclass(frozen=True)
class Folds:
    """The projections of a service, by where their events come from."""

    own: Sequence[Projection[Any]] = ()
    """Of its own store, with the fields that no topic carries."""
    others: Sequence[Projection[Any]] = ()
    """Of the topics of the other services."""

    @property
    def all(self) -> Sequence[Projection[Any]]:
        return (*self.own, *self.others)
