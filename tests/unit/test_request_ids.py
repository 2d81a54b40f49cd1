"""Every answer names its request, whatever became of it, and a problem does so in its body."""

import re
from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest
import structlog
from fastapi import APIRouter, Request

from shared.events.event import Envelope
from shared.eventstore.decider import Refused
from shared.service.actor import Asking
from shared.service.bodies import LARGEST_BODY
from shared.service.commands import Asked
from shared.service.permitted import NotAllowed
from tests.service_app import serving
from tests.written_logs import logged

MADE: Final = re.compile(r"[0-9a-f]{32}")

router = APIRouter()


@router.get("/thing")
async def thing() -> dict[str, str]:
    return {name: str(value) for name, value in structlog.contextvars.get_contextvars().items()}


@router.get("/refused")
async def refused() -> None:
    raise Refused("No.")


@router.get("/forbidden")
async def forbidden(request: Request, actor: Asking) -> None:
    request.state.actor = actor
    raise NotAllowed("Not you.", reason="role")


@router.get("/broken")
async def broken() -> None:
    raise RuntimeError


@router.post("/envelope")
async def envelope(command: Asked) -> Envelope:
    return await command.envelope()


async def ask(path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async with serving((), {}, public=[router], requests_a_minute=100) as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.request(method, path, headers=named)


@pytest.mark.parametrize("given", ["42", "0195e2a4-6f4c-7d0e-9b59-3b1f5f0f8a11", "a.b_c-D", "x" * 64])
async def test_the_callers_id_is_kept(given: str) -> None:
    assert (await ask("/thing", X_Request_Id=given)).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a/b", '"1"', "<b>", "x" * 65, "名", "1\t2"])
async def test_one_that_is_not_safe_is_replaced(given: str) -> None:
    async with serving((), {}, public=[router]) as client:
        answer = await client.get("/thing", headers={b"X-Request-Id": given.encode()})
    assert MADE.fullmatch(answer.headers["X-Request-Id"])


async def test_without_one_each_request_gets_its_own() -> None:
    made = {(await ask("/thing")).headers["X-Request-Id"] for _ in range(3)}
    assert len(made) == 3


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (401, "POST", "/envelope", {"Authorization": "Bearer nobody"}),
        (403, "GET", "/forbidden", {}),
        (404, "GET", "/nowhere", {}),
        (405, "DELETE", "/thing", {}),
        (409, "GET", "/refused", {}),
        (413, "POST", "/envelope", {"Content-Length": str(LARGEST_BODY + 1)}),
        (422, "POST", "/envelope", {"Idempotency-Key": "a b"}),
        (500, "GET", "/broken", {}),
    ],
)
async def test_a_problem_says_it_as_the_header_does(
    status: int, method: str, path: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with logged(monkeypatch, "json"):
        answer = await ask(path, method, **headers, X_Request_Id="r-1")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["request_id"] == "r-1"
    assert answer.headers.get_list("X-Request-Id") == ["r-1"]


async def test_a_body_that_goes_on_and_on_without_saying_so_is_a_problem_too() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1000 + 1):
            yield b" " * 1000

    async with serving((), {}, public=[router]) as client:
        headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
        answer = await client.post("/envelope", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


async def test_who_asks_too_much_gets_one_too() -> None:
    async with serving((), {}, public=[router], requests_a_minute=1) as client:
        await client.get("/thing")
        answer = await client.get("/thing")
    assert answer.status_code == 429
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


async def test_a_page_of_ours_may_read_it() -> None:
    answer = await ask("/thing", Origin="http://127.0.0.1:8080")
    assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]
    before = {"Origin": "http://127.0.0.1:8080", "Access-Control-Request-Method": "GET"}
    assert "X-Request-Id" in (await ask("/thing", "OPTIONS", **before)).headers


@pytest.mark.parametrize(
    ("headers", "correlation"),
    [
        ({"X_Request_Id": "r-1"}, "r-1"),
        ({"X_Request_Id": "r-1", "X_Correlation_Id": "order/7"}, "order/7"),
        ({"X_Request_Id": "r-1", "X_Correlation_Id": "two words"}, "r-1"),
    ],
)
async def test_what_follows_is_correlated_by_it_unless_the_caller_says_by_what(
    headers: dict[str, str], correlation: str
) -> None:
    assert (await ask("/envelope", "POST", **headers)).json()["correlation_id"] == correlation
    assert (await ask("/thing", **headers)).json() == {"request_id": "r-1", "correlation_id": correlation}
    assert structlog.contextvars.get_contextvars() == {}
