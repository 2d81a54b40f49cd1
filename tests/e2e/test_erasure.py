"""Two managers have a person erased: no file, record or answer knows them then, and all else stays."""

import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from baton.tokens import signed, signing_key
from shared.service.actor import Actor
from tests.e2e.asking_everything import every_answer
from tests.e2e.test_faults import _kafka
from tests.house import House, house, until_ready
from tests.waiting import until

LEAD, LEAD_PHONE = "澹台璎珞", "+86 139-8765-0042"
CONTACT, CONTACT_PHONE, CONTACT_EMAIL = "濮阳霁月", "+86 21-6000-7731", "jiyue.puyang@kan-code.example"
COMMENT = "巫马先生说电源两次烧毁"
STAFF, NOTE = "端木瑾瑜", "钟离总监口头答应续约"
REASON = "宇文女士来函"
GONE: Final = (LEAD, LEAD_PHONE, CONTACT, CONTACT_PHONE, CONTACT_EMAIL, COMMENT, STAFF, NOTE, REASON)
"""Of them nothing may be left."""
OTHER_LEAD, OTHER_CONTACT, OTHER_COMMENT, OTHER_STAFF = (
    "司马青岚",
    "公孙望舒",
    "非常满意，谢谢皇甫",
    "令狐知夏",
)
STAYS: Final = (OTHER_LEAD, OTHER_CONTACT, OTHER_COMMENT, OTHER_STAFF)
EVER: Final = "?from=2020-01-01&to=2100-01-01"
MONEY: Final = {"minor": 5_000_00, "currency": "CNY"}


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as running:
        yield running


@asynccontextmanager
async def manager(it: House, name: str) -> AsyncIterator[httpx.AsyncClient]:
    bearer = signed(signing_key(it.data, environment={}), Actor(id=name, role="manager"), days=1)
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {bearer}"}, timeout=30) as client:
        yield client


@pytest.mark.slow
async def test_whoever_is_erased_is_nowhere_and_everything_else_is_where_it_was(it: House) -> None:
    async with manager(it, "m-chen") as chen, manager(it, "m-zhao") as zhao:
        people = await _a_company(it, chen)
        await until(partial(_all_seen, it, chen, (*GONE[:-1], *STAYS)), what="everything is in the lists")
        assert [place for text in GONE for place in _files_with(it, text) if "read" not in place.name] == []
        answers = await _answers(it, chen, people)
        assert [text for text in (*GONE[:-1], *STAYS) if not any(text in it for _, it in answers)] == []
        numbers = await _numbers(it, chen)

        for person in people[:-1]:
            await _erase(it, person, asked=chen, approves=zhao)
        await _erase(it, people[-1], asked=chen, approves=zhao, kill="performance")
        for person in people:
            await until(partial(_followed, it, chen, person), within=60, what=f"{person} is followed")

        assert await _numbers(it, chen) == numbers
        await _nowhere(it, chen, people)
        await until(partial(_all_seen, it, chen, STAYS), what="the others are still there")
        for service in ("customers", "performance"):
            os.kill(it.pid(service), signal.SIGKILL)
            await _back(it, service)
        await _nowhere(it, chen, people)


@pytest.mark.slow
async def test_a_service_killed_right_after_the_approval_finishes_when_it_is_back(it: House) -> None:
    async with manager(it, "m-chen") as chen, manager(it, "m-zhao") as zhao:
        await _new_lead(it, chen, "l-1", LEAD, LEAD_PHONE)
        await _new_lead(it, chen, "l-2", OTHER_LEAD, "+86 10-1")
        await until(partial(_all_seen, it, chen, (LEAD, OTHER_LEAD)), what="both are in the list")
        await _erase(it, "lead-l-1", asked=chen, approves=zhao, kill="customers")
        await until(partial(_followed, it, chen, "lead-l-1"), within=60, what="it is followed")
        assert _files_with(it, LEAD) == _files_with(it, LEAD_PHONE) == []
        leads = (await chen.get(it.url("customers") + "/leads")).json()["items"]
        assert [(lead["id"], lead["contact_name"]) for lead in leads] == [("l-2", OTHER_LEAD), ("l-1", None)]


