"""A log line is one JSON object, with the ids by which its request and its trace are found."""

import io
import json
import logging
from typing import Any, Final

import pytest
import structlog
from fastapi import APIRouter

from shared import traces
from shared.events.deal import DealOpened
from shared.events.event import Envelope
from shared.eventstore.decider import Refused
from shared.service.otlp import exporting
from shared.service.reactions import Reaction, react
from tests.collecting import collecting
from tests.service_app import serving
from tests.unit.projections.sales import opened, stream
from tests.written_logs import logged

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT: Final = f"00-{TRACE}-00f067aa0ba902b7-01"
ASKED: Final = {"X-Request-Id": "r-1", "X-Correlation-Id": "c-1", "traceparent": TRACEPARENT}
IDS: Final = {"request_id": "r-1", "correlation_id": "c-1", "trace_id": TRACE}

router = APIRouter()


@router.get("/said")
async def said() -> None:
    structlog.get_logger().info("said", of="ours")
    logging.getLogger("a.library").warning("said of %s", "theirs")


@router.get("/broken")
async def broken() -> None:
    raise RuntimeError("it broke\nin two lines")


def of(out: io.StringIO, event: str) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
    (found,) = [line for line in lines if line["event"] == event]
    return found


async def test_ours_and_a_librarys_lines_say_whose_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with logged(monkeypatch, "json", service="orders") as out:
        async with serving((), {}, public=[router]) as client:
            await client.get("/said", headers=ASKED)
        structlog.get_logger().info("later")
    ours = of(out, "said")
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {"event": "said", "of": "ours", "level": "info", "service": "orders", **IDS}
    assert of(out, "said of theirs").items() >= {"level": "warning", "service": "orders", **IDS}.items()
    assert not of(out, "later").keys() & {*IDS, "span_id"}


async def test_an_unexpected_error_is_one_line_under_the_id_of_its_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with logged(monkeypatch, "json", service="orders") as out:
        async with serving((), {}, public=[router]) as client:
            problem = (await client.get("/broken")).json()
    line = of(out, "unexpected error")
    assert line["request_id"] == problem["request_id"]
    assert "in two lines" in line["exception"]


async def test_while_tracing_is_on_a_line_names_its_span(monkeypatch: pytest.MonkeyPatch) -> None:
    with logged(monkeypatch, "json", service="orders") as out:
        async with (
            collecting() as collector,
            exporting(collector.endpoint, "orders"),
            serving((), {}, public=[router]) as client,
        ):
            await client.get("/said", headers=ASKED)
    (request,) = collector.of(TRACE)
    for event in ("said", "said of theirs"):
        assert of(out, event).items() >= {**IDS, "span_id": request.id}.items()


async def test_what_a_reaction_logs_belongs_to_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_event: Any, _envelope: Envelope) -> None:
        raise Refused("No.")

    event = opened()
    seen = stream("deal-1", event)[0]._replace(correlation_id="c-1", traceparent=TRACEPARENT)
    with logged(monkeypatch, "json", service="orders") as out:
        await react([Reaction("never", DealOpened, refuse)], "orders", seen, event)
    assert of(out, "reaction refused").items() >= {"correlation_id": "c-1", "trace_id": TRACE}.items()
    assert traces.current() is None
