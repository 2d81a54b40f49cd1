"""Traces go on from whoever asks; they are told to a collector only where that is switched on."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import APIRouter
from pydantic import ValidationError

from shared import traces
from shared.events.deal import DealOpened
from shared.events.event import Envelope
from shared.events.seen import Seen
from shared.service.otlp import FLUSH_SECONDS, exporting
from shared.service.reactions import Reaction, react
from shared.service.settings import Settings
from tests.collecting import Collector, collecting
from tests.ports import free_ports
from tests.service_app import SECRET, serving
from tests.unit.customers.world import World, customers
from tests.unit.projections.sales import opened, stream
from tests.waiting import until
from tests.written_logs import logged

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER: Final = "00f067aa0ba902b7"
SAMPLED: Final = f"00-{TRACE}-{CALLER}-01"
SOON: Final = FLUSH_SECONDS + 4.0
"""The SDK alone would try for ten seconds, and be waited for thirty."""
NOT_SAMPLED: Final = f"00-{TRACE}-{CALLER}-00"
DEAL: Final = {"id": "d-1", "title": "A deal", "owner": "p-1", "product": "P", "line": "L"} | {
    "amount": {"minor": 100, "currency": "CNY"}
}

router = APIRouter()


@router.get("/broken/{thing}")
async def broken(thing: str) -> None:
    raise RuntimeError(thing)


@asynccontextmanager
async def telling(service: str) -> AsyncIterator[Collector]:
    """Everything is told to a collector, which has it all once this is over."""
    async with collecting() as collector, exporting(collector.endpoint, service):
        yield collector


async def kept(world: World) -> Envelope:
    (event,) = await world.store.read("deal-d-1")
    return Envelope.model_validate_json(event.metadata)


@pytest.mark.parametrize("sent", [SAMPLED, NOT_SAMPLED, f"01{SAMPLED[2:]}", f"cc{SAMPLED[2:]}-later"])
def test_a_traceparent_of_any_version_is_taken(sent: str) -> None:
    assert traces.valid(sent) == f"00{sent[2:55]}"


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "nonsense",
        SAMPLED.upper(),
        f"{SAMPLED}-more",
        f"ff{SAMPLED[2:]}",
        f"00-{'0' * 32}-{CALLER}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{CALLER}-1",
        f"{SAMPLED}\n",
    ],
)
def test_what_is_none_is_not(sent: str | None) -> None:
    assert traces.valid(sent) is None


def test_the_flag_says_whether_it_is_told() -> None:
    flags = {flag: traces.sampled(f"00-{TRACE}-{CALLER}-{flag}") for flag in ("00", "01", "02", "03", "0z")}
    assert [flag for flag, sampled in flags.items() if sampled] == ["01", "03"]
    assert not traces.sampled(None)


@pytest.mark.parametrize(
    ("sent", "carried"),
    [(SAMPLED, SAMPLED), (NOT_SAMPLED, NOT_SAMPLED), ("00-nonsense", None), (None, None)],
)
async def test_while_it_is_off_the_callers_trace_is_in_the_event_and_nothing_runs(
    tmp_path: Path, sent: str | None, carried: str | None
) -> None:
    async with exporting("", "customers"), customers(tmp_path) as there:
        await there.done("/deals", DEAL, **({"traceparent": sent} if sent else {}))
        assert (await kept(there)).traceparent == carried
        assert not traces.on()
        assert not [it.name for it in threading.enumerate() if "Otel" in it.name]


async def test_two_traceparents_are_none(tmp_path: Path) -> None:
    async with customers(tmp_path) as there:
        twice = [("traceparent", SAMPLED), ("traceparent", NOT_SAMPLED)]
        assert (await there.client.post("/deals", json=DEAL, headers=twice)).status_code == 201
        assert (await kept(there)).traceparent is None


async def test_a_request_and_what_it_appends_are_told_in_the_callers_trace(tmp_path: Path) -> None:
    async with collecting() as collector:
        async with exporting(collector.endpoint, "customers"), customers(tmp_path) as there:
            await there.done("/deals", DEAL, traceparent=SAMPLED, x_request_id="r-1")
            carried = (await kept(there)).traceparent
        request, append = sorted(collector.of(TRACE), key=lambda it: it.name)
    assert (request.service, request.name, request.kind) == ("customers", "POST /deals", "server")
    assert (request.parent, request.failed) == (CALLER, False)
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": "/deals",
        "http.response.status_code": 201,
        "url.path": "/deals",
        "url.scheme": "http",
        "baton.request_id": "r-1",
    }
    assert (append.name, append.kind, append.parent) == ("append", "internal", request.id)
    assert append.attributes == {"baton.stream": "deal-d-1", "baton.events": 1}
    assert carried == f"00-{TRACE}-{request.id}-01"


async def test_a_trace_that_the_caller_does_not_want_told_is_only_carried_on(tmp_path: Path) -> None:
    async with telling("customers") as collector, customers(tmp_path) as there:
        await there.done("/deals", DEAL, traceparent=NOT_SAMPLED)
        carried = (await kept(there)).traceparent
    assert carried is not None
    assert (carried[:36], carried[-3:]) == (f"00-{TRACE}-", "-00")
    assert collector.told == []


async def test_the_sampler_is_the_sdks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    async with telling("customers") as collector, customers(tmp_path) as there:
        await there.done("/deals", DEAL)
        await there.done("/deals/d-1/win", traceparent=SAMPLED)
    assert {span.trace for span in collector.told} == {TRACE}


async def test_what_breaks_is_told_without_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    async with telling("customers") as collector, serving((), {}, public=[router]) as client:
        with logged(monkeypatch, "json"):
            answer = await client.get("/broken/something?token=secret", headers={"traceparent": SAMPLED})
        assert answer.status_code == 500
        for path in ("/health/live", "/health/ready", "/metrics"):
            await client.get(path)
        await client.request("BREW", "/nowhere")
    (request,) = collector.of(TRACE)
    assert request.failed
    assert request.name == "GET /broken/{thing}"
    assert request.attributes["http.response.status_code"] == 500
    assert request.attributes["error.type"] == "RuntimeError"
    assert "secret" not in str(request)
    (other,) = [span for span in collector.told if span.trace != TRACE]
    assert (other.name, other.parent, other.failed) == ("_OTHER", "", False)


async def seen_by_a_reaction(traceparent: str | None) -> Envelope:
    found: list[Envelope] = []

    async def note(_event: Any, envelope: Envelope) -> None:
        found.append(envelope)

    event = opened()
    seen: Seen = stream("deal-1", event)[0]._replace(traceparent=traceparent)
    await react([Reaction("note", DealOpened, note)], "orders", seen, event)
    return found[0]


async def test_a_reaction_goes_on_in_the_trace_of_its_cause() -> None:
    assert (await seen_by_a_reaction(SAMPLED)).traceparent == SAMPLED
    assert (await seen_by_a_reaction("nonsense")).traceparent is None
    async with telling("orders") as collector:
        carried = (await seen_by_a_reaction(SAMPLED)).traceparent
        assert (await seen_by_a_reaction(NOT_SAMPLED)).traceparent == NOT_SAMPLED
        assert (await seen_by_a_reaction(None)).traceparent is None
    (step,) = collector.told
    assert (step.name, step.parent) == ("react note", CALLER)
    assert carried == f"00-{TRACE}-{step.id}-01"


@contextmanager
def deaf() -> Iterator[str]:
    """A collector that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def away() -> Iterator[str]:
    yield f"http://127.0.0.1:{free_ports(1)}"