async def _a_company(it: House, client: httpx.AsyncClient) -> list[str]:
    """Everything that is ever kept of a person; returns who is to be erased, a member of staff last."""
    customers, performance = it.url("customers"), it.url("performance")
    await _new_lead(it, client, "l-1", LEAD, LEAD_PHONE)
    await _new_lead(it, client, "l-2", OTHER_LEAD, "+86 10-1")
    await _post(client, f"{customers}/accounts", {"id": "a-1", "name": "云帆科技"})
    contact = {"name": CONTACT, "phone": CONTACT_PHONE, "email": CONTACT_EMAIL, "post": "采购"}
    added = await _post(client, f"{customers}/accounts/a-1/contacts", contact)
    await _post(client, f"{customers}/accounts/a-1/contacts", {"name": OTHER_CONTACT})
    for survey, comment in (("s-1", COMMENT), ("s-2", OTHER_COMMENT)):
        sent = {"id": survey, "kind": "csat", "account_id": "a-1", "about": "delivery"}
        await _post(client, f"{customers}/surveys", sent)
        await _post(client, f"{customers}/surveys/{survey}/answer", {"score": 4, "comment": comment})
    await _post(client, f"{performance}/teams", {"id": "t-1", "name": "华东", "department": "sales"})
    for person, name in (("p-1", STAFF), ("p-2", OTHER_STAFF)):
        joined = {"id": person, "name": name, "team_id": "t-1", "post": "销售", "on": "2026-01-01"}
        await _post(client, f"{performance}/people", joined)
    promise = {"person_id": "p-1", "start": "2026-11-01", "end": "2026-12-01", "commit": MONEY}
    await _post(client, f"{performance}/commits", {**promise, "best_case": MONEY, "note": NOTE})
    for person in ("p-1", "p-2"):
        deal = {"id": f"d-{person}", "title": "十台", "owner": person, "product": "Atlas", "line": "Atlas"}
        await _post(client, f"{customers}/deals", {**deal, "amount": MONEY, "account_id": "a-1"})
        await _post(client, f"{customers}/deals/d-{person}/win", {})
    return ["lead-l-1", f"contact-a-1.{added['id']}", "survey-s-1", "person-p-1"]


async def _new_lead(it: House, client: httpx.AsyncClient, lead_id: str, name: str, phone: str) -> None:
    lead = {"id": lead_id, "company": "云帆科技", "source": "展会"}
    await _post(
        client, it.url("customers") + "/leads", {**lead, "contact_name": name, "contact_phone": phone}
    )


async def _post(client: httpx.AsyncClient, address: str, body: Any) -> Any:
    answer = await client.post(address, json=body)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def _place(it: House, person: str) -> str:
    service = "performance" if person.startswith("person-") else "customers"
    return f"{it.url(service)}/people/{person}"


async def _erase(
    it: House, person: str, *, asked: httpx.AsyncClient, approves: httpx.AsyncClient, kill: str | None = None
) -> None:
    place = _place(it, person)
    await _post(asked, f"{place}/erase", {"reason": REASON})
    own = await asked.post(f"{place}/erase/approve", json={})
    assert (own.status_code, own.json()["code"]) == (409, "own-request")
    process = it.pid(kill) if kill else None
    await _post(approves, f"{place}/erase/approve", {})
    if kill and process:
        os.kill(process, signal.SIGKILL)
        await _back(it, kill)


async def _back(it: House, service: str) -> None:
    async def gone() -> bool:
        async with httpx.AsyncClient() as client:
            try:
                return not (await client.get(it.url(service) + "/health/live")).is_success
            except httpx.TransportError:
                return True

    await until(gone, what=f"{service} is gone")
    await until_ready(it)


