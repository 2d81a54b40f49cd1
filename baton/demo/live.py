"""The lists that the company works off, and how briskly."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Final, NamedTuple

from baton.demo import moves, order_moves, survey_moves
from baton.demo.moves import Item, Move


class Backlog(NamedTuple):
    """A list to work off, how briskly each thing on it moves, and what is done about it."""

    service: str
    path: str
    state: str
    rate: float
    """How often one of its things is taken up, to be compared with the other lists' rates."""
    move: Callable[[Item, Random, date], Move]


NEW_LEADS: Final = 0.13
"""How often a new lead comes, on the same scale as the backlogs' rates."""

BACKLOGS: Final = (
    Backlog("customers", "/leads", "new", 0.03, moves.lead),
    Backlog("customers", "/leads", "assigned", 0.03, moves.lead),
    Backlog("customers", "/leads", "qualified", 0.03, moves.qualified),
    Backlog("customers", "/leads", "pool", 0.03, moves.pooled),
    Backlog("customers", "/deals", "open", 0.006, moves.deal),
    Backlog("customers", "/complaints", "open", 0.01, moves.complaint),
    Backlog("customers", "/complaints", "resolved", 0.01, moves.resolved),
    Backlog("orders", "/orders", "opened", 0.02, moves.opened),
    Backlog("orders", "/orders", "confirmed", 0.006, order_moves.confirmed),
    Backlog("orders", "/orders", "ready", 0.01, moves.ready),
    Backlog("orders", "/orders", "shipped", 0.01, moves.shipped),
    Backlog("orders", "/orders", "delivered", 0.0003, order_moves.delivered),
    Backlog("customers", "/deals", "won", 0.0001, survey_moves.won),
    Backlog("customers", "/surveys", "sent", 0.001, survey_moves.sent),
    Backlog("orders", "/receivables", "owed", 0.003, moves.owed),
    Backlog("coordination", "/handoffs", "waiting", 0.02, moves.requested),
    Backlog("coordination", "/handoffs", "working", 0.015, moves.accepted),
    Backlog("coordination", "/handoffs", "returned", 0.02, moves.returned),
)
