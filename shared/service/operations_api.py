"""What the people who run a service need over HTTP: parked streams, redrive, replay, verification."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel

from shared.eventstore.decider import Refused
from shared.projections.comparison import Comparison
from shared.service.commands import of_app
from shared.service.intake import Intake
from shared.service.job import Job
from shared.service.rebuilding import Rebuilding

router = APIRouter(tags=["operations"])

MOST_WORKERS: Final = 16

Entrance = Annotated[Intake, of_app("intake")]
Beside = Annotated[Rebuilding, of_app("rebuilding")]
Replay = Annotated[Job[None], of_app("replay")]
Verification = Annotated[Job[Comparison], of_app("verification")]


class Parked(BaseModel):
    """Streams whose events wait because one of them could not be read."""

    streams: list[str]


class Redriven(Parked):
    applied: int
    """How many events were taken up."""


class Progress(BaseModel):
    """How a rebuild goes, or how the last one went since the service was started."""

    running: bool
    started_at: datetime | None
    finished_at: datetime | None
    events: int
    """How many were read so far."""
    workers: int
    """In how many processes: fewer than were asked for where there is little to share, 1 on PostgreSQL."""
    failed: str | None
    """What broke it off; the read models are as they were."""


class Verified(Progress):
    """A rebuild that is compared with what is served."""

    differences: int | None
    """``null`` as long as that is not known."""
    first: list[str]
    """The first of them in words."""
    compared: dict[str, int]
    """How many of what."""


@router.get("/parked", summary="Streams that are parked")
def parked(intake: Entrance) -> Parked:
    return Parked(streams=sorted(intake.runner.parking.streams()))


@router.post("/parked/redrive", summary="Take parked streams up again")
async def redrive(intake: Entrance, rebuilding: Beside, *, drop: bool = False) -> Redriven:
    if rebuilding.replacing or intake.runner.outdated:
        raise Refused("The read models are being built anew; redrive when that is done.", code="rebuilding")
    applied = await intake.redrive(drop=drop)
    return Redriven(applied=applied, streams=sorted(intake.runner.parking.streams()))


@router.post("/replay", status_code=202, summary="Rebuild every read model from the log")
async def replay(job: Replay, workers: Annotated[int, Query(ge=1, le=MOST_WORKERS)] = 1) -> Progress:
    job.start(workers=workers)
    return Progress(**_progress(job))


@router.get("/replay", summary="How the rebuild goes, or went")
async def replayed(job: Replay) -> Progress:
    return Progress(**_progress(job))


@router.post("/verify", status_code=202, summary="Compare every read model with a rebuild from the log")
async def verify(job: Verification) -> Verified:
    job.start()
    return _verified(job)


@router.get("/verify", summary="What the comparison found")
async def verified(job: Verification) -> Verified:
    return _verified(job)


def _verified(job: Job[Comparison]) -> Verified:
    found = job.last.result if job.last else None
    return Verified(
        **_progress(job),
        differences=found.differences if found else None,
        first=found.first if found else [],
        compared=found.compared if found else {},
    )


def _progress(job: Job[Any]) -> dict[str, Any]:
    run = job.last
    if run is None:
        never = {"started_at": None, "finished_at": None, "failed": None}
        return {"running": False, "events": 0, "workers": 0, **never}
    return {
        "running": run.finished_at is None,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "events": run.events,
        "workers": run.workers,
        "failed": run.failed,
    }
