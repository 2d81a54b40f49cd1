"""KurrentDB's gRPC protocol over a list in memory: what Baton's adapter uses of it, failing at will."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self

import grpc.aio  # type: ignore[import-untyped] # it ships no types
from google.protobuf import any_pb2  # type: ignore[import-untyped] # it ships no types
from kurrentdbclient.protos.v1 import shared_pb2, status_pb2, streams_pb2, streams_pb2_grpc

Recorded = streams_pb2.ReadResp.ReadEvent.RecordedEvent
Context = Any


@dataclass
class KurrentProtocol(streams_pb2_grpc.StreamsServicer):
    log: list[Recorded] = field(default_factory=list)
    answers_to_lose: int = 0
    """So many appends are kept, and the connection breaks before the client hears of it."""
    subscriptions_to_cut: int = 0
    """So many subscriptions end after their first event because the consumer is too slow."""

    def __post_init__(self) -> None:
        self._grown = asyncio.Condition()
        self._streams = defaultdict[bytes, list[Recorded]](list)
        self._server = grpc.aio.server()
        streams_pb2_grpc.add_StreamsServicer_to_server(self, self._server)  # type: ignore[no-untyped-call] # generated
        port = self._server.add_insecure_port("127.0.0.1:0")
        self.url = f"kurrentdb://127.0.0.1:{port}?Tls=false"

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        await self._server.stop(None)

    async def BatchAppend(  # noqa: N802 - the protocol's name
        self, requests: AsyncIterator[streams_pb2.BatchAppendReq], context: Context
    ) -> AsyncIterator[streams_pb2.BatchAppendResp]:
        async for request in requests:
            options = request.options
            name = options.stream_identifier.stream_name
            stream = self._streams[name]
            expected = -1 if options.HasField("no_stream") else options.stream_position
            ids = [m.id.string for m in request.proposed_messages]
            again = [e.id.string for e in stream[expected + 1 :][: len(ids)]] == ids
            if expected != len(stream) - 1 and not again:
                yield _refusal(request, len(stream) - 1)
                continue
            if not again:
                kept = [
                    self._recorded(name, expected + 1 + n, len(self.log) + n, m)
                    for n, m in enumerate(request.proposed_messages)
                ]
                self.log += kept
                stream += kept
                async with self._grown:
                    self._grown.notify_all()
            if self.answers_to_lose:
                self.answers_to_lose -= 1
                await context.abort(grpc.StatusCode.UNAVAILABLE, "connection lost")
            yield streams_pb2.BatchAppendResp(
                correlation_id=request.correlation_id,
                success=streams_pb2.BatchAppendResp.Success(
                    position=shared_pb2.AllStreamPosition(commit_position=self.log[-1].commit_position)
                ),
            )

    async def Read(  # noqa: N802 - the protocol's name
        self, request: streams_pb2.ReadReq, context: Context
    ) -> AsyncIterator[streams_pb2.ReadResp]:
        options = request.options
        if options.HasField("subscription"):
            confirmation = streams_pb2.ReadResp.SubscriptionConfirmation(subscription_id="1")
            yield streams_pb2.ReadResp(confirmation=confirmation)
            async for answer in self._subscribed(options, context):
                yield answer
            return
        if options.HasField("stream"):
            name = options.stream.stream_identifier.stream_name
            events = self._streams[name]
            if not events:
                yield streams_pb2.ReadResp(stream_not_found=streams_pb2.ReadResp.StreamNotFound())
            events = events[options.stream.revision :]
        else:
            events = self.log
        backwards = options.read_direction == streams_pb2.ReadReq.Options.Backwards
        wanted = filter(_wanted(options), reversed(events) if backwards else events)
        for event in islice(wanted, options.count):
            yield _answer(event)

    async def _subscribed(
        self, options: streams_pb2.ReadReq.Options, context: Context
    ) -> AsyncIterator[streams_pb2.ReadResp]:
        wanted = _wanted(options)
        after = options.all.position.commit_position if options.all.HasField("position") else -1
        place = sum(e.commit_position <= after for e in self.log)
        while True:
            async with self._grown:
                while place == len(self.log):
                    await self._grown.wait()
            event = self.log[place]
            place += 1
            if not wanted(event):
                position = event.commit_position
                checkpoint = streams_pb2.ReadResp.Checkpoint(
                    commit_position=position, prepare_position=position
                )
                yield streams_pb2.ReadResp(checkpoint=checkpoint)
                continue
            yield _answer(event)
            if self.subscriptions_to_cut:
                self.subscriptions_to_cut -= 1
                await context.abort(grpc.StatusCode.ABORTED, "Operation timed out: Consumer too slow")

    def _recorded(
        self, name: bytes, revision: int, place: int, message: streams_pb2.BatchAppendReq.ProposedMessage
    ) -> Recorded:
        position = 1000 + 100 * place  # the server's positions have gaps
        return Recorded(
            id=message.id,
            stream_identifier=shared_pb2.StreamIdentifier(stream_name=name),
            stream_revision=revision,
            commit_position=position,
            prepare_position=position,
            metadata={**message.metadata, "created": str(time.time_ns() // 100)},
            custom_metadata=message.custom_metadata,
            data=message.data,
        )


def _wanted(options: streams_pb2.ReadReq.Options) -> Callable[[Recorded], bool]:
    by_type, by_name = options.filter.event_type, options.filter.stream_identifier
    return lambda e: (
        re.match(by_type.regex, e.metadata["type"]) is not None
        and e.stream_identifier.stream_name.decode().startswith(tuple(by_name.prefix) or "")
    )


def _answer(event: Recorded) -> streams_pb2.ReadResp:
    read = streams_pb2.ReadResp.ReadEvent(event=event, commit_position=event.commit_position)
    return streams_pb2.ReadResp(event=read)


def _refusal(request: streams_pb2.BatchAppendReq, present: int) -> streams_pb2.BatchAppendResp:
    wrong = shared_pb2.WrongExpectedVersion()
    if present < 0:
        wrong.current_no_stream.SetInParent()
    else:
        wrong.current_stream_revision = present
    details = any_pb2.Any()
    details.Pack(wrong)
    return streams_pb2.BatchAppendResp(
        correlation_id=request.correlation_id, error=status_pb2.Status(message="wrong", details=details)
    )
