"""What is refused because it is too much or no sense can be made of it: counted, and now and then told."""

import time
from collections import Counter as Times
from typing import Final, Literal, get_args

import structlog
from prometheus_client import Counter
from starlette.types import Scope

TOLD_EVERY_SECONDS: Final = 60.0
"""A flood must not fill the disk with what is said about it."""

Why = Literal[
    "body too large",
    "body encoded",
    "head too large",
    "no HTTP",
    "too slow",
    "not read",
    "too many connections",
    "too many ahead",
    "too many streams",
    "too many requests",
]

REFUSED: Final = Counter(
    "baton_http_refused_total",
    "What was refused, or hung up on, because it was too much or no HTTP at all. The log tells the first of "
    f"each kind, and then once in {TOLD_EVERY_SECONDS:.0f} s how many there were.",
    ["why"],
)
for _why in get_args(Why):
    REFUSED.labels(_why)

log = structlog.get_logger()

_told: dict[Why, float] = {}
_untold = Times[Why]()


def address(scope: Scope) -> str:
    """Where a request came from; empty where the server does not know."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def refused(why: Why, *, client: str) -> None:
    """Count it; ``client`` is the address of the last one, and in the log of a flood one of many."""
    REFUSED.labels(why).inc()
    _untold[why] += 1
    now = time.monotonic()
    if why not in _told or now - _told[why] >= TOLD_EVERY_SECONDS:
        _told[why] = now
        log.warning("refused", why=why, times=_untold.pop(why), client=client)
