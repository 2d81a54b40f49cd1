"""KPIs over HTTP: of a period, over time, and how they are defined."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query

from services.performance.answered import answered, board
from services.performance.defined import definition
from services.performance.kpis.catalogue import BY_KEY, KPIS
from services.performance.kpis.kpi import Kpi
from services.performance.look import Look, Looks
from services.performance.question import Asked, Lang, Question
from services.performance.spans import Every, spans
from services.performance.views import Definition, KpiBoard, KpiHistory, KpiSpan, KpiView
from shared.service.actor import Asking
from shared.service.commands import of_app

router = APIRouter(tags=["KPIs 指标"])

LookAt = Annotated[Looks, of_app("looks")]
Chosen = Annotated[
    list[str] | None, Query(alias="kpi", description="A name, or `name@version`; all of them when absent.")
]
MOST_SPANS: Final = 400


@router.get("/kpis", summary="KPIs of a period 指标")
def kpis(asked: Question, looks: LookAt, _actor: Asking, kpi: Chosen = None) -> KpiBoard:
    with looks.at(asked.scope) as look:
        views = answered(look, chosen(kpi), asked)
        return KpiBoard(**board(asked, look), kpis=views)


@router.get("/kpis/history", summary="KPIs span by span 指标走势")
def history(
    asked: Question, looks: LookAt, _actor: Asking, kpi: Chosen = None, by: Every = "month"
) -> KpiHistory:
    """A KPI of how things stand, such as the open pipeline, is told as it was known when each span ended.

    What was imported later was not known then.
    """
    parts = list(spans(asked.scope.period, by))
    if len(parts) > MOST_SPANS:
        raise HTTPException(422, f"That is {len(parts)} spans; at most {MOST_SPANS} are told at once.")
    which = chosen(kpi)
    with looks.at(asked.scope, parts) as look:
        told = []
        for period in parts:
            about = asked.about(period)
            then = about.when_over()
            views = _of_span(looks, look, which, about, then)
            over_at = then and then.moment
            told.append(KpiSpan(from_=period.start, to=period.end, over_at=over_at, kpis=views))
        return KpiHistory(**board(asked, look), by=by, spans=told)


def _of_span(
    looks: Looks, look: Look, kpis: Sequence[Kpi], asked: Asked, then: Asked | None
) -> list[KpiView]:
    stood = [kpi for kpi in kpis if then and kpi.stands]
    views = answered(look.of(asked.scope), [kpi for kpi in kpis if kpi not in stood], asked)
    if then and stood:
        with looks.at(then.scope) as past:
            views += answered(past, stood, then)
    places = {(kpi.name, kpi.version): place for place, kpi in enumerate(kpis)}
    return sorted(views, key=lambda view: places[view.name, view.version])


@router.get("/kpis/definitions", summary="How every KPI is defined 指标定义")
def definitions(_actor: Asking, kpi: Chosen = None, lang: Lang = "en") -> list[Definition]:
    return [definition(it, lang) for it in chosen(kpi)]


def chosen(keys: list[str] | None) -> list[Kpi]:
    """The KPIs of these names; raises 422 for one that there is not."""
    if not keys:
        return list(KPIS)
    unknown = [key for key in keys if key not in BY_KEY]
    if unknown:
        raise HTTPException(
            422, f"There is no KPI {unknown[0]}; there are {', '.join(k.name for k in KPIS)}."
        )
    return [BY_KEY[key] for key in dict.fromkeys(keys)]
