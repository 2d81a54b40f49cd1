"""Work that would hold up the loop is done in a thread, and always to its end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


@asynccontextmanager
async def in_thread(blocking: AbstractContextManager[T]) -> AsyncIterator[T]:
    """What would hold up the loop is entered and left in a thread, whenever we are told to stop."""
    entering = asyncio.ensure_future(asyncio.to_thread(blocking.__enter__))
    try:
        yield await asyncio.shield(entering)
    finally:
        await asyncio.wait([entering])
        if entering.exception() is None:
            await whole(blocking.__exit__, None, None, None)


async def whole(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """In a thread, to its end: also when we are told to stop half-way, for what comes next is to tidy up."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        working.exception()  # nobody will ask any more
        raise
