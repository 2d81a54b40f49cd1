"""A log line is one JSON object, with the ids by which its request and its trace are found."""

import io
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import pytest
import structlog
from fastapi import APIRouter

from shared import traces
from shared.events.deal import DealOpened
from shared.events.event import Envelope
from shared.eventstore.decider import Refused
from shared.service.logs import configure_logs
from shared.service.otlp import exporting
from shared.service.reactions import Reaction, react
from tests.collecting import collecting
from tests.service_app import serving
from tests.unit.projections.sales import opened, stream

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


@contextmanager
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The lines that a service writes meanwhile, there at the end."""
    out, lines = io.StringIO(), list[dict[str, Any]]()
    monkeypatch.setattr(sys, "stderr", out)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("orders", form="json")
    try:
        yield lines
    finally:
        root.handlers, root.level = handlers, level
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
        lines += map(json.loads, out.getvalue().splitlines())


def of(lines: Sequence[dict[str, Any]], event: str) -> dict[str, Any]:
    (found,) = [line for line in lines if line["event"] == event]
    return found


async def test_ours_and_a_librarys_lines_say_whose_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with logged(monkeypatch) as lines:
        async with serving([router], {}) as client:
            await client.get("/said", headers=ASKED)
        structlog.get_logger().info("later")
    ours = of(lines, "said")
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {"event": "said", "of": "ours", "level": "info", "service": "orders", **IDS}
    assert of(lines, "said of theirs").items() >= {"level": "warning", "service": "orders", **IDS}.items()
    assert not of(lines, "later").keys() & {*IDS, "span_id"}


async def test_an_unexpected_error_is_one_line_under_the_id_of_its_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with logged(monkeypatch) as lines:
        async with serving([router], {}) as client:
            problem = (await client.get("/broken")).json()
    line = of(lines, "unexpected error")
    assert line["request_id"] == problem["request_id"]
    assert "in two lines" in line["exception"]


async def test_while_tracing_is_on_a_line_names_its_span(monkeypatch: pytest.MonkeyPatch) -> None:
    with logged(monkeypatch) as lines:
        async with (
            collecting() as collector,
            exporting(collector.endpoint, "orders"),
            serving([router], {}) as client,
        ):
            await client.get("/said", headers=ASKED)
    (request,) = collector.of(TRACE)
    for event in ("said", "said of theirs"):
        assert of(lines, event).items() >= {**IDS, "span_id": request.id}.items()


async def test_what_a_reaction_logs_belongs_to_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_event: Any, _envelope: Envelope) -> None:
        raise Refused("No.")

    event = opened()
    seen = stream("deal-1", event)[0]._replace(correlation_id="c-1", traceparent=TRACEPARENT)
    with logged(monkeypatch) as lines:
        await react([Reaction("never", DealOpened, refuse)], "orders", seen, event)
    assert of(lines, "reaction refused").items() >= {"correlation_id": "c-1", "trace_id": TRACE}.items()
    assert traces.current() is None
