"""Sends traces to a collector over OTLP (HTTP); one that is away costs nothing but the traces."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import Final
from uuid import uuid4

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from shared import traces
from shared.service.build import VERSION

FLUSH_SECONDS: Final = 2.0
"""So long may a stop wait for what is not sent yet."""


@asynccontextmanager
async def exporting(endpoint: str, service: str) -> AsyncIterator[None]:
    """Traces are told as long as this lasts, unless ``endpoint`` is empty.

    All else is the SDK's: ``OTEL_TRACES_SAMPLER``, ``OTEL_BSP_…``, ``OTEL_EXPORTER_OTLP_HEADERS``, ….
    """
    if not endpoint:
        yield
        return
    provider = TracerProvider(
        resource=Resource.create(
            {
                "service.name": service,
                "service.namespace": "baton",
                "service.version": VERSION,
                "service.instance.id": str(uuid4()),
            }
        ),
        shutdown_on_exit=False,  # that would wait for half a minute
    )
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        with traces.switched_on(provider.get_tracer("baton")):
            yield
    finally:
        flushing = Thread(target=provider.shutdown, name="flush traces", daemon=True)
        flushing.start()
        await asyncio.to_thread(flushing.join, FLUSH_SECONDS)
        if flushing.is_alive():
            exporter.shutdown()  # type: ignore[no-untyped-call]  # it gives up
