"""What somebody does next about an order that is not as it should be; pure, chance is given."""

from datetime import date, timedelta
from random import Random
from typing import Any, Final, Literal

from baton.demo import company, moves, survey_moves, words
from baton.demo.moves import Item, Move

SAYS_SO: Final = 0.5
"""How often who is late promises another day before going on."""
SENDS_BACK: Final = 0.05


def confirmed(order: Item, chance: Random, today: date) -> Move:
    if order["promised_on"] >= str(today) or chance.random() > SAYS_SO:
        return moves.confirmed(order, chance, today)
    later = str(today + timedelta(days=chance.randint(1, 5)))
    return _by(
        "production",
        chance,
        order,
        "repromise",
        {"promised_on": later, "reason": chance.choice(words.DELAYS)},
    )


def delivered(order: Item, chance: Random, today: date) -> Move:
    """Some or all of it comes back, once; mostly the customer is only asked how it was."""
    if order["returned_quantity"] or chance.random() > SENDS_BACK:
        return survey_moves.delivered(order, chance, today)
    quantity = chance.randint(1, order["quantity"])
    amount = {**order["amount"], "minor": order["amount"]["minor"] * quantity // order["quantity"]}
    reason = chance.choice(words.SENT_BACK)
    body = {"id": order["id"], "quantity": quantity, "amount": amount, "reason": reason}
    return _by("service", chance, order, "return", body)


def _by(
    department: Literal["sales", "production", "service"],
    chance: Random,
    order: Item,
    step: str,
    body: dict[str, Any],
) -> Move:
    by = chance.choice(company.of_department(department)).id
    return Move("orders", f"/orders/{order['id']}/{step}", body, department, by, department)
