"""Keeps a reader the member of its group that it is, when only its generation is an old one.

aiokafka forgets the member too, and joins as somebody new. The group then waits for the one who is forgotten,
for the whole time that a rebalance may take; and the embedded broker may make that one its leader, so that
nobody is ever given a partition. Java's client keeps the member, unless it is unknown.
"""

from collections.abc import Awaitable, Callable
from typing import Any


def keep_membership(coordinator: Any) -> None:
    """Of an aiokafka ``GroupCoordinator``, which has no setting for it.

    Who is unknown to the broker hears so when joining, and begins anew.
    """
    for asking in ("_do_commit_offsets", "_do_heartbeat"):
        setattr(coordinator, asking, _keeping(coordinator, getattr(coordinator, asking)))


def _keeping(coordinator: Any, ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def asked(*about: Any) -> Any:
        member = coordinator.member_id
        try:
            return await ask(*about)
        finally:
            coordinator.member_id = coordinator.member_id or member

    return asked
