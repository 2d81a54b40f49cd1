"""Waiting for a condition, never for a time."""

import asyncio
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

import pytest


async def until(condition: Callable[[], Any], *, within: float = 30.0, what: str = "it happened") -> Any:
    """Wait for the condition's first true answer (a coroutine's, too), and return it; fails after a while."""
    try:
        async with asyncio.timeout(within):
            while True:
                answer = condition()
                if isawaitable(answer):
                    answer = await answer
                if answer:
                    return answer
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"not within {within:.0f} s: {what}")
