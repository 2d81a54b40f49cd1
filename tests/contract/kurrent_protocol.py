"""KurrentDB's gRPC protocol over a list in memory: what Baton's adapter uses of it, failing at will."""

import asyncio
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Self

import grpc.aio  # type: ignore[import-untyped] # it ships no types
from google.protobuf import any_pb2  # type: ignore[import-untyped] # it ships no types
from kurrentdbclient.protos.v1 import (
    gossip_pb2,
    gossip_pb2_grpc,
    shared_pb2,
    status_pb2,
    streams_pb2,
    streams_pb2_grpc,
)

from tests.certificates import Certificate

Recorded = streams_pb2.ReadResp.ReadEvent.RecordedEvent
Context = Any


@dataclass
class KurrentProtocol(streams_pb2_grpc.StreamsServicer):
    log: list[Recorded] = field(default_factory=list)
    answers_to_lose: int = 0
    """So many appends are kept, and the connection breaks before the client hears of it."""
    answers_to_keep_back: int = 0
    """So many appends are kept, and never answered."""
    subscriptions_to_cut: int = 0
    """So many subscriptions end after their first event or checkpoint because the consumer is too slow."""
    leader: "KurrentProtocol | None" = None
    """Who leads the cluster, if it is not this node: all but gossip is refused then."""
    members: "Sequence[KurrentProtocol]" = ()
    certificate: Certificate | None = None
    """Speaks TLS with it."""
    authorization: str = ""
    """Answers nobody whose calls do not carry it."""
    subscribed_after: list[int] = field(default_factory=list)
    """Where each subscription began."""

    def __post_init__(self) -> None:
        self._grown = asyncio.Condition()
        self._streams = defaultdict[bytes, list[Recorded]](list)
        self.port = self._listen("127.0.0.1:0")
        self.url = f"kurrentdb://127.0.0.1:{self.port}?Tls=false"

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        await self._server.stop(None)

    async def start_again(self) -> None:
        """At the same address, with all that was kept."""
        self._listen(f"127.0.0.1:{self.port}")
        await self._server.start()

    def take_over(self, other: "KurrentProtocol") -> None:
        """Lead in the place of another, of which everything was copied."""
        self.log[:] = other.log
        for event in self.log:
            self._streams[event.stream_identifier.stream_name].append(event)
        other.leader, self.leader = self, None

    def _listen(self, address: str) -> int:
        self._server = grpc.aio.server()
        streams_pb2_grpc.add_StreamsServicer_to_server(self, self._server)  # type: ignore[no-untyped-call] # generated
        gossip_pb2_grpc.add_GossipServicer_to_server(_Gossip(self), self._server)  # type: ignore[no-untyped-call] # generated
        port: int = (
            self._server.add_secure_port(address, grpc.ssl_server_credentials([self.certificate]))
            if self.certificate
            else self._server.add_insecure_port(address)
        )
        return port

    async def _admit(self, context: Context) -> None:
        """Only to who may ask, and only where this node may answer."""
        given = dict(context.invocation_metadata())
        if given.get("authorization", "") != self.authorization:
            await context.abort(grpc.StatusCode.UNAUTHENTICATED, "who are you?")
        if self.leader is not None:
            where = (
                ("leader-endpoint-host", "127.0.0.1"),
                ("leader-endpoint-port", str(self.leader.port)),
            )
            await context.abort(grpc.StatusCode.NOT_FOUND, "Leader info available", where)

    async def BatchAppend(  # noqa: N802 - the protocol's name
        self, requests: AsyncIterator[streams_pb2.BatchAppendReq], context: Context
    ) -> AsyncIterator[streams_pb2.BatchAppendResp]:
        await self._admit(context)
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
            if self.answers_to_keep_back:
                self.answers_to_keep_back -= 1
                await asyncio.Event().wait()
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
        await self._admit(context)
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
        self.subscribed_after.append(after)
        place = sum(e.commit_position <= after for e in self.log)
        while True:
            async with self._grown:
                while place == len(self.log):
                    await self._grown.wait()
            event = self.log[place]
            place += 1
            yield _answer(event) if wanted(event) else _checkpoint(event.commit_position)
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


class _Gossip(gossip_pb2_grpc.GossipServicer):
    def __init__(self, node: KurrentProtocol) -> None:
        self._node = node

    async def Read(self, request: object, context: Context) -> gossip_pb2.ClusterInfo:  # noqa: ARG002, N802 - the protocol's
        return gossip_pb2.ClusterInfo(members=[_member(each) for each in self._node.members])


def _member(node: KurrentProtocol) -> gossip_pb2.MemberInfo:
    states = gossip_pb2.MemberInfo.VNodeState
    return gossip_pb2.MemberInfo(
        state=states.Leader if node.leader is None else states.Follower,
        is_alive=True,
        http_end_point=gossip_pb2.EndPoint(address="127.0.0.1", port=node.port),
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


def _checkpoint(position: int) -> streams_pb2.ReadResp:
    told = streams_pb2.ReadResp.Checkpoint(commit_position=position, prepare_position=position)
    return streams_pb2.ReadResp(checkpoint=told)


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
