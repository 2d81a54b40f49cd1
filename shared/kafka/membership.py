"""Keeps a reader the member of its group that it is, or tells at once that it cannot be one."""

from collections.abc import Awaitable, Callable
from typing import Any


def keep_membership(coordinator: Any) -> None:
    """Of an aiokafka ``GroupCoordinator``, which has no setting for it, if its generation is an old one.

    aiokafka forgets the member too, and joins as somebody new. The group then waits for the one who is
    forgotten, for the whole time that a rebalance may take; and the embedded broker may make that one its
    leader, so that nobody is ever given a partition. Java's client keeps the member, unless it is unknown:
    who is hears so when joining, and begins anew.
    """
    for asking in ("_do_commit_offsets", "_do_heartbeat"):
        setattr(coordinator, asking, _keeping(coordinator, getattr(coordinator, asking)))


def tell_at_once(coordinator: Any, broke: Callable[[Exception], Awaitable[None]]) -> None:
    """``broke`` gets what keeps a ``GroupCoordinator`` from joining.

    Such as a broker that was wiped: while the topics are not there, Faust's assignor fails. aiokafka tells
    whoever asks for records next, and waits for that; Faust asks for none while a rebalance is under way,
    which is when it happens. Both would wait for ever.
    """
    push = coordinator._push_error_to_user  # noqa: SLF001 - aiokafka has no other place for it

    async def pushed(error: Exception) -> None:
        await broke(error)
        await push(error)

    coordinator._push_error_to_user = pushed  # noqa: SLF001 - see above


def _keeping(coordinator: Any, ask: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def asked(*about: Any) -> Any:
        member = coordinator.member_id
        try:
            return await ask(*about)
        finally:
            coordinator.member_id = coordinator.member_id or member

    return asked
