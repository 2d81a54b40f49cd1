"""Structured logs: JSON for machines, colours for a developer's terminal."""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from typing import Any, Final

import structlog
from fastapi.exceptions import ValidationException
from pydantic import ValidationError

from shared import traces

_GIVEN: Final = (ValidationError, ValidationException)
"""Errors that repeat what they were given."""
_GIVES: Final = re.compile(r"^.*\binput.*$", re.MULTILINE)


def configure_logs(service: str, *, form: str) -> None:
    """Send everything, the libraries' logs too, to standard error in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _of_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_what_was_given,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("aiokafka", "faust", "mode", "httpx", "kafka", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)


def _of_trace(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if traceparent := traces.current():
        _, event["trace_id"], its_span, _ = traceparent.split("-")
        if traces.on():  # else it is the caller's
            event["span_id"] = its_span
    return event


def _without_what_was_given(
    logger: Any, name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """What was wrong with a value is logged with its place; the value may be about a person."""
    bad = [one for one in _chain(_error(event.get("exc_info"))) if isinstance(one, _GIVEN)]
    written = structlog.processors.format_exc_info(logger, name, event)
    for error in bad:
        safe = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        for field, value in written.items():
            if isinstance(value, str):
                told = value.replace(str(error), safe).replace(repr(error), safe)
                for line in _GIVES.findall(str(error)):  # of several errors at once, each is written indented
                    told = told.replace(line, safe)
                written[field] = told
    return written


def _error(exc_info: Any) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case None | False:
            return None
        case _:
            return sys.exc_info()[1]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, those in it, and those that it came from."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _chain(one)
        error = error.__cause__ or error.__context__