@pytest.mark.parametrize("collector", [away, deaf])
async def test_without_its_collector_a_service_works_and_stops_all_the_same(
    tmp_path: Path, collector: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    with collector() as endpoint:
        async with (
            customers(tmp_path) as there,
            asyncio.timeout(None) as leaving,
            exporting(endpoint, "customers"),
        ):
            await there.done("/deals", DEAL)
            for _ in range(5_000):  # more than the SDK keeps
                with traces.begun("step"):
                    pass
            await there.done("/deals/d-1/win")
            sender = next(it for it in threading.enumerate() if "Otel" in it.name)
            leaving.reschedule(asyncio.get_running_loop().time() + SOON)
        assert not traces.on()
    await until(lambda: not sender.is_alive(), what="the sender gave up")


@pytest.mark.parametrize("endpoint", ["collector:4318", "grpc://collector:4317", "http://", "http://a b"])
def test_an_address_that_is_none_stops_the_start(endpoint: str) -> None:
    given = {"token_secret": SECRET, "master_key": SECRET, "otel_exporter_otlp_endpoint": endpoint}
    with pytest.raises(ValidationError, match="otel_exporter_otlp_endpoint"):
        Settings.model_validate(given)


async def test_all_that_is_told_here_reaches_the_collector_before_the_end() -> None:
    async with collecting() as collector:
        async with exporting(f"{collector.endpoint}/", "orders"):
            for _ in range(700):  # more than one message takes
                with traces.begun("step"):
                    pass
        assert len(collector.told) == 700
