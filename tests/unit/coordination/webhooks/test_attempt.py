"""One POST: what may go wrong with it is said, and nothing is raised."""

import asyncio
from hashlib import sha256

import pytest

from services.coordination.webhooks.attempt import READ_BYTES, Outside
from services.coordination.webhooks.reach import Reach
from shared.service.settings import networks
from tests.ports import free_ports
from tests.receiving import Reply, receiving
from tests.unit.coordination.webhooks.examples import KEY, content

REACH = Reach(networks("127.0.0.0/8"))


async def test_what_was_sent_and_what_came_back() -> None:
    async with receiving() as receiver, Outside(REACH, master_key=KEY, desk="") as outside:
        receiver.answer = lambda _: Reply(500, body=b"x" * 100_000)
        answered = await outside.post(content(url=receiver.url), "e-1", b'{"a":1}')
    assert (answered.status, answered.verdict.error) == (500, "It answered 500.")
    assert answered.body == b"x" * READ_BYTES
    assert answered.sha256 == sha256(b'{"a":1}').hexdigest()
    assert answered.seconds > 0


async def test_nobody_is_there() -> None:
    async with Outside(REACH, master_key=KEY, desk="") as outside:
        answered = await outside.post(content(url=f"http://127.0.0.1:{free_ports(1)}/"), "e-1", b"{}")
    assert answered.status is None
    assert answered.verdict.error is not None
    assert "onnect" in answered.verdict.error


async def test_who_does_not_answer_is_not_waited_for() -> None:
    said = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await said.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Outside(REACH, master_key=KEY, desk="", within=0.2) as outside:
        answered = await outside.post(content(url=f"http://127.0.0.1:{port}/"), "e-1", b"{}")
        said.set()
    assert answered.verdict.error == "No answer within 0.2 seconds."


async def test_who_speaks_another_protocol() -> None:
    async def other(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com ESMTP\r\n")
        writer.close()

    server = await asyncio.start_server(other, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Outside(REACH, master_key=KEY, desk="") as outside:
        plain = await outside.post(content(url=f"http://127.0.0.1:{port}/"), "e-1", b"{}")
        secure = await outside.post(content(url=f"https://127.0.0.1:{port}/"), "e-1", b"{}")
    assert plain.verdict.error is not None
    assert secure.verdict.error is not None


@pytest.mark.parametrize("event", [b"not json", b"{}", b"[]"])
async def test_an_event_that_cannot_be_told_holds_up_nobody(event: bytes) -> None:
    async with Outside(REACH, master_key=KEY, desk="") as outside:
        answered = await outside.post(content(target="slack"), "e-1", event)
    assert answered.status is None
    assert answered.verdict.error is not None
