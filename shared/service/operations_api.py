"""What the people who run a service need over HTTP: parked streams, redrive, replay."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from shared.service.actor import Manager
from shared.service.commands import of_app
from shared.service.intake import Intake

router = APIRouter(tags=["operations"])

Entrance = Annotated[Intake, of_app("intake")]
Replay = Annotated[Callable[[], Awaitable[None]], of_app("replay")]


class Parked(BaseModel):
    """Streams whose events wait because one of them could not be read."""

    streams: list[str]


class Redriven(Parked):
    applied: int
    """How many events were taken up."""


@router.get("/parked", summary="Streams that are parked")
def parked(intake: Entrance, _manager: Manager) -> Parked:
    return Parked(streams=sorted(intake.runner.parking.streams()))


@router.post("/parked/redrive", summary="Take parked streams up again")
async def redrive(intake: Entrance, _manager: Manager, *, drop: bool = False) -> Redriven:
    applied = await intake.redrive(drop=drop)
    return Redriven(applied=applied, streams=sorted(intake.runner.parking.streams()))


@router.post("/replay", status_code=202, summary="Rebuild every read model from the log")
async def replay(again: Replay, _manager: Manager) -> None:
    await again()
