"""Traces: what one request led to, as W3C Trace Context; told with OpenTelemetry while that is switched on.

A traceparent travels with events whether anything is told or not, so that the caller's trace goes on in
whoever follows them. Nothing here costs more than a look at a switch while it is off.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Final, TypeGuard

from opentelemetry.context import Context
from opentelemetry.trace import (
    NonRecordingSpan,
    NoOpTracer,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

Attributes = Mapping[str, str | int]

_SENT: Final = re.compile(
    r"(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(-.*)?"
)
_SAMPLED: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f][13579bdf]")
_NOTHING: Final = nullcontext[None]()


class _Switch:
    tracer: Tracer | None = None


_switch: Final = _Switch()
_current: Final = ContextVar[str | None]("traceparent", default=None)


@contextmanager
def switched_on(tracer: Tracer) -> Iterator[None]:
    _switch.tracer = tracer
    try:
        yield
    finally:
        _switch.tracer = None


def on() -> bool:
    return _switch.tracer is not None


def current() -> str | None:
    """The traceparent of what is being done: of our span, or as the caller sent it while tracing is off."""
    return _current.get()


def valid(sent: str | None) -> str | None:
    """A traceparent that somebody sent, in the form of version 00; ``None`` for what is none."""
    found = _SENT.fullmatch(sent or "")
    if found is None or (found[1] == "00" and found[3]):  # only a later version may say more
        return None
    return f"00-{found[2]}"


def sampled(traceparent: str | None) -> bool:
    """Whether whoever began this trace wants it told."""
    return traceparent is not None and _SAMPLED.fullmatch(traceparent) is not None


def within(parent: str | None) -> AbstractContextManager[None]:
    """What is done here belongs to that trace, if any, and is no step of its own."""
    return _NOTHING if parent is None else _within(parent)


def begun(
    name: str,
    *,
    parent: str | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes | None = None,
) -> AbstractContextManager[Span | None]:
    """What comes from outside: it continues ``parent``, or begins a trace that the sampler decides about."""
    if _switch.tracer is None:
        return within(parent)
    return _during(_start(_switch.tracer, name, parent, kind, attributes))


def span(
    name: str, attributes: Attributes | None = None, *, parent: str | None = None
) -> AbstractContextManager[Span | None]:
    """A step of the trace of ``parent``, or else of the present one, if that is sampled."""
    of = parent or _current.get()
    if _switch.tracer is None or not sampled(of):
        return within(parent)
    return _during(_start(_switch.tracer, name, of, SpanKind.INTERNAL, attributes))


def telling(traceparent: str | None) -> TypeGuard[str]:
    """Whether the steps of this trace are told here."""
    return _switch.tracer is not None and sampled(traceparent)


def started(name: str, attributes: Attributes, *, parent: str, kind: SpanKind, at: int | None = None) -> Span:
    """A step of a trace that we are ``telling``, and that whoever gets it ends.

    ``at`` is when it began, in nanoseconds since 1970.
    """
    return _start(_switch.tracer or NoOpTracer(), name, parent, kind, attributes, at)


def of(step: Span) -> str:
    """The traceparent for whatever continues this step."""
    its = step.get_span_context()
    return f"00-{its.trace_id:032x}-{its.span_id:016x}-{its.trace_flags:02x}"


@contextmanager
def _within(traceparent: str) -> Iterator[None]:
    before = _current.set(traceparent)
    try:
        yield
    finally:
        _current.reset(before)


@contextmanager
def _during(step: Span) -> Iterator[Span]:
    try:
        with _within(of(step)):
            yield step
    except Exception as error:
        step.set_attribute("error.type", type(error).__name__)  # not what it says: that may be about a person
        step.set_status(StatusCode.ERROR)
        raise
    finally:
        step.end()


def _start(
    tracer: Tracer,
    name: str,
    parent: str | None,
    kind: SpanKind,
    attributes: Attributes | None,
    at: int | None = None,
) -> Span:
    return tracer.start_span(name, _context(parent), kind, attributes, start_time=at, record_exception=False)


def _context(parent: str | None) -> Context:
    if parent is None:
        return Context()
    _, trace, its_span, flags = parent.split("-")
    there = SpanContext(
        int(trace, 16), int(its_span, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
    )
    return set_span_in_context(NonRecordingSpan(there), Context())
