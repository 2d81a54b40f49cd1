"""The live feed: every listener gets every change once, in order, and can go on where it was."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from shared.projections import feed as feeding
from shared.projections.database import open_database
from shared.projections.feed import Feed, Piece
from shared.projections.runner import Runner
from shared.projections.tables import cell_log, cells
from tests.unit.projections.reading import Reader, latest
from tests.unit.projections.sales import MORNING, opened, sales, stream
from tests.waiting import until

IN_TIME = 10.0


class Board:
    """A runner whose commits wake a feed, as in a service."""

    def __init__(self, path: Path) -> None:
        self.database = open_database(f"sqlite:///{path}/read.db")
        self.runner = Runner(self.database, "test", [sales()])
        self.reader = Reader(self.runner)
        self.feed = Feed(self.database)
        self._made = 0

    async def happens(self, times: int = 1) -> int:
        """So many deals are opened, two changes each; the number of the last change."""
        for _ in range(times):
            self._made += 1
            await asyncio.to_thread(self.reader.take, *stream(f"deal-{self._made}", opened()))
            self.feed.wake()
        return latest(self.database)


@asynccontextmanager
async def _running(feed: Feed) -> AsyncIterator[None]:
    running = asyncio.create_task(feed.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def board(tmp_path: Path) -> AsyncIterator[Board]:
    board = Board(tmp_path)
    async with _running(board.feed):
        yield board
    board.database.dispose()


async def _up_to(pieces: AsyncGenerator[Piece, None], last: int) -> list[int]:
    """The numbers of all changes until this one came."""
    numbers: list[int] = []
    async with asyncio.timeout(IN_TIME), aclosing(pieces):
        async for piece in pieces:
            numbers += [change["seq"] for change in piece.changes]
            if piece.seq >= last:
                break
    return numbers


def _listening(feed: Feed, after: int | None) -> "asyncio.Task[list[int]]":
    return asyncio.create_task(_up_to(feed.listen(after=after), last=60))


async def test_listeners_get_every_change_once_and_in_order(board: Board) -> None:
    listeners = [_listening(board.feed, after=0) for _ in range(3)]
    await board.happens(10)
    listeners.append(_listening(board.feed, after=7))
    await board.happens(20)
    heard = await asyncio.gather(*listeners)
    assert heard == [list(range(1, 61))] * 3 + [list(range(8, 61))]


async def test_without_a_number_a_listener_hears_what_happens_from_now_on(board: Board) -> None:
    before = await board.happens(3)
    listener = _listening(board.feed, after=None)
    await until(lambda: len(board.feed._listeners) == 1)
    await board.happens(27)
    assert await listener == list(range(before + 1, 61))


async def test_a_change_says_where_by_how_much_and_when(board: Board) -> None:
    await board.happens()
    async with asyncio.timeout(IN_TIME), aclosing(board.feed.listen(after=0)) as pieces:
        piece = await anext(pieces)
    count, amount = piece.changes
    assert amount == {
        "seq": 2,
        "measure": "open_amount",
        "day": "",
        "person": "wang",
        "line": "",
        "currency": "",
        "department": "",
        "product": "",
        "customer": "",
        "team": "",
        "region": "",
        "bucket": 0,
        "change": 100,
        "value": 100,
        "type": "deal-opened.v1",
        "stream": "deal-1",
        "recorded_at": MORNING.isoformat(),
    }
    assert count["measure"] == "open"


async def test_who_missed_too_much_is_told_to_ask_for_everything(board: Board) -> None:
    await board.happens()
    with board.database.begin() as tx:
        cell = tx.scalar(select(cells.c.id).limit(1))
        line = {"cell_id": cell, "recorded_at": 0, "change": 0, "entity_id": 0, "cause_id": 0}
        many = [line] * feeding.WORTH_CATCHING_UP
        tx.execute(insert(cell_log), many)
    last = latest(board.database)
    board.feed.wake()
    async with asyncio.timeout(IN_TIME), aclosing(board.feed.listen(after=1)) as pieces:
        assert await anext(pieces) == Piece(last, ())
        await board.happens()
        assert [change["seq"] for change in (await anext(pieces)).changes] == [last + 1, last + 2]


async def test_a_number_that_never_was_is_told_to_ask_for_everything_too(board: Board) -> None:
    last = await board.happens()
    async with asyncio.timeout(IN_TIME), aclosing(board.feed.listen(after=10**30)) as pieces:
        assert await anext(pieces) == Piece(last, ())


async def test_a_slow_listener_is_sent_away_and_goes_on_where_it_was(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "WAITING_AT_MOST", 3)
    pieces = board.feed.listen(after=0)
    coming = asyncio.ensure_future(anext(pieces))
    await until(lambda: len(board.feed._listeners) == 1)
    await board.happens()
    async with asyncio.timeout(IN_TIME):
        first = await coming
    for _ in range(29):  # nobody takes them out
        last = await board.happens()
        await until(lambda last=last: not board.feed._listeners or board.feed._seq == last)  # type: ignore[misc]  # a lambda with a default
    assert board.feed._listeners == set()
    numbers = [change["seq"] for change in first.changes]
    async with asyncio.timeout(IN_TIME):
        numbers += [change["seq"] async for piece in pieces for change in piece.changes]
    assert 2 < len(numbers) < 60
    numbers += await _listening(board.feed, after=numbers[-1])
    assert numbers == list(range(1, 61))


async def test_who_stops_listening_leaves_nothing_behind(board: Board) -> None:
    listening = _listening(board.feed, after=None)
    await until(lambda: len(board.feed._listeners) == 1)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    assert board.feed._listeners == set()


async def test_a_feed_that_starts_again_hears_what_comes_then(board: Board) -> None:
    await board.happens(5)
    again = Feed(board.database)
    async with _running(again):
        listener = asyncio.create_task(_up_to(again.listen(after=4), last=12))
        await until(lambda: len(again._listeners) == 1)
        await board.happens()
        again.wake()
        assert await listener == list(range(5, 13))


async def test_who_listens_before_the_feed_has_begun_misses_nothing(board: Board) -> None:
    await board.happens(5)
    late = Feed(board.database)
    listener = asyncio.create_task(_up_to(late.listen(after=4), last=12))
    await until(lambda: len(late._listeners) == 1)
    await board.happens()
    late.wake()
    async with _running(late):
        assert await listener == list(range(5, 13))


async def test_what_happened_while_nobody_listened_is_told_to_who_asks_for_it(board: Board) -> None:
    heard = asyncio.create_task(_up_to(board.feed.listen(after=None), last=2))
    await until(lambda: len(board.feed._listeners) == 1)
    await board.happens()
    assert await heard == [1, 2]
    await board.happens(8)
    assert board.feed._listeners == set()
    assert await _up_to(board.feed.listen(after=2), last=18) == list(range(3, 19))
