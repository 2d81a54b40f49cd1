"""Ports for programs that a test starts."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import randrange

from aiohttp import web


def free_ports(many: int) -> int:
    """The first of so many ports in a row that are free, below those that clients are given by the system."""
    while True:
        first = randrange(10_000, 30_000)
        if all(_free(first + i) for i in range(many)):
            return first


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@asynccontextmanager
async def served(app: web.Application, port: int) -> AsyncIterator[None]:
    """An app of the test's own on a real port of this machine."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()
