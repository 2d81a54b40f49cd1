"""The export as commands: chains whose steps follow one another, while the chains may run side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from baton.import_crm.export import ACCOUNTS, PIPELINE, TEAMS, Export
from baton.import_crm.masters import Account, Agent
from baton.import_crm.names import ids
from baton.import_crm.opportunities import Opportunity

CURRENCY: Final = "USD"
REASON: Final = "not stated in the export"
POST: Final = "sales agent"


class Command(NamedTuple):
    service: str
    path: str
    body: Mapping[str, Any]
    key: str
    """The idempotency key."""


class Chain(NamedTuple):
    """All that one row asks for, in order."""

    file: str
    row: int
    id: str
    steps: list[Command]


@dataclass(frozen=True)
class Ids:
    teams: Mapping[str, str]
    people: Mapping[str, str]
    accounts: Mapping[str, str]


def ids_of(export: Export) -> Ids:
    return Ids(
        teams=ids((agent.manager for agent in export.agents.values()), kind="team"),
        people=ids(export.agents, kind="person"),
        accounts=ids(export.accounts, kind="account"),
    )


def teams(export: Export, known: Ids) -> Iterator[Chain]:
    """One chain for each team, told under its first agent's row."""
    formed: set[str] = set()
    for agent in export.agents.values():
        if agent.manager in formed:
            continue
        formed.add(agent.manager)
        team = known.teams[agent.manager]
        body = {"id": team, "name": agent.manager, "department": "sales", "region": agent.region}
        command = Command("performance", "/teams", _at(body, export.first_day), f"crm-{team}-form")
        yield Chain(TEAMS, agent.row, agent.manager, [command])


def person(agent: Agent, known: Ids, first_day: date) -> Chain:
    its = known.people[agent.name]
    team = known.teams[agent.manager]
    body = {"id": its, "name": agent.name, "team_id": team, "post": POST, "on": str(first_day)}
    command = Command("performance", "/people", _at(body, first_day), f"crm-{its}-join")
    return Chain(TEAMS, agent.row, agent.name, [command])


def account(it: Account, known: Ids, first_day: date) -> Chain:
    its = known.accounts[it.name]
    body = {
        "id": its,
        "name": it.name,
        "industry": it.industry,
        "region": it.region,
        "employees": it.employees,
        "founded": it.founded,
        "parent": it.parent,
    }
    command = Command("customers", "/accounts", _at(body, first_day), f"crm-{its}-account")
    return Chain(ACCOUNTS, it.row, it.name, [command])


def deal(it: Opportunity, known: Ids, first_day: date) -> Chain:
    """Opened at the list price, engaged the same day, closed for what was agreed."""
    opened_on = it.engaged_on or first_day
    title = f"{it.product.name} for {it.account}" if it.account else it.product.name
    opened = {
        "id": it.id,
        "title": title,
        "account_id": known.accounts[it.account] if it.account else None,
        "owner": known.people[it.agent],
        "product": it.product.name,
        "line": it.product.line,
        "amount": _usd(it.product.minor),
    }
    steps = [Command("customers", "/deals", _at(opened, opened_on), f"crm-{it.id}-open")]
    if it.stage != "Prospecting":
        steps.append(_step(it, "advance", {"stage": "engaging"}, opened_on))
    match it.stage, it.closed_on:
        case "Won", date() as day:
            steps.append(_step(it, "win", {"amount": _usd(it.minor)}, day))
        case "Lost", date() as day:
            steps.append(_step(it, "lose", {"reason": REASON}, day))
        case _:
            pass
    return Chain(PIPELINE, it.row, it.id, steps)


def _step(it: Opportunity, step: str, body: Mapping[str, Any], day: date) -> Command:
    return Command("customers", f"/deals/{it.id}/{step}", _at(body, day), f"crm-{it.id}-{step}")


def _usd(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": CURRENCY}


def _at(body: Mapping[str, Any], day: date) -> dict[str, Any]:
    """The body without what is absent, with noon in Shanghai as its time: a day is all the export knows."""
    given = {name: value for name, value in body.items() if value is not None}
    return {**given, "occurred_at": f"{day}T12:00:00+08:00"}
