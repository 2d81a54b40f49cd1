"""What somebody does next about a thing on a list."""

from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any

import pytest

from baton.demo import company, moves
from baton.demo.live import BACKLOGS
from baton.demo.moves import Item, Move

TODAY = date(2025, 6, 2)
SELLER = company.sellers()[0].id
HANDOFF: Item = {"id": "h-1", "from_department": "marketing", "to_department": "sales"}


@pytest.mark.parametrize(
    ("move", "item", "paths"),
    [
        (moves.lead, {"id": "l-1", "owner": SELLER}, {"/leads/l-1/contact"}),
        (
            moves.lead,
            {"id": "l-1", "owner": SELLER, "first_contact_at": "…"},
            {"/leads/l-1/qualify", "/leads/l-1/disqualify"},
        ),
        (moves.qualified, {"id": "l-1", "owner": SELLER, "company": "华锐"}, {"/leads/l-1/convert"}),
        (
            moves.deal,
            {"id": "d-1", "owner": SELLER, "stage": "engaging"},
            {"/deals/d-1/advance", "/deals/d-1/lose"},
        ),
        (
            moves.deal,
            {"id": "d-1", "owner": "stranger", "stage": "negotiating"},
            {"/deals/d-1/win", "/deals/d-1/lose"},
        ),
        (moves.opened, {"id": "o-1"}, {"/orders/o-1/confirm"}),
        (moves.confirmed, {"id": "o-1"}, {"/orders/o-1/ready"}),
        (moves.ready, {"id": "o-1"}, {"/orders/o-1/ship"}),
        (moves.shipped, {"id": "o-1"}, {"/orders/o-1/deliver"}),
        (moves.delivered, {"id": "o-1", "owner": SELLER, "account_id": None}, {"/complaints"}),
        (moves.complaint, {"id": "c-1"}, {"/complaints/c-1/acknowledge"}),
        (moves.complaint, {"id": "c-1", "acknowledged_at": "…"}, {"/complaints/c-1/resolve"}),
        (moves.resolved, {"id": "c-1"}, {"/complaints/c-1/close"}),
        (moves.requested, HANDOFF, {"/handoffs/h-1/accept", "/handoffs/h-1/return"}),
        (moves.accepted, HANDOFF, {"/handoffs/h-1/complete"}),
        (moves.returned, HANDOFF, {"/handoffs/h-1/resubmit"}),
    ],
)
def test_each_thing_is_taken_one_step_further(
    move: Callable[[Item, Random, date], Move], item: Mapping[str, Any], paths: set[str]
) -> None:
    made = [move(item, Random(seed), TODAY) for seed in range(100)]
    assert {one.path for one in made} == paths


def test_nobody_pays_more_than_is_owed() -> None:
    owed = {
        "id": "r-1",
        "amount": {"minor": 101, "currency": "CNY"},
        "rest": {"minor": 1, "currency": "CNY"},
    }
    for seed in range(50):
        assert moves.owed(owed, Random(seed), TODAY).body["amount"] == {"minor": 1, "currency": "CNY"}


def test_a_department_s_work_is_done_by_its_own_people() -> None:
    move = moves.ready({"id": "o-1"}, Random(1), TODAY)
    assert (move.role, move.department, move.by) == ("logistics", "logistics", "gao-xiang")


def test_a_new_lead_comes_from_marketing_and_belongs_to_a_seller() -> None:
    move = moves.new_lead(Random(1))
    assert (move.path, move.role) == ("/leads", "marketing")
    assert move.body["owner"] in {person.id for person in company.sellers()}


def test_no_list_is_looked_at_twice() -> None:
    assert len({(b.service, b.path, b.state) for b in BACKLOGS}) == len(BACKLOGS)
