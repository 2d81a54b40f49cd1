"""The commands that an export becomes."""

from datetime import date
from pathlib import Path

import pytest

from baton.import_crm import commands
from baton.import_crm.commands import Chain, ids_of
from baton.import_crm.export import Export, understand
from tests.unit.baton import crm_export


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return understand(crm_export.write(tmp_path), today=date(2025, 6, 1))


def test_a_won_deal_is_opened_engaged_and_won_at_noon_in_shanghai(export: Export) -> None:
    chain = _deal(export, "W1")
    assert [(step.path, step.key) for step in chain.steps] == [
        ("/deals", "crm-W1-open"),
        ("/deals/W1/advance", "crm-W1-advance"),
        ("/deals/W1/win", "crm-W1-win"),
    ]
    assert chain.steps[0].body == {
        "id": "W1",
        "title": "GTX Pro for Acme Corporation",
        "account_id": "acme-corporation",
        "owner": "moses-frase",
        "product": "GTX Pro",
        "line": "GTX",
        "amount": {"minor": 482_100, "currency": "USD"},
        "occurred_at": "2016-10-20T12:00:00+08:00",
    }
    assert chain.steps[1].body == {"stage": "engaging", "occurred_at": "2016-10-20T12:00:00+08:00"}
    assert chain.steps[2].body == {
        "amount": {"minor": 451_400, "currency": "USD"},
        "occurred_at": "2017-03-01T12:00:00+08:00",
    }


def test_a_lost_deal_says_that_no_reason_is_known(export: Export) -> None:
    assert _deal(export, "L1").steps[-1].body["reason"] == "not stated in the export"


def test_an_open_deal_stays_open_and_needs_no_account(export: Export) -> None:
    engaging, prospecting = _deal(export, "E1"), _deal(export, "P1")
    assert [step.key for step in engaging.steps] == ["crm-E1-open", "crm-E1-advance"]
    assert [step.key for step in prospecting.steps] == ["crm-P1-open"]
    assert "account_id" not in engaging.steps[0].body
    assert prospecting.steps[0].body["occurred_at"] == "2017-03-11T12:00:00+08:00"


def test_each_manager_has_one_team(export: Export) -> None:
    teams = list(commands.teams(export, ids_of(export)))
    assert [(t.row, t.steps[0].body["name"], t.steps[0].body["region"]) for t in teams] == [
        (2, "Dustin Brinkmann", "Central"),
        (4, "Rocco Neubert", "East"),
    ]


def test_people_join_their_manager_s_team_before_anything_happens(export: Export) -> None:
    chain = commands.person(export.agents["Boris Faz"], ids_of(export), export.first_day)
    assert chain.steps[0].body == {
        "id": "boris-faz",
        "name": "Boris Faz",
        "team_id": "rocco-neubert",
        "post": "sales agent",
        "on": "2016-10-20",
        "occurred_at": "2016-10-20T12:00:00+08:00",
    }


def test_what_an_account_has_not_is_not_sent(export: Export) -> None:
    body = commands.account(export.accounts["Betatech"], ids_of(export), export.first_day).steps[0].body
    assert "employees" not in body
    assert (body["founded"], body["parent"], body["industry"]) == (1986, "Acme Corporation", "medical")


def _deal(export: Export, name: str) -> Chain:
    return commands.deal(export.deals[name], ids_of(export), export.first_day)
