"""A collector of traces on a real port, which reads OTLP with OpenTelemetry's own messages."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.ports import free_ports, served


@dataclass(frozen=True)
class Told:
    """A span; ``parent`` is empty where a trace begins."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    seconds: float
    attributes: Mapping[str, Any]


@dataclass
class Collector:
    endpoint: str
    told: list[Told] = field(default_factory=list)

    def of(self, trace: str) -> list[Told]:
        return [span for span in self.told if span.trace == trace]

    async def take(self, request: web.Request) -> web.Response:
        sent = ExportTraceServiceRequest.FromString(await request.read())
        for resource in sent.resource_spans:
            service = _values(resource.resource.attributes)["service.name"]
            self.told += [_told(service, span) for scope in resource.scope_spans for span in scope.spans]
        answer = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=answer, content_type="application/x-protobuf")


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    port = free_ports(1)
    it = Collector(f"http://127.0.0.1:{port}")
    app = web.Application()
    app.router.add_post("/v1/traces", it.take)
    async with served(app, port):
        yield it


def _told(service: str, span: Span) -> Told:
    return Told(
        service,
        span.name,
        Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.status.code == Status.STATUS_CODE_ERROR,
        (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
        _values(span.attributes),
    )


def _values(attributes: Any) -> dict[str, Any]:
    return {one.key: _value(one) for one in attributes}


def _value(one: KeyValue) -> Any:
    return getattr(one.value, one.value.WhichOneof("value") or "string_value")
