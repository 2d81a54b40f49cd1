"""What clients ask for in a torture: short stories of commands, so that every service has a part in them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple

AMOUNT: Final = 1000
SOON: Final = (0.5, 3.0)
"""Seconds until a hand-off is due that nobody takes over."""


class Command(NamedTuple):
    """What is asked of which service, and the event that comes of it: its stream and its type."""

    service: str
    path: str
    body: Mapping[str, Any]
    stream: str
    type: str


Story = Callable[[str, Random], Iterator[Command]]
"""The commands about a thing of this name, in the order in which they are asked."""


def sold(name: str, _chance: Random) -> Iterator[Command]:
    deal = {"id": name, "title": "云帆 Seats", "owner": "p1", "product": "Seats", "line": "S"}
    amount = {"amount": {"minor": AMOUNT, "currency": "CNY"}}
    yield Command("customers", "/deals", deal | amount, f"deal-{name}", "deal-opened.v1")
    yield Command("customers", f"/deals/{name}/win", {}, f"deal-{name}", "deal-won.v1")


def delivered(name: str, chance: Random) -> Iterator[Command]:
    """Sold; the order that comes of it is delivered, and whoever has a part in that takes it over."""
    yield from sold(name, chance)
    steps: tuple[tuple[str, Mapping[str, Any], str], ...] = (
        ("confirm", {"promised_on": "2030-01-31"}, "order-confirmed.v1"),
        ("ready", {}, "order-ready.v1"),
        ("ship", {}, "order-shipped.v1"),
        ("deliver", {}, "order-delivered.v1"),
    )
    for step, body, made in steps:
        yield Command("orders", f"/orders/{name}/{step}", body, f"order-{name}", made)


def passed_on(name: str, _chance: Random) -> Iterator[Command]:
    yield _asked_for(name, timedelta(days=1))
    yield Command("coordination", f"/handoffs/{name}/accept", {}, f"handoff-{name}", "handoff-accepted.v1")
    yield Command("coordination", f"/handoffs/{name}/complete", {}, f"handoff-{name}", "handoff-completed.v1")


def overdue(name: str, chance: Random) -> Iterator[Command]:
    yield _asked_for(name, timedelta(seconds=chance.uniform(*SOON)))


def joined(name: str, _chance: Random) -> Iterator[Command]:
    team = {"id": name, "name": "华东", "department": "sales"}
    person = {"id": name, "name": "王芳", "team_id": name, "post": "sales"}
    yield Command("performance", "/teams", team, f"team-{name}", "team-formed.v1")
    yield Command("performance", "/people", person, f"person-{name}", "person-joined.v1")


STORIES: Final[tuple[Story, ...]] = (sold, delivered, delivered, passed_on, overdue, joined)


def _asked_for(name: str, within: timedelta) -> Command:
    body = {
        "id": name,
        "kind": "between-departments",
        "subject": f"order-{name}",
        "title": "图纸",
        "from_department": "sales",
        "to_department": "production",
        "due_at": (datetime.now(UTC) + within).isoformat(),
    }
    return Command("coordination", "/handoffs", body, f"handoff-{name}", "handoff-requested.v1")
