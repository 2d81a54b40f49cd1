"""HTTP answers are counted and timed by route, and nobody outside can make up a series."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY
from sse_starlette import EventSourceResponse

from services.performance.wallboard import Pages
from shared.service.bodies import LARGEST_BODY
from shared.service.sse import Sent
from tests.counted import counting, said
from tests.listening import heard, listening
from tests.service_app import bearer, serving
from tests.waiting import until

REQUESTS = "baton_http_requests_total"
SECONDS = "baton_http_request_seconds_count"

router = APIRouter(prefix="/measured")


@router.get("/things/{thing}")
async def one_thing(thing: str) -> dict[str, str]:
    return {"thing": thing}


@router.post("/broken")
async def broken() -> None:
    raise RuntimeError


@router.get("/stream", response_class=EventSourceResponse)
async def stream() -> EventSourceResponse:
    async def told() -> AsyncIterator[bytes]:
        yield b"data: 1\r\n\r\n"
        await _never()

    return Sent(told(), feed="events")


async def _never() -> None:
    await until(lambda: False, within=60)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with serving((), {}, public=[router]) as client:
        yield client


def series() -> set[tuple[str, str]]:
    """The methods and routes that were counted by now."""
    found = (sample for family in REGISTRY.collect() for sample in family.samples if sample.name == REQUESTS)
    return {(sample.labels["method"], sample.labels["route"]) for sample in found}


async def test_an_answer_counts_under_its_route_and_not_its_address(client: httpx.AsyncClient) -> None:
    told = {"method": "GET", "route": "/measured/things/{thing}"}
    with counting(REQUESTS, 2, **told, status="200"), counting(SECONDS, 2, **told):
        for thing in ("a", "b"):
            await client.get(f"/measured/things/{thing}")


async def test_our_own_mistakes_count_from_nought(client: httpx.AsyncClient) -> None:
    told = {"method": "POST", "route": "/measured/broken", "status": "500"}
    assert REGISTRY.get_sample_value(REQUESTS, told) == 0
    with counting(REQUESTS, 1, **told):
        assert (await client.post("/measured/broken")).status_code == 500


async def test_nobody_makes_a_series_up(client: httpx.AsyncClient) -> None:
    await client.get("/nowhere")
    await client.request("BREW", "/nowhere")
    before = series()
    with counting(REQUESTS, 1, method="GET", route="unknown", status="404"):
        await client.get("/nowhere/else")
    with counting(REQUESTS, 2, method="other", route="unknown", status="404"):
        for method in ("STIR", "DRINK"):
            await client.request(method, "/nowhere")
    assert series() == before


async def test_what_is_refused_before_a_route_is_found_counts_too(client: httpx.AsyncClient) -> None:
    with counting(REQUESTS, 1, method="POST", route="unknown", status="413"):
        await client.post("/measured/broken", content=b" " * (LARGEST_BODY + 1))


async def test_files_have_one_route(client: httpx.AsyncClient, tmp_path: Path) -> None:
    for name in ("index.html", "404.html", "a.js"):
        (tmp_path / name).write_text("")
    app: FastAPI = client._transport.app  # type: ignore[attr-defined]  # the transport that `serving` made
    app.mount("/", Pages(tmp_path, zone="Asia/Shanghai", currency="CNY"))
    with counting(REQUESTS, 2, method="GET", route="static files", status="200"):
        for path in ("/", "/a.js"):
            await client.get(path)
    with counting(REQUESTS, 1, method="GET", route="static files", status="404"):
        await client.get("/b.js")


async def test_a_stream_counts_when_it_begins_and_once(client: httpx.AsyncClient) -> None:
    told = {"method": "GET", "route": "/measured/stream"}
    app: FastAPI = client._transport.app  # type: ignore[attr-defined]  # the transport that `serving` made
    before = said("baton_sse_clients", feed="events")
    with counting(REQUESTS, 1, **told, status="200"), counting(SECONDS, 1, **told):
        async with listening(app) as address:
            async with heard(address, "/measured/stream", headers=bearer()) as events:
                assert (await anext(events))["data"] == "1"
                assert said(SECONDS, **told) >= 1
                assert said("baton_sse_clients", feed="events") == before + 1
            await until(lambda: said("baton_sse_clients", feed="events") == before)
