"""Runs a service's app as a process."""

import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from shared.service.logs import configure_logs
from shared.service.memory import keep_what_is_loaded
from shared.service.settings import Settings

STOP_WITHIN_SECONDS = 5


def serve(service: str, build: Callable[[Settings], FastAPI]) -> None:
    """Serve until SIGTERM or Ctrl-C; open streams (SSE) are cut after ``STOP_WITHIN_SECONDS``."""
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        sys.exit("These settings (environment variables) are not right. " + "; ".join(wrong))
    configure_logs(service, form=settings.log_format)
    app = build(settings)
    keep_what_is_loaded()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
        server_header=False,
    )
