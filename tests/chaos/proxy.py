"""A wire between services and their broker that can be cut, held or slowed down."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

HOST: Final = "127.0.0.1"
AT_ONCE: Final = 65536


@dataclass
class Proxy:
    """Passes bytes on between a port of its own and one behind it."""

    port: int = 0
    to: int = 0
    delay: float = 0.0
    """Seconds that whatever is sent takes longer."""
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _whole: bool = True
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def cut(self) -> None:
        """Every connection is reset, and none is made until ``mend``."""
        self._whole = False
        for end in self._ends:
            _reset(end)

    def hold(self) -> None:
        """Nothing gets through and nobody is told; what is sent meanwhile arrives after ``mend``.

        So does what was sent by somebody who gave up waiting, as TCP has it.
        """
        self._open.clear()

    def mend(self) -> None:
        self._whole, self.delay = True, 0.0
        self._open.set()

    async def connect(self, near_reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        far: asyncio.StreamWriter | None = None
        self._ends.add(near)
        try:
            if not self._whole:
                _reset(near)
                return
            await self._open.wait()
            far_reader, far = await asyncio.open_connection(HOST, self.to)
            self._ends.add(far)
            await asyncio.gather(self._pass(near_reader, far), self._pass(far_reader, near))
        except OSError:
            _reset(near)  # nobody is behind it, or somebody reset the connection
        finally:
            for end in filter(None, (near, far)):
                self._ends.discard(end)
                end.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while sent := await reader.read(AT_ONCE):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._open.wait()
                writer.write(sent)
                await writer.drain()
        writer.close()


def _reset(end: asyncio.StreamWriter) -> None:
    raw = end.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:  # one that has ended has none
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.transport.abort()


@asynccontextmanager
async def proxy() -> AsyncIterator[Proxy]:
    """A wire that is whole; it leads nowhere before ``to`` is set."""
    it = Proxy()
    it.mend()
    server = await asyncio.start_server(it.connect, HOST, 0)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
        it.mend()
        it.cut()
        await server.wait_closed()
