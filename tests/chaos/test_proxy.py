"""The wire that is cut is itself tried: whole, cut, held and mended."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.chaos.proxy import HOST, Proxy, proxy


@pytest.fixture
async def wire() -> AsyncIterator[Proxy]:
    """It leads to somebody who says everything again."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(100):
            writer.write(said)
        writer.close()

    server = await asyncio.start_server(echo, HOST, 0)
    async with server, proxy() as it:
        it.to = server.sockets[0].getsockname()[1]
        yield it


async def test_what_is_sent_arrives(wire: Proxy) -> None:
    reader, writer = await asyncio.open_connection(HOST, wire.port)
    assert await _said(reader, writer, b"hello") == b"hello"
    writer.close()


async def test_a_cut_resets_who_is_connected_and_lets_nobody_connect(wire: Proxy) -> None:
    reader, writer = await asyncio.open_connection(HOST, wire.port)
    assert await _said(reader, writer, b"hello") == b"hello"
    wire.cut()
    with pytest.raises(ConnectionResetError):
        await reader.read(1)
    again, late = await asyncio.open_connection(HOST, wire.port)
    with pytest.raises(ConnectionResetError):
        await again.read(1)
    wire.mend()
    reader, mended = await asyncio.open_connection(HOST, wire.port)
    assert await _said(reader, mended, b"again") == b"again"
    for end in (writer, late, mended):
        end.close()


async def test_a_wire_is_cut_again_while_something_is_held(wire: Proxy) -> None:
    reader, writer = await _held(wire)
    for _ in range(2):
        wire.cut()
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
    writer.close()


async def test_what_was_held_arrives_when_the_wire_is_mended(wire: Proxy) -> None:
    reader, writer = await _held(wire)
    wire.mend()
    assert await reader.readexactly(4) == b"held"
    writer.close()


async def _held(wire: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which something was sent that does not arrive."""
    reader, writer = await asyncio.open_connection(HOST, wire.port)
    assert await _said(reader, writer, b"hello") == b"hello"
    wire.hold()
    writer.write(b"held")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.2)
    return reader, writer


async def _said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, what: bytes) -> bytes:
    writer.write(what)
    return await asyncio.wait_for(reader.readexactly(len(what)), 10)
