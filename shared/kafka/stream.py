"""A Faust app that hands chunks of records to one handler, in order, from our own checkpoint."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final, cast

import faust
import structlog
from prometheus_client import Counter

from shared.kafka.brokers import Brokers
from shared.kafka.log import Partition, reach
from shared.kafka.transport import Chunk, ChunkConsumer, ChunkTransport, Fetched, StartAt

Handle = Callable[[Sequence[Chunk]], Awaitable[None]]
"""Gets at most one chunk of each partition; once it returned, they are done."""

MOST_RECORDS: Final = 10_000
"""About so many records go into one call: it is one transaction."""

SESSION_SECONDS: Final = 6.0
"""A reader that was killed keeps its partitions for so long; the least that Kafka allows by default."""
REBALANCE_SECONDS: Final = 20.0

SHORTEST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 10.0
STOP_SECONDS: Final = 10.0

log = structlog.get_logger()

FAILURES: Final = Counter(
    "baton_stream_failures_total",
    "Times that a batch of events could not be handled. It comes again, and nothing behind it is handled "
    "before: a steady rate means that the group stands still.",
    ["group"],
)
RESTARTS: Final = Counter(
    "baton_stream_restarts_total",
    "Times that the stream of a consumer group broke or could not reach the broker, and was started again.",
    ["group"],
)


class ChunkedApp(faust.App):
    """Plain Faust but for its transport; writes no files and serves no pages."""

    brokers: Brokers

    def _create_directories(self) -> None:
        """There are no tables to keep."""


def chunked_app(
    group: str,
    brokers: Brokers,
    topics: Sequence[str],
    *,
    handle: Handle,
    start_at: StartAt,
    instance: str | None = None,
) -> ChunkedApp:
    """An app for a running loop (``await app.start()``, ``await app.stop()``); the topics must exist.

    ``handle`` is never called twice at once. When it raises, the error is logged, ``start_at`` is asked
    again and what it raised on comes again, after a pause that grows: nothing behind it is handled before.
    ``instance`` names this member of the group: started again, it gets its partitions back at once.
    """
    for counter in (FAILURES, RESTARTS):
        counter.labels(group)
    app = ChunkedApp(
        group,
        broker=[f"kafka://{server}" for server in brokers.servers.split(",")],
        broker_credentials=_credentials(brokers),
        autodiscover=False,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=instance,
        consumer_metadata_max_age_ms=5_000,
        broker_commit_interval=1.0,
        broker_session_timeout=SESSION_SECONDS,
        broker_heartbeat_interval=1.0,
        broker_rebalance_timeout=REBALANCE_SECONDS,
        broker_max_poll_records=MOST_RECORDS,
        stream_buffer_maxsize=2,  # polls, each of up to MOST_RECORDS
        stream_wait_empty=False,
        producer_linger=0.002,
        loop=asyncio.get_running_loop(),
    )
    app.brokers = brokers
    app.transport = ChunkTransport(app.conf.broker, app, start_at=start_at)
    source = app.topic(*topics, key_serializer="raw", value_serializer="raw", allow_empty=True)

    app.agent(source, name=f"{group}.chunks")(partial(_read, app, group, handle))
    return app


def _credentials(brokers: Brokers) -> faust.SASLCredentials | faust.SSLCredentials | None:
    tls = brokers.tls()
    if brokers.signs_in:
        return faust.SASLCredentials(
            username=brokers.user, password=brokers.password, mechanism=brokers.mechanism, ssl_context=tls
        )
    return None if tls is None else faust.SSLCredentials(tls)


async def run(make: Callable[[], ChunkedApp]) -> None:
    """Start an app once its broker answers, and another one when it broke, until cancelled."""
    wait = SHORTEST_WAIT
    while True:
        app = make()
        try:
            await reach(app.brokers)  # a start without a broker would leave its threads behind
            await _live(app)
        except Exception as error:  # noqa: BLE001 - whatever broke it, there is one remedy
            log.warning("stream broke", group=app.conf.id, error=repr(error), again_in=wait)
        RESTARTS.labels(app.conf.id).inc()
        await asyncio.sleep(wait)
        wait = SHORTEST_WAIT if app.started else min(wait * 2, LONGEST_WAIT)


async def _live(app: ChunkedApp) -> None:
    try:
        await app.start()
        await app.wait_until_stopped()
    finally:
        await app.stop()


async def _read(app: ChunkedApp, group: str, handle: Handle, stream: Any) -> None:
    wait = SHORTEST_WAIT
    consumer, unacknowledged = cast("ChunkConsumer", app.consumer), stream.noack()
    async for event in unacknowledged.events():
        events = [event, *_waiting(unacknowledged)]
        try:
            async with consumer.handling:
                events = [e for e in events if e.value.seek == consumer.seeks]
                if events:  # the others were fetched before the last seek: they come again
                    await _undisturbed(handle(_joined([e.value for e in events])))
        except Exception:
            FAILURES.labels(group).inc()
            log.exception("chunks were not handled, they come again", group=group, pause=wait)
            await _seek(consumer, after=wait)
            wait = min(wait * 2, LONGEST_WAIT)
        else:
            wait = SHORTEST_WAIT
            for handled in events:
                handled.ack()


def _waiting(stream: Any) -> list[Any]:
    """What else is there already, so that one transaction takes it all."""
    queue, taken, records = stream.channel.queue, [], 0
    while not queue.empty() and records < MOST_RECORDS:
        taken.append(queue.get_nowait())
        records += taken[-1].value.records
    return taken


def _joined(fetched: Sequence[Fetched]) -> list[Chunk]:
    """One chunk of each partition."""
    records: dict[Partition, list[Any]] = {}
    for chunk in (chunk for one in fetched for chunk in one.chunks):
        records.setdefault(chunk.partition, []).extend(chunk.records)
    return [Chunk(partition, parts) for partition, parts in records.items()]


async def _undisturbed(work: Awaitable[None]) -> None:
    """A stop or a rebalance in the middle of a transaction waits for its end."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=STOP_SECONDS)
        raise


async def _seek(consumer: ChunkConsumer, *, after: float) -> None:
    while True:
        await asyncio.sleep(after)
        try:
            return await consumer.perform_seek()
        except Exception as error:  # noqa: BLE001 - the checkpoint or the broker cannot be reached: once more
            log.warning("the checkpoint was not found", error=repr(error))
