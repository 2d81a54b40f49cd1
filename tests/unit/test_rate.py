"""How much one caller may ask of a service."""

from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest_asyncio
from fastapi import APIRouter

from tests.service_app import bearer, serving

ALLOWED: Final = 3

router = APIRouter()


@router.get("/thing")
async def thing() -> dict[str, str]:
    return {"it": "is there"}


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with serving((), {}, public=[router], requests_a_minute=ALLOWED) as client:
        yield client


async def test_every_answer_says_what_is_left(client: httpx.AsyncClient) -> None:
    told = [(await client.get("/thing")).headers for _ in range(ALLOWED)]
    assert [each["RateLimit"].partition(";t=")[0] for each in told] == [f'"minute";r={n}' for n in (2, 1, 0)]
    assert {each["RateLimit-Policy"] for each in told} == {f'"minute";q={ALLOWED};w=60'}
    assert all(1 <= int(each["RateLimit"].partition(";t=")[2]) <= 60 for each in told)


async def test_who_asks_too_much_is_told_when_to_come_back(client: httpx.AsyncClient) -> None:
    for _ in range(ALLOWED):
        assert (await client.get("/thing")).status_code == 200
    answer = await client.get("/thing")
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert answer.json()["code"] == "too-many"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["RateLimit"].startswith('"minute";r=0;')


async def test_others_are_not_made_to_wait(client: httpx.AsyncClient) -> None:
    for _ in range(ALLOWED + 1):
        await client.get("/thing")
    assert (await client.get("/thing", headers=bearer(person="p-li"))).status_code == 200


async def test_who_watches_the_service_is_never_refused(client: httpx.AsyncClient) -> None:
    for _ in range(ALLOWED + 1):
        answers = [await client.get(path) for path in ("/health/live", "/health/ready", "/metrics")]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert not any("RateLimit" in answer.headers for answer in answers)


async def test_a_page_of_ours_may_read_what_is_left(client: httpx.AsyncClient) -> None:
    answer = await client.get("/thing", headers={"Origin": "http://127.0.0.1:8080"})
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(
        answer.headers["access-control-expose-headers"].split(", ")
    )


async def test_without_a_limit_nothing_is_counted() -> None:
    async with serving((), {}, public=[router], requests_a_minute=0) as client:
        assert "RateLimit" not in (await client.get("/thing")).headers
