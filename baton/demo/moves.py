"""What somebody does next about a thing that stands on a list; pure, chance is given."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, Final, NamedTuple

from baton.demo import company, market, words
from baton.demo.company import Person
from baton.demo.life import STAGES, WORTH
from baton.demo.telling import money
from shared.service.actor import Role

Item = Mapping[str, Any]


class Move(NamedTuple):
    service: str
    path: str
    body: Mapping[str, Any]
    role: Role
    by: str
    department: str


MARKET: Final = 3000
"""Companies that may ask."""


def new_lead(chance: Random) -> Move:
    """Mostly somebody new; a customer of ours may ask again."""
    seller = chance.choice(company.sellers())
    product, _, _ = company.wanted(seller, chance)
    body = {
        "company": market.customer(chance.randrange(MARKET)),
        "source": chance.choice(words.SOURCES),
        "line": product.line,
        "owner": seller.id,
        "region": company.team_of(seller).region,
    }
    return _by("marketing", chance, "customers", "/leads", body)


def lead(lead: Item, chance: Random, _today: date) -> Move:
    if not lead.get("first_contact_at"):
        return _seller(lead, chance, f"/leads/{lead['id']}/contact", {})
    if chance.random() > WORTH:
        reason = {"reason": chance.choice(words.NOT_WORTH)}
        return _seller(lead, chance, f"/leads/{lead['id']}/disqualify", reason)
    return _by("marketing", chance, "customers", f"/leads/{lead['id']}/qualify", {})


def pooled(lead: Item, chance: Random, _today: date) -> Move:
    return _seller({}, chance, f"/leads/{lead['id']}/claim", {})


def qualified(lead: Item, chance: Random, today: date) -> Move:
    seller = _owner(lead, chance)
    product, quantity, minor = company.wanted(seller, chance)
    body = {
        "owner": seller.id,
        "title": f"{product.name} × {quantity} {lead['company']}",
        "product": product.name,
        "line": product.line,
        "quantity": quantity,
        "amount": money(minor),
        "grade": chance.choice("AABBBC"),
        "expected_close": str(today + timedelta(days=chance.randint(14, 45))),
    }
    return _seller(lead, chance, f"/leads/{lead['id']}/convert", body)


def deal(deal: Item, chance: Random, _today: date) -> Move:
    path, dice = f"/deals/{deal['id']}", chance.random()
    if dice < 0.15:  # noqa: PLR2004 - the chance that a step is the last
        lost = {"reason": chance.choice(words.LOSS_REASONS)}
        competitor = chance.choice(words.COMPETITORS)
        return _seller(
            deal, chance, f"{path}/lose", lost | ({"competitor": competitor} if competitor else {})
        )
    if deal["stage"] == STAGES[-1]:
        return _seller(deal, chance, f"{path}/win", {})
    later = STAGES[STAGES.index(deal["stage"]) + 1] if deal["stage"] in STAGES else STAGES[0]
    return _seller(deal, chance, f"{path}/advance", {"stage": later})


def opened(order: Item, chance: Random, today: date) -> Move:
    promised = {"promised_on": str(today + timedelta(days=chance.randint(0, 12)))}
    return _by("production", chance, "orders", f"/orders/{order['id']}/confirm", promised)


def confirmed(order: Item, chance: Random, _today: date) -> Move:
    return _by("production", chance, "orders", f"/orders/{order['id']}/ready", {})


def ready(order: Item, chance: Random, _today: date) -> Move:
    carrier = {"carrier": chance.choice(words.CARRIERS)}
    return _by("logistics", chance, "orders", f"/orders/{order['id']}/ship", carrier)


def shipped(order: Item, chance: Random, _today: date) -> Move:
    return _by("logistics", chance, "orders", f"/orders/{order['id']}/deliver", {"proof": "签收 signed for"})


def delivered(order: Item, chance: Random, _today: date) -> Move:
    body = {"order_id": order["id"], "subject": chance.choice(words.COMPLAINTS)}
    known = {"account_id": order["account_id"]} if order.get("account_id") else {}
    severity = {"severity": chance.choice(("low", "normal", "high"))}
    return _seller(order, chance, "/complaints", {**body, **known, **severity})


def owed(receivable: Item, chance: Random, _today: date) -> Move:
    amount, rest = receivable["amount"], receivable["rest"]["minor"]
    part = rest if chance.random() < 0.7 else max(1, rest // 2)  # noqa: PLR2004 - how often all is paid
    body = {"amount": {**amount, "minor": part}}
    return _by("finance", chance, "orders", f"/receivables/{receivable['id']}/receipts", body)


def complaint(complaint: Item, chance: Random, _today: date) -> Move:
    path = f"/complaints/{complaint['id']}"
    if not complaint.get("acknowledged_at"):
        return _by("service", chance, "customers", f"{path}/acknowledge", {})
    solution = {"resolution": chance.choice(words.SOLUTIONS)}
    return _by("service", chance, "customers", f"{path}/resolve", solution)


def resolved(complaint: Item, chance: Random, _today: date) -> Move:
    satisfied = {"satisfaction": chance.randint(2, 5)}
    return _by("service", chance, "customers", f"/complaints/{complaint['id']}/close", satisfied)


def requested(handoff: Item, chance: Random, _today: date) -> Move:
    path, asked = f"/handoffs/{handoff['id']}", handoff["to_department"]
    if chance.random() < 0.1:  # noqa: PLR2004 - how often something is missing
        reason = {"reason": chance.choice(words.RETURNS)}
        return _by(asked, chance, "coordination", f"{path}/return", reason)
    return _by(asked, chance, "coordination", f"{path}/accept", {})


def accepted(handoff: Item, chance: Random, _today: date) -> Move:
    asked = handoff["to_department"]
    return _by(asked, chance, "coordination", f"/handoffs/{handoff['id']}/complete", {})


def returned(handoff: Item, chance: Random, _today: date) -> Move:
    asking = handoff["from_department"]
    return _by(
        asking, chance, "coordination", f"/handoffs/{handoff['id']}/resubmit", {"note": "补齐 complete now"}
    )


def _owner(thing: Item, chance: Random) -> Person:
    """Its owner if it is one of our sellers, else any of them."""
    owner = thing.get("owner")
    return next((p for p in company.sellers() if p.id == owner), None) or chance.choice(company.sellers())


def _seller(thing: Item, chance: Random, path: str, body: Mapping[str, Any]) -> Move:
    seller = _owner(thing, chance)
    return Move("customers", path, body, "sales", seller.id, company.team_of(seller).department)


def _by(department: str, chance: Random, service: str, path: str, body: Mapping[str, Any]) -> Move:
    person = chance.choice(company.of_department(department))
    role = _ROLES.get(department, "sales")
    return Move(service, path, body, role, person.id, company.team_of(person).department)


_ROLES: Final[Mapping[str, Role]] = {
    "marketing": "marketing",
    "finance": "finance",
    "production": "production",
    "logistics": "logistics",
    "service": "service",
}
