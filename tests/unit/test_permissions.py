"""The table of permissions is whole, on file, and what every service answers by."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

import httpx
import pytest
import structlog
from fastapi import APIRouter
from prometheus_client import REGISTRY

from services import openapi, permission_pages
from shared.events.catalogue import SERVICES
from shared.eventstore.whose import Whose
from shared.service.actor import ROLES, Actor, Role
from shared.service.permissions import (
    ASKING,
    BOUND,
    FREE,
    GIVEN,
    OWNED,
    SEEN,
    TABLE,
    Rule,
    against,
    allowed_to,
)
from shared.service.settings import Settings
from tests.service_app import SECRET, bearer, serving
from tests.written_logs import logged

PUBLIC: Final = {"GET /health/live", "GET /health/ready", "GET /services", "GET /session"}
PAGE: Final = Path(__file__).parents[2] / permission_pages.FILE


def operations(service: str) -> Iterator[str]:
    for path, its in openapi.document(service)["paths"].items():
        for method in its:
            yield f"{method.upper()} {path}"


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = {operation for service in SERVICES for operation in operations(service)}
    assert routes - PUBLIC == TABLE.keys()


async def test_a_service_with_a_route_that_is_in_no_table_does_not_start() -> None:
    forgotten = APIRouter()
    forgotten.post("/forgotten")(lambda: None)
    with pytest.raises(LookupError, match="POST /forgotten"):
        async with serving([forgotten], {}):
            pass


def test_the_page_is_what_the_table_says() -> None:
    """When it is not, ``make docs`` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == permission_pages.text()


class Asked(NamedTuple):
    service: str
    operation: str
    role: Role


MATRIX: Final = [
    Asked(service, operation, role)
    for service in SERVICES
    for operation in sorted(set(operations(service)) - PUBLIC)
    for role in ROLES
]


@asynccontextmanager
async def asking(service: str) -> AsyncIterator[httpx.AsyncClient]:
    """The service as it is wired, without its parts: who gets past the table finds nothing there."""
    settings = Settings.model_validate({"token_secret": SECRET, "master_key": SECRET})
    app = import_module(f"services.{service}.main").build(settings)
    app.state.freshness = list
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as client:
        yield client


@pytest.mark.parametrize("service", SERVICES)
async def test_every_post_may_do_what_the_table_says_and_nothing_else(service: str) -> None:
    async with asking(service) as client:
        for asked in (one for one in MATRIX if one.service == service):
            method, path = asked.operation.split()
            filled = path.replace("{", "").replace("}", "")
            department = asked.role
            headers = bearer(asked.role, department=department)
            answer = await client.request(method, filled, headers=headers, json={})
            may = asked.role in TABLE[asked.operation].roles
            assert (answer.status_code != 403) == may, (asked, answer.text)
            if not may:
                assert answer.json()["code"] == "not-allowed"


@pytest.mark.parametrize("service", SERVICES)
async def test_without_a_token_nothing_is_answered(service: str) -> None:
    async with asking(service) as client:
        for operation in set(operations(service)) - PUBLIC:
            method, path = operation.split()
            answer = await client.request(method, path.replace("{", "").replace("}", ""), json={})
            assert answer.status_code == 401, operation


async def test_a_refusal_says_who_may_and_is_logged_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted() -> float:
        labels = {"role": "finance", "reason": "role"}
        return REGISTRY.get_sample_value("baton_refusals_total", labels) or 0.0

    before = counted()
    async with asking("customers") as client:
        with logged(monkeypatch, "json") as lines, structlog.testing.capture_logs() as told:
            answer = await client.post(
                "/leads",
                json={"company": "a secret"},
                headers={**bearer("finance", person="p-xu"), "X-Request-Id": "r-1"},
            )
    assert answer.json()["detail"] == (
        "Only sales or marketing or manager or importer or system may do this. "
        "只有销售、市场、经理、数据导入、其他系统可以这样做。"
    )
    assert told == [
        {
            "event": "refused",
            "log_level": "warning",
            "actor": "p-xu",
            "role": "finance",
            "operation": "POST /leads",
            "reason": "role",
        }
    ]
    assert counted() == before + 1
    assert lines is not None


async def test_the_desk_is_told_what_its_person_may() -> None:
    async with asking("performance") as client:
        headers = bearer("logistics", department="logistics")
        told = (await client.get("/permissions", headers=headers)).json()
    assert (told["role"], told["department"]) == ("logistics", "logistics")
    assert told["allowed"] == list(allowed_to("logistics"))
    assert "POST /orders/{order_id}/ship" in told["allowed"]
    assert "POST /orders/{order_id}/confirm" not in told["allowed"]


EAST: Final = Whose(department="east", shared_with=frozenset({"west"}))
HANDED: Final = Whose(asking="sales", given_to="workshop")


@pytest.mark.parametrize(
    ("rule", "role", "department", "it", "why"),
    [
        (SEEN, "sales", "east", EAST, None),
        (SEEN, "sales", "west", EAST, None),
        (SEEN, "marketing", "north", EAST, "hidden"),
        (SEEN, "sales", None, EAST, "hidden"),
        (SEEN, "sales", None, Whose(), None),
        (SEEN, "finance", "finance", EAST, None),
        (SEEN, "sales", "north", Whose(department="east", account_id="a-1"), None),
        (OWNED, "sales", "east", EAST, None),
        (OWNED, "sales", "west", EAST, "department"),
        (OWNED, "sales", "north", EAST, "hidden"),
        (OWNED, "manager", None, EAST, None),
        (ASKING, "sales", "key-accounts", HANDED, None),
        (ASKING, "production", "workshop", HANDED, "department"),
        (GIVEN, "production", "workshop", HANDED, None),
        (GIVEN, "production", "production", HANDED, "department"),
        (GIVEN, "manager", None, HANDED, None),
    ],
)
def test_a_rule_looks_at_whose_it_is(
    rule: Rule, role: Role, department: str | None, it: Whose, why: str | None
) -> None:
    assert against(rule, Actor(id="p-1", role=role, department=department), it) == why


def test_departments_bind_no_post_that_works_for_all_of_them() -> None:
    assert BOUND.isdisjoint(FREE)