async def _followed(it: House, client: httpx.AsyncClient, person: str) -> bool:
    told = (await client.get(_place(it, person))).json()
    assert told["state"] == "erased"
    return told["followed_at"] is not None


async def _all_seen(it: House, client: httpx.AsyncClient, texts: tuple[str, ...]) -> bool:
    seen = ""
    for service, path in (
        ("customers", "/leads"),
        ("customers", "/accounts"),
        ("customers", "/surveys"),
        ("performance", "/organisation"),
        ("performance", "/commits"),
        ("performance", f"/leaderboard{EVER}"),
    ):
        seen += (await client.get(it.url(service) + path)).text
    return all(text in seen for text in texts)


async def _numbers(it: House, client: httpx.AsyncClient) -> Any:
    async def of_everything() -> Any:
        board = (await client.get(f"{it.url('performance')}/kpis{EVER}")).json()["kpis"]
        values = {(kpi["name"], kpi["version"]): kpi["value"] for kpi in board}
        return values if values.get(("won_count", 1)) == 2 else None

    return await until(of_everything, what="both deals are counted")


async def _nowhere(it: House, client: httpx.AsyncClient, people: list[str]) -> None:
    assert {text: _files_with(it, text) for text in GONE} == {text: [] for text in GONE}
    records = [part async for part in _every_record(it)]
    assert any(b"lead-created.v1" in part for part in records)
    for text in GONE:
        assert not any(_is_in(text, part) for part in records), text
    answers = await _answers(it, client, people)
    assert len(answers) > 100
    told = [address for address, answer in answers if any(_is_in(text, answer.encode()) for text in GONE)]
    assert told == []
    for text in STAYS:
        assert any(_is_in(text, answer.encode()) for _, answer in answers)


async def _answers(it: House, client: httpx.AsyncClient, people: list[str]) -> list[tuple[str, str]]:
    streams = {"lead-l-1", "account-a-1", "survey-s-1", "person-p-1"}
    streams |= {"erasure-lead-l-1", "staff_erasure-person-p-1"}
    commits = (await client.get(it.url("performance") + "/commits")).json()
    streams |= {f"commit-{commit['id']}" for commit in commits}
    return [one async for one in every_answer(it, client, streams=streams, people=set(people))]


def _is_in(text: str, where: bytes) -> bool:
    return any(form in where for form in _forms(text))


def _files_with(it: House, text: str) -> list[Path]:
    return [file for file in _files(it) if _is_in(text, file.read_bytes())]


def _files(it: House) -> Iterator[Path]:
    yield from (file for file in it.data.rglob("*") if file.is_file())
    yield from it.data.parent.glob(f"{it.data.name}-up.log")


def _forms(text: str) -> set[bytes]:
    """How it may be written: as it is, in JSON, in UTF-16, and in JSON within JSON."""
    escaped = json.dumps(text)[1:-1]
    return {
        text.encode(),
        escaped.encode(),
        escaped.upper().replace("\\U", "\\u").encode(),
        escaped.replace("\\", "\\\\").encode(),
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
    }


async def _every_record(it: House) -> AsyncIterator[bytes]:
    """Keys, values and headers of every topic."""
    async with AIOKafkaConsumer(
        bootstrap_servers=_kafka(it), auto_offset_reset="earliest", enable_auto_commit=False
    ) as reader:
        topics = await reader.topics()
        assert {"baton.customers.events", "baton.performance.parked"} <= topics
        reader.subscribe(sorted(topics))
        await until(reader.assignment)
        ends = await reader.end_offsets(reader.assignment())
        while any([await reader.position(tp) < end for tp, end in ends.items()]):
            for records in (await reader.getmany(timeout_ms=500)).values():
                for record in records:
                    yield record.key or b""
                    yield record.value or b""
                    for name, value in record.headers:
                        yield name.encode() + (value or b"")
