"""Who is asked next, and who answers, once the company is live; pure, chance is given."""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any, Final

from baton.demo import company, moves, voice
from baton.demo.moves import Item, Move

COMPLAINS: Final = 0.2
"""How often a delivery that is looked at again is complained about, not asked about."""


def delivered(order: Item, chance: Random, today: date) -> Move:
    """The customer is asked how it was (once: the same survey again changes nothing), or complains."""
    if order.get("account_id") is None or chance.random() < COMPLAINS:
        return moves.delivered(order, chance, today)
    return _ask(order, chance, kind="csat", about="delivery")


def won(deal: Item, chance: Random, _today: date) -> Move:
    """A customer of ours is asked whether they would recommend us; a deal without one is no customer."""
    if deal.get("account_id") is None:
        return moves.new_lead(chance)
    return _ask(deal, chance, kind="nps", about="relationship")


def sent(survey: Item, chance: Random, _today: date) -> Move:
    return _by_service(chance, f"/surveys/{survey['id']}/answer", voice.said(survey["kind"], chance))


def _ask(sale: Item, chance: Random, *, kind: str, about: str) -> Move:
    body = {
        "id": f"{about}-{sale['id']}",
        "kind": kind,
        "account_id": sale["account_id"],
        "about": about,
        "subject": sale["id"],
        "owner": sale["owner"],
        "line": sale["line"],
    }
    return _by_service(chance, "/surveys", body)


def _by_service(chance: Random, path: str, body: Mapping[str, Any]) -> Move:
    by = chance.choice(company.of_department("service"))
    return Move("customers", path, body, "service", by.id, "service")
