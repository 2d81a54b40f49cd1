"""Looks at what a Baton keeps and shows, from outside."""

from contextlib import closing
from functools import partial
from typing import Any, Final

import httpx

from shared.events.catalogue import categories
from shared.eventstore import sqlite_file
from shared.eventstore.store import NOTHING, StoredEvent
from tests.chaos.checks import Stores, Topics
from tests.chaos.stage import Stage
from tests.chaos.stories import AMOUNT
from tests.house import SERVICES, House
from tests.published import published
from tests.waiting import until

COMPARED_WITHIN: Final = 60.0
EVER: Final = "from=2020-01-01&to=2100-01-01"


def stores(house: House) -> Stores:
    """As the files have them, whatever the services say."""
    return {service: _store(house, service) for service in SERVICES}


async def topics(stage: Stage) -> Topics:
    return {service: await published(stage.kafka, service) for service in SERVICES}


async def not_ready(house: House, http: httpx.AsyncClient) -> list[str]:
    """Services that are not there, or not caught up."""
    wrong = []
    for service in SERVICES:
        try:
            said = (await http.get(house.url(service) + "/health/ready")).json()
        except httpx.TransportError as error:
            wrong.append(f"{service}: {error!r}")
        else:
            wrong += [f"{service} is {said}"] if said["status"] != "ready" else []
    return wrong


async def not_shown(house: House, http: httpx.AsyncClient, kept: Stores) -> list[str]:
    """What the board and the lists do not show as the stores have it."""
    won = sum(event.type == "deal-won.v1" for event in kept["customers"])
    board = (await http.get(f"{house.url('performance')}/kpis?kpi=won_count&kpi=won_amount&{EVER}")).json()
    values = {kpi["name"]: kpi["value"] for kpi in board["kpis"]}
    wanted = {"won_count": won, "won_amount": won * AMOUNT // 100}
    wrong = [] if values == wanted else [f"the board shows {values} and not {wanted}"]
    behind = {it["source"]: it["lag_events"] for it in board["freshness"] if it["lag_events"] != 0}
    return [*wrong, *([f"the board is behind: {behind}"] if behind else [])]


async def differing(house: House, http: httpx.AsyncClient) -> list[str]:
    """Where a read model is not what a rebuild from the log would be."""
    wrong = []
    for service in SERVICES:
        (await http.post(house.url(service) + "/verify")).raise_for_status()
        found = await until(
            partial(_verified, house, http, service), within=COMPARED_WITHIN, what=f"{service} is compared"
        )
        if found["failed"] or found["differences"]:
            told = found["failed"] or found["first"]
            wrong.append(f"{service}: {found['differences']} differences from a rebuild: {told}")
    return wrong


def _store(house: House, service: str) -> list[StoredEvent]:
    with closing(sqlite_file.connect(house.store(service), reading=True)) as db:
        return sqlite_file.of_categories(db, categories(service), after=NOTHING, most=-1)


async def _verified(house: House, http: httpx.AsyncClient, service: str) -> Any:
    found = (await http.get(house.url(service) + "/verify")).json()
    return found if found["finished_at"] else None
