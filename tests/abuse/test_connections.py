"""What a connection may be used for before there is a request: heads, times, numbers; a flood's log."""

import asyncio
import json
from contextlib import ExitStack
from typing import Final

import pytest

from shared.service.connections import LARGEST_HEAD, MOST_AHEAD, MOST_HEADERS, RESERVED
from tests.abuse.conftest import MOST_CONNECTIONS
from tests.abuse.services import Running
from tests.abuse.wire import Answer, connected, head, hung_up, read, refusals, said, silent, until_refused
from tests.waiting import until

TOO_LARGE: Final[dict[str, bytes]] = {
    "many headers": head("GET", "/accounts", *(f"x-{n}: 1" for n in range(MOST_HEADERS))),
    "a long header": head("GET", "/accounts", "x-long: " + "x" * LARGEST_HEAD),
    "a header without an end": b"GET /accounts HTTP/1.1\r\nx-long: " + b"x" * LARGEST_HEAD,
    "a header's name without an end": b"GET /accounts HTTP/1.1\r\n" + b"x" * LARGEST_HEAD,
    "a long address": head("GET", "/accounts?q=" + "x" * LARGEST_HEAD),
    "megabytes": head("GET", "/accounts", "x-long: " + "x" * 8_000_000),
    "trailers without an end": (
        head("POST", "/accounts", "transfer-encoding: chunked") + b"0\r\nx-long: " + b"x" * LARGEST_HEAD
    ),
}
NO_HTTP: Final[dict[str, bytes]] = {
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "two lengths": head("POST", "/accounts", "content-length: 5", "content-length: 6") + b"abcdef",
    "a length and chunks": (
        head("POST", "/accounts", "content-length: 5", "transfer-encoding: chunked") + b"0\r\n\r\n"
    ),
    "a length of 27 digits": head("POST", "/accounts", "content-length: " + "9" * 27),
    "a broken chunk": head("POST", "/accounts", "transfer-encoding: chunked") + b"zz\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nhost : baton\r\n\r\n",
    "a bare line feed in a header": b"GET / HTTP/1.1\r\nhost: a\r\nx: 1\n\rGET /metrics HTTP/1.1\r\n\r\n",
    "no ASCII": "GET /账户 HTTP/1.1\r\nhost: baton\r\n\r\n".encode(),
}


@pytest.mark.parametrize("sent", TOO_LARGE.values(), ids=TOO_LARGE.keys())
async def test_a_head_has_an_end(customers: Running, sent: bytes) -> None:
    answer = await said(customers, sent)
    assert answer.status == 431
    assert str(LARGEST_HEAD) in answer.problem()["detail"]


async def test_what_is_within_the_bounds_is_answered(customers: Running) -> None:
    headers = [f"x-{n}: {'x' * 250}" for n in range(MOST_HEADERS - 2)]
    assert (await said(customers, head("GET", "/accounts", *headers))).status == 200


@pytest.mark.parametrize("sent", NO_HTTP.values(), ids=NO_HTTP.keys())
async def test_what_is_no_http_is_said_and_hung_up_on(customers: Running, sent: bytes) -> None:
    async with connected(customers) as (reader, writer):
        writer.write(sent)
        answer = await read(reader)
        assert answer.status == 400
        answer.problem()
        assert await hung_up(reader)


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
async def test_another_protocol_is_not_spoken(customers: Running, protocol: str) -> None:
    upgrade = ("connection: upgrade", f"upgrade: {protocol}")
    assert (await said(customers, head("GET", "/accounts", *upgrade))).status == 200


@pytest.mark.parametrize("begun", [b"G", b"GET /accounts HTTP/1.1\r\nx: 1\r\n"])
async def test_a_head_that_is_never_finished_is_not_waited_for(customers: Running, begun: bytes) -> None:
    answer = await said(customers, begun)
    assert answer.status == 408
    answer.problem()


async def test_nor_one_that_comes_by_bytes(customers: Running) -> None:
    async with connected(customers) as (reader, writer):
        answering = asyncio.create_task(read(reader))
        writer.write(b"GET /accounts HTTP/1.1\r\n")
        while not answering.done():
            writer.write(b"x: 1\r\n")
            await asyncio.wait([answering], timeout=0.2)
        assert (await answering).status == 408


async def test_who_connects_and_says_nothing_is_hung_up_on(customers: Running) -> None:
    async with connected(customers) as (reader, _):
        assert await hung_up(reader)


async def test_nor_do_empty_lines_after_a_request_keep_a_connection(customers: Running) -> None:
    async with connected(customers) as (reader, writer):
        writer.write(head("GET", "/accounts"))
        assert (await read(reader)).status == 200
        ending = asyncio.create_task(hung_up(reader))
        while not ending.done():
            writer.write(b"\r\n")
            await asyncio.wait([ending], timeout=0.2)
        assert await ending


async def test_some_requests_may_come_before_the_first_is_answered(customers: Running) -> None:
    async with connected(customers) as (reader, writer):
        writer.write(head("GET", "/accounts") * MOST_AHEAD)
        answers = [await read(reader) for _ in range(MOST_AHEAD)]
    assert [answer.status for answer in answers] == [200] * MOST_AHEAD


async def test_but_not_hundreds(customers: Running) -> None:
    """Who is hung up on in the middle of an answer is no error of the app that was giving it."""
    for _ in range(20):
        async with connected(customers) as (reader, writer):
            writer.write(head("GET", "/accounts") * 500)
            assert await hung_up(reader)
    lines = [json.loads(line) for line in customers.log.read_text().splitlines()]
    assert not [line for line in lines if line["event"] == "unexpected error"]


async def test_who_is_too_many_is_refused_and_who_watches_is_not(customers: Running) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS):
            stack.enter_context(silent(customers))
        answers: list[Answer] = []
        while not answers or answers[-1].status != 503:  # until all of them were noticed
            answers.append(await said(customers, head("GET", "/accounts")))
        assert "retry-after: 5" in answers[-1].head
        answers[-1].problem()
        assert (await said(customers, head("GET", "/health/live"))).status == 200
        for _ in range(RESERVED):
            stack.enter_context(silent(customers))
        while (await said(customers, head("GET", "/health/live"))).status:  # hung up on, unheard
            stack.enter_context(silent(customers))

    async def room() -> bool:
        return (await said(customers, head("GET", "/accounts"))).status == 200

    await until(room, what="who was too many has gone")


async def test_a_flood_leaves_a_line_in_the_log_and_not_thousands(customers: Running) -> None:
    before = await refusals(customers, "no HTTP")
    for _ in range(20):
        await asyncio.gather(*(said(customers, b"nonsense\r\n\r\n") for _ in range(20)))
    await until_refused(customers, "no HTTP", times=before + 400)
    lines = [json.loads(line) for line in customers.log.read_text().splitlines()]
    told = [line for line in lines if line["event"] == "refused" and line["why"] == "no HTTP"]
    assert 1 <= len(told) < 5
    assert told[0]["client"] == "127.0.0.1"
    assert not any("Invalid HTTP" in line["event"] for line in lines)
