"""Runs a service's app as a process."""

import resource
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from shared.service.connections import Connection
from shared.service.health import Health
from shared.service.logs import configure_logs
from shared.service.memory import keep_what_is_loaded
from shared.service.settings import Settings

ANSWERS_WITHIN_SECONDS = 5
"""What is being answered at the end has so long; open streams (SSE) are cut before."""
SWITCH_SECONDS = 0.0005
"""A thread that wants Python's lock waits so long for another that computes (5 ms is usual): SQLite gives the
lock away at every row, and a batch of a hundred would wait a hundred times."""


class Draining(uvicorn.Server):
    """Told to stop, says that it is not ready and answers on for a while; a second signal ends the wait."""

    def __init__(self, config: uvicorn.Config, health: Health, *, seconds: float) -> None:
        super().__init__(config)
        self._health = health
        self._seconds = seconds
        self._until: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as it is called
        if self._until is None:
            self._health.draining = True
            self._until = time.monotonic() + self._seconds
            for headers in (self.server_state.default_headers, self.config.encoded_headers):  # now, and next
                headers.append((b"connection", b"close"))  # whoever asks again asks others
        elif self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        else:
            self.should_exit = True

    async def on_tick(self, counter: int) -> bool:
        if self._until is not None and time.monotonic() >= self._until:
            self.should_exit = True
        return await super().on_tick(counter)


def serve(service: str, build: Callable[[Settings], FastAPI]) -> None:
    """Serve until SIGTERM or Ctrl-C, then stop within ``DRAIN_SECONDS`` and some 20 seconds."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}".lstrip(": ") for e in error.errors()]
        sys.exit("These settings (environment variables) are not right. " + "; ".join(wrong))
    configure_logs(service, form=settings.log_format)
    app = build(settings)
    keep_what_is_loaded()
    sys.setswitchinterval(SWITCH_SECONDS)
    _open_as_many_files_as_allowed()

    class Bounded(Connection):
        most = settings.most_connections
        arrives_within = settings.arrives_within_seconds

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=Bounded,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=ANSWERS_WITHIN_SECONDS,
        server_header=False,
    )
    Draining(config, app.state.health, seconds=settings.drain_seconds).run()


def _open_as_many_files_as_allowed() -> None:
    """A connection is a file, and the usual limit is one of old: 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
