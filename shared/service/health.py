"""Whether a process lives, whether it should be sent requests, and what it waits for."""

from collections.abc import Callable, Mapping
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

Waiting = Callable[[], Mapping[str, str]]
"""What is not there or not caught up, and why; empty when all is."""


class Live(BaseModel):
    status: Literal["live"] = "live"


class Ready(BaseModel):
    """``behind``: it answers, though something is away or not caught up; ``waiting``: send nobody yet."""

    status: Literal["ready", "behind", "waiting", "draining"]
    waiting_for: dict[str, str]
    """By part, in words."""


class Health:
    """Of one process. One that ``answers`` stays ready once it was: what is away from all must not take all
    of them away, and commands are taken without a broker.
    """

    def __init__(self, *, answers: bool) -> None:
        self.waiting: Waiting = dict[str, str]
        self.broken: Callable[[], str] = str
        """What is wrong with this process for good: it is not ready then, whatever it was before."""
        self.draining = False
        self._answers = answers
        self._was_ready = False

    def now(self) -> Ready:
        waiting = dict(self.waiting())
        self._was_ready = self._was_ready or not waiting
        if why := self.broken():
            return Ready(status="waiting", waiting_for={**waiting, "event store": why})
        if self.draining:
            return Ready(status="draining", waiting_for=waiting)
        if not waiting:
            return Ready(status="ready", waiting_for={})
        behind = self._answers and self._was_ready
        return Ready(status="behind" if behind else "waiting", waiting_for=waiting)


def health_of(health: Health) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health/live", summary="The process answers; nobody else is asked")
    async def live() -> Live:
        return Live()

    @router.get(
        "/health/ready",
        summary="Whether requests should be sent here, and what it waits for",
        responses={503: {"model": Ready, "description": "Not now: it is waiting, or draining."}},
    )
    async def ready(response: Response) -> Ready:
        now = health.now()
        response.status_code = 200 if now.status in {"ready", "behind"} else 503
        return now

    return router
