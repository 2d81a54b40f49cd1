"""`baton replay` and `baton verify` wait for the service, and say what it found or why it did not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from typer.testing import CliRunner, Result

from baton.__main__ import app
from shared.events.catalogue import SERVICES
from tests.unit.baton.answering import answering

Steps = dict[str, list[dict[str, Any]]]

RUNNING = {"running": True, "started_at": "2026-01-01T00:00:00Z", "failed": None}
DONE = {**RUNNING, "running": False, "workers": 1}
NEVER = {"running": False, "started_at": None, "failed": None}
EQUAL = {**DONE, "differences": 0, "first": [], "compared": {"entities": 1200, "cells": 7}}
FOUND = ["cell won of wang: value is 2, rebuilt 1", "sales deal-1: gone"]
UNEQUAL = {**EQUAL, "differences": 2, "first": FOUND}


@pytest.fixture(autouse=True)
def _a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_TOKEN", "t")
    monkeypatch.setattr("baton.operations.LOOK_EVERY", 0.01)


async def test_a_replay_is_waited_for() -> None:
    done = await _baton("replay", "orders", answers=[RUNNING, RUNNING, DONE])
    assert done.exit_code == 0
    assert "orders shows what was built anew after" in done.stdout


async def test_a_replay_in_several_processes_is_asked_for_and_fewer_are_said() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path_qs}")
        one = RUNNING if request.method == "POST" else DONE
        return web.json_response(
            {"performance": str(request.url.origin()), "orders": str(request.url.origin()), **one}
        )

    async with answering(answer) as url:
        run = ("replay", "orders", "--workers", "4", "--to", url)
        done = await asyncio.to_thread(CliRunner().invoke, app, run)
    assert asked == ["POST /replay?workers=4", "GET /replay"]
    assert "In 1 of 4 processes" in done.stdout
    assert (await _baton("replay", "orders", "--workers", "17", answers=[])).exit_code == 2


@pytest.mark.parametrize("command", ["replay", "verify"])
async def test_what_broke_it_off_is_said(command: str) -> None:
    done = await _baton(command, "orders", answers=[RUNNING, {**DONE, "failed": "the log is short"}])
    assert (done.exit_code, done.stderr) == (1, "orders broke it off: the log is short.\n")


async def test_a_service_that_was_started_again_in_the_middle_did_not_finish() -> None:
    done = await _baton("replay", "orders", answers=[RUNNING, NEVER])
    assert (done.exit_code, done.stderr) == (1, "orders was started again in the middle.\n")


async def test_patience_with_a_replay_ends() -> None:
    done = await _baton("replay", "orders", "--within", "0.2", answers=[RUNNING] * 1000)
    assert (done.exit_code, done.stderr) == (1, "orders was not done within 0 s.\n")


async def test_every_service_is_verified_unless_some_are_named() -> None:
    done = await _baton("verify", answers=[RUNNING, EQUAL])
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"{service}: no differences in 1,200 entities, 7 cells." for service in SERVICES
    ]
    one = await _baton("verify", "orders", answers=[EQUAL])
    assert one.stdout == "orders: no differences in 1,200 entities, 7 cells.\n"


async def test_differences_are_told_and_the_exit_code_says_so() -> None:
    done = await _baton("verify", "orders", "customers", answers=[RUNNING, UNEQUAL])
    assert done.exit_code == 1
    assert done.stdout.splitlines()[:3] == [
        "orders: 2 differences in 1,200 entities, 7 cells.",
        "  cell won of wang: value is 2, rebuilt 1",
        "  sales deal-1: gone",
    ]
    assert done.stderr == "Not equal to a rebuild: orders, customers.\n"


async def test_an_unknown_service_is_refused() -> None:
    done = await _baton("verify", "kitchen", answers=[])
    assert (done.exit_code, "no service kitchen" in done.stderr) == (1, True)


async def _baton(*arguments: str, answers: list[dict[str, Any]]) -> Result:
    """The command against a service that gives these answers in turn, anew after each POST."""
    async with answering(_in_turn(answers)) as url:
        return await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--to", url])


def _in_turn(answers: list[dict[str, Any]]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    left = iter(answers)

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal left
        if request.method == "POST":
            left = iter(answers)
        return web.json_response(next(left), status=202)

    return answer
