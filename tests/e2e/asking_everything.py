"""Asks a running Baton everything that can be asked with GET, by its documents on file."""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping
from itertools import product
from typing import Any, Final
from uuid import UUID

import httpx

from tests.house import ROOT, SERVICES, House

DOCUMENTS: Final = ROOT / "docs" / "http"
FEEDS: Final = {"/events", "/live"}
LIST_OF: Final = {
    "lead_id": ("customers", "/leads"),
    "account_id": ("customers", "/accounts"),
    "deal_id": ("customers", "/deals"),
    "complaint_id": ("customers", "/complaints"),
    "survey_id": ("customers", "/surveys"),
    "product_id": ("orders", "/products"),
    "order_id": ("orders", "/orders"),
    "receivable_id": ("orders", "/receivables"),
    "plan_id": ("performance", "/plans"),
    "handoff_id": ("coordination", "/handoffs"),
    "webhook_id": ("coordination", "/webhooks"),
}
"""Where what a path may name is listed."""


async def every_answer(
    it: House, client: httpx.AsyncClient, *, streams: set[str], people: set[str]
) -> AsyncIterator[tuple[str, str]]:
    """Each address with what it answers; of a feed, as much as is there."""
    kpis = (await client.get(it.url("performance") + "/kpis/definitions")).json()
    named: dict[str, set[str]] = {"stream": streams, "person": people}
    for parameter, (service, path) in LIST_OF.items():
        listed = (await client.get(it.url(service) + path)).json()
        items = listed["items"] if isinstance(listed, dict) else listed
        named[parameter] = {item["id"] for item in items}
    for service in SERVICES:
        for path, operation in _gets(service):
            if path in FEEDS:
                yield f"{service}{path}", await _heard(it, client, service, path)
                continue
            for address in _addresses(path, operation, named, {kpi["name"] for kpi in kpis}):
                answer = await client.get(it.url(service) + address)
                yield f"{service}{address}", answer.text


def _gets(service: str) -> list[tuple[str, Mapping[str, Any]]]:
    document = json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))
    return [(path, it["get"]) for path, it in document["paths"].items() if "get" in it]


def _addresses(
    path: str, operation: Mapping[str, Any], named: Mapping[str, set[str]], kpis: set[str]
) -> list[str]:
    parameters = re.findall(r"{(\w+)}", path)
    names = {one["name"] for one in operation.get("parameters", [])}
    queries = [""]
    if {"from", "to"} <= names:
        queries = ["?from=2020-01-01&to=2100-01-01"]
    if any(one["name"] == "kpi" and one.get("required") for one in operation.get("parameters", [])):
        queries = [f"{queries[0] or '?'}&kpi={kpi}" for kpi in sorted(kpis)]
    found = []
    for values in product(*(sorted(named[name]) for name in parameters)):
        filled = path
        for name, value in zip(parameters, values, strict=True):
            filled = filled.replace(f"{{{name}}}", value)
        found += [filled + query for query in queries]
    return found


async def _heard(it: House, client: httpx.AsyncClient, service: str, path: str) -> str:
    """A feed from its beginning, as far as its last event; one that has none is silent."""
    last = _last_event(it, service) if path == "/events" else ""
    if path == "/events" and not last:
        return ""
    heard = ""
    address = it.url(service) + path + ("?after=-1" if path == "/events" else "")
    resumed = {"Last-Event-ID": "0"} if path == "/live" else {}
    async with asyncio.timeout(30), client.stream("GET", address, headers=resumed) as answer:
        async for piece in answer.aiter_text():
            heard += piece
            if (last in heard) if last else "\n\n" in heard.replace("\r\n", "\n"):
                break
    return heard


def _last_event(it: House, service: str) -> str:
    """Its id, empty where nothing ever happened."""
    file = it.data / service / "events.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        row = db.execute(
            "select id from events where category not like 'ledger.%' order by position desc limit 1"
        ).fetchone()
    db.close()
    return str(UUID(bytes=row[0])) if row else ""
