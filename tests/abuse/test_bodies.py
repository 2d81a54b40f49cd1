"""Bodies that are too long, too deep, packed, broken or never whole: a clear problem, and nothing else."""

import asyncio
import gzip
import json
from collections.abc import Iterator
from typing import Final

import pytest

from shared.service.bodies import LARGEST_BODY
from shared.service.problems import LONGEST_FIELD, MOST_TOLD
from tests.abuse.services import Running
from tests.abuse.wire import connected, head, post, read, refusals, said

MOST_MB: Final = 40.0
"""What a service may hold of two hundred bodies that are too long."""
CHUNK: Final = 16 * 1024

JSON: Final = "content-type: application/json"
UNREADABLE: Final[dict[str, bytes]] = {
    "arrays in arrays": b'{"name":' + b"[" * 120_000 + b"]" * 120_000 + b"}",
    "objects in objects, never closed": b'{"a":' * 40_000,
    "a number of 5000 digits": b'{"name":' + b"9" * 5000 + b"}",
    "no UTF-8": b'{"name":"\xff\xfe"}',
    "cut off": b'{"name":"Acme',
    "a raw NUL": b'{"name":"a\x00b"}',
    "nothing": b"",
}
WRONG: Final[dict[str, bytes]] = {
    "NaN": b'{"name":NaN}',
    "infinity": b'{"name":"Acme","occurred_at":-Infinity}',
    "a number beyond all": b'{"name":"Acme","occurred_at":1e999}',
    "half a pair": b'{"name":"\\ud800"}',
    "half a pair for a field's name": b'{"name":"Acme","\\ud800":1}',
    "an escaped NUL": b'{"name":"a\\u0000b"}',
    "a text that is too long": b'{"name":"' + b"x" * 200_000 + b'"}',
    "a field that nobody knows": b'{"name":"Acme","__proto__":{"role":"manager"}}',
    "a list": b"[1, 2]",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_cannot_be_read_is_said(customers: Running, body: bytes) -> None:
    answer = await said(customers, post("/accounts", body))
    assert answer.status in (400, 422)
    answer.problem()


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
async def test_what_is_wrong_is_named(customers: Running, body: bytes) -> None:
    answer = await said(customers, post("/accounts", body))
    assert answer.status == 422
    assert answer.problem()["errors"]


async def test_of_a_field_that_comes_twice_the_last_counts(customers: Running) -> None:
    answer = await said(customers, post("/accounts", b'{"id":"a-one","id":"a-two","name":"Acme"}'))
    assert (answer.status, json.loads(answer.body)) == (201, {"id": "a-two"})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_another_kind_of_body_is_no_command(customers: Running, kind: str) -> None:
    """So no form of another site can send one, either."""
    answer = await said(customers, post("/accounts", b'{"name":"Acme"}', f"content-type: {kind}"))
    assert answer.status == 422
    answer.problem()


async def test_what_is_packed_is_not_unpacked(customers: Running) -> None:
    bomb = gzip.compress(b'{"name":"' + b"x" * 100_000_000 + b'"}')
    before = customers.rss_mb()
    answer = await said(customers, post("/accounts", bomb, JSON, "content-encoding: gzip"))
    assert answer.status == 415
    assert "accept-encoding: identity" in answer.head
    answer.problem()
    assert customers.rss_mb() - before < MOST_MB


async def test_a_body_that_says_it_is_too_long_is_not_waited_for(customers: Running) -> None:
    answer = await said(customers, head("POST", "/accounts", JSON, f"content-length: {LARGEST_BODY + 1}"))
    assert answer.status == 413
    assert str(LARGEST_BODY) in answer.problem()["detail"]


async def test_a_body_that_does_not_say_so_is_cut_off(customers: Running) -> None:
    before = await refusals(customers, "body too large")
    answer = await said(customers, _endless())
    assert answer.status == 413
    answer.problem()
    assert await refusals(customers, "body too large") == before + 1


async def test_many_of_them_cost_no_memory_and_no_one_waits(customers: Running) -> None:
    before = customers.rss_mb()
    for _ in range(4):
        async with asyncio.TaskGroup() as group:
            flood = [group.create_task(said(customers, _endless())) for _ in range(50)]
            other = group.create_task(said(customers, head("GET", "/accounts")))
        assert {task.result().status for task in flood} <= {413, 408, 0}  # who sends on may not hear it
        assert other.result().status == 200
    assert customers.rss_mb() - before < MOST_MB


async def test_a_long_list_of_mistakes_has_a_short_answer(customers: Running) -> None:
    body = json.dumps({"name": "Acme", "x" * 5000: 1, **{f"unknown-{n}": 1 for n in range(10_000)}}).encode()
    told = (await said(customers, post("/accounts", body))).problem()
    assert len(told["errors"]) == MOST_TOLD
    assert max(len(error["field"]) for error in told["errors"]) == LONGEST_FIELD


async def test_who_sends_a_byte_now_and_then_is_answered_in_time(customers: Running) -> None:
    async with connected(customers) as (reader, writer):
        writer.write(head("POST", "/accounts", JSON, "content-length: 1000"))
        answering = asyncio.create_task(read(reader))
        while not answering.done():
            writer.write(b" ")
            await asyncio.wait([answering], timeout=0.2)
        answer = await answering
    assert answer.status == 408
    answer.problem()


async def test_a_body_that_never_comes_is_not_waited_for(customers: Running) -> None:
    answer = await said(customers, head("POST", "/accounts", JSON, "content-length: 50") + b'{"name')
    assert answer.status == 408
    answer.problem()


def _endless() -> Iterator[bytes]:
    """A chunked body of 4 MB."""
    yield head("POST", "/accounts", JSON, "transfer-encoding: chunked")
    for _ in range(256):
        yield b"%x\r\n" % CHUNK + b"x" * CHUNK + b"\r\n"
    yield b"0\r\n\r\n"
