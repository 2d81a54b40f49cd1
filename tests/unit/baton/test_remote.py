"""The client of Baton's services, against a real server."""

import asyncio

import pytest
from aiohttp import web

from baton.remote import Problem, Unreachable, connected
from tests.unit.baton.answering import answering, problem


async def test_a_command_carries_its_key_its_token_and_its_body() -> None:
    async def answer(request: web.Request) -> web.Response:
        seen = [request.headers["Idempotency-Key"], request.headers["Authorization"], await request.json()]
        return web.json_response({"seen": seen}, status=201)

    async with answering(answer) as url, connected(url, bearer="t") as remote:
        mine = await remote.command("orders", "/orders", {"id": "中"}, key="k-1")
        other = await remote.command("orders", "/orders", {}, key="k-2", bearer="another")
    assert mine["seen"] == ["k-1", "Bearer t", {"id": "中"}]
    assert other["seen"] == ["k-2", "Bearer another", {}]


async def test_a_refusal_is_a_problem_with_its_detail_and_code() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return problem(409, "The deal is won.", code="deal-won", existing="d-1")

    async with answering(answer) as url, connected(url, bearer="t") as remote:
        with pytest.raises(Problem) as refused:
            await remote.command("customers", "/deals", {}, key="k")
    assert (refused.value.status, refused.value.detail, refused.value.code) == (
        409,
        "The deal is won.",
        "deal-won",
    )
    assert refused.value.more["existing"] == "d-1"


async def test_an_error_that_is_no_problem_document_is_told_as_it_came() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=500, text="oh no")

    async with answering(answer) as url, connected(url, bearer="t") as remote:
        with pytest.raises(Problem, match="oh no"):
            await remote.get("customers", "/deals")


async def test_a_service_that_is_not_ready_is_asked_again() -> None:
    answers = [problem(503, "in a moment"), problem(503, "in a moment"), web.Response(status=204)]

    async def answer(_request: web.Request) -> web.Response:
        return answers.pop(0)

    async with answering(answer) as url, connected(url, bearer="t") as remote:
        assert await remote.command("customers", "/deals", {}, key="k") == {}
    assert answers == []


async def test_a_service_that_is_asked_too_much_is_asked_again_when_it_wants_to_be() -> None:
    told = [problem(429, "too many"), web.Response(status=204)]
    told[0].headers["Retry-After"] = "0"

    async def answer(_request: web.Request) -> web.Response:
        return told.pop(0)

    async with answering(answer) as url, connected(url, bearer="t", patience=0.0) as remote:
        assert await remote.command("customers", "/deals", {}, key="k") == {}
    assert told == []


async def test_a_service_that_was_killed_is_waited_for() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"id": "d-1"}, status=201)

    async with answering(answer) as url:
        port = int(url.rpartition(":")[2])
        patient = connected(url, bearer="t", patience=10)
        remote = await patient.__aenter__()
    asked = asyncio.create_task(remote.command("customers", "/deals", {}, key="k"))
    async with answering(answer, port=port):
        assert await asked == {"id": "d-1"}
        await patient.__aexit__(None, None, None)


async def test_patience_ends() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return problem(503, "never")

    async with answering(answer) as url, connected(url, bearer="t", patience=0.3) as remote:
        with pytest.raises(Unreachable, match="does not answer: never"):
            await remote.get("customers", "/deals")


async def test_an_address_where_nobody_is_says_so() -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response()

    async with answering(answer) as url:
        pass
    with pytest.raises(Unreachable, match="does not answer"):
        async with connected(url, bearer="t", patience=0.2):
            pass


async def test_a_service_that_is_reached_otherwise_from_here_is_asked_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def public(_request: web.Request) -> web.Response:
        return problem(500, "asked at the address for people outside")

    async def inside(_request: web.Request) -> web.Response:
        return web.json_response({"inside": True})

    async with answering(public) as outside, answering(inside) as url:
        monkeypatch.setenv("CUSTOMERS_URL", url)
        async with connected(outside, bearer="t") as remote:
            assert await remote.get("customers", "/deals") == {"inside": True}
            with pytest.raises(Problem, match="outside"):
                await remote.get("orders", "/orders")


async def test_a_service_that_is_asked_directly_need_not_know_the_others() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"path": request.path})

    async with answering(answer) as url, connected(url, bearer="t", only="orders") as remote:
        assert await remote.get("orders", "/replay") == {"path": "/replay"}
        with pytest.raises(KeyError):
            await remote.get("performance", "/replay")
