"""Awards over HTTP: who was first in each period that closed 销售冠军."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel

from services.performance.currencies import major
from services.performance.formulas import as_number
from services.performance.kpis.catalogue import BY_KEY
from services.performance.measures.awards import Award, First, Told
from services.performance.measures.people import Person
from services.performance.question import Lang
from services.performance.views import Amounted, Known
from shared.events.award import Kind, Reason
from shared.events.event import Day, Instant, Label
from shared.projections.lists import Kept
from shared.service.actor import Asking
from shared.service.commands import of_app

router = APIRouter(tags=["awards 销售冠军"])

AwardList = Annotated[Kept[Award], of_app("award_list")]
PersonList = Annotated[Kept[Person], of_app("person_list")]


class WinnerView(BaseModel):
    person_id: str
    name: str
    value: Known
    """Money is in major units."""
    currency: str | None


class ToldView(BaseModel):
    """What was told at one time."""

    at: datetime
    reason: Reason | None
    """Why it was told anew; `null` for the grant."""
    winners: list[WinnerView]
    """Several share the award; nobody is left of one that turned out to be none's."""
    unpriced: list[Amounted]
    """Amounts without a rate to the company's currency, which counted for nobody."""


class AwardView(BaseModel):
    """The award as it stands, and all that was told of it, the grant first; ``to`` is no longer in."""

    id: str
    kpi: str
    kpi_version: int
    label: str
    by: Literal["person"] = "person"
    kind: Kind
    start: date
    end: date
    winners: list[WinnerView]
    shared: bool
    granted_at: datetime
    told: list[ToldView]


@router.get(
    "/awards",
    summary="Champions of the periods that closed, newest first 销售冠军",
    description="Of each month, quarter and year, once it is over and late events had their time. Amounts "
    "are told in the company's currency, each converted at the rate of its day; `from` and `to` ask for "
    "periods that begin in these days.",
)
def awards(
    kept: AwardList,
    people: PersonList,
    _actor: Asking,
    kind: Kind | None = None,
    kpi: Label | None = None,
    from_: Annotated[Day | None, Query(alias="from", description="The first business day.")] = None,
    to: Annotated[Day | None, Query(description="The first business day no longer in.")] = None,
    as_of: Annotated[Instant | None, Query(description="What was told by this moment.")] = None,
    lang: Lang = "en",
) -> list[AwardView]:
    if from_ and to and from_ >= to:
        raise HTTPException(422, "`to` must be after `from`: it is the first day no longer in.")
    names = {person_id: it.name for person_id, it in people.all(as_of=as_of)}
    found = [
        _view(stream.removeprefix("award-"), it, names, lang)
        for stream, it in kept.all(as_of=as_of)
        if kind in (None, it.kind) and kpi in (None, it.kpi)
    ]
    asked = [it for it in found if (not from_ or from_ <= it.start) and (not to or it.start < to)]
    return sorted(asked, key=lambda it: (-it.end.toordinal(), it.start, it.kpi))


def _view(award_id: str, it: Award, names: Mapping[str, str], lang: Lang) -> AwardView:
    told = [_told(one, names) for one in it.told]
    definition = BY_KEY.get(f"{it.kpi}@{it.kpi_version}")
    label = (definition.zh if lang == "zh" else definition.en) if definition else it.kpi
    return AwardView(
        id=award_id,
        kpi=it.kpi,
        kpi_version=it.kpi_version,
        label=label,
        kind=it.kind,
        start=it.start,
        end=it.end,
        winners=told[-1].winners,
        shared=len(told[-1].winners) > 1,
        granted_at=told[0].at,
        told=told,
    )


def _told(one: Told, names: Mapping[str, str]) -> ToldView:
    return ToldView(
        at=one.at,
        reason=one.reason,
        winners=_winners(one.winners, names),
        unpriced=[Amounted(unit=c, value=as_number(major(n, c))) for c, n in one.unpriced],
    )


def _winners(winners: Iterable[First], names: Mapping[str, str]) -> list[WinnerView]:
    return [
        WinnerView(
            person_id=it.person,
            name=names.get(it.person) or it.person,
            value=as_number(major(it.value, it.currency) if it.currency else Fraction(it.value)),
            currency=it.currency or None,
        )
        for it in winners
    ]
