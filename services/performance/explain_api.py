"""Explanations over HTTP: what a number is made of, page by page or as CSV 数字溯源."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.performance.answered import answered, board, under_plan
from services.performance.buyers import counted
from services.performance.currencies import major
from services.performance.defined import definition, measured
from services.performance.explain import Cause, Contribution, MadeOf, caused, made_of
from services.performance.formulas import as_number
from services.performance.kpis.formula import Customers, CustomerShare, Term, Terms, parts
from services.performance.kpis.kpi import Kpi
from services.performance.kpis_api import LookAt, chosen
from services.performance.links import link
from services.performance.look import Look
from services.performance.measures.catalogue import MEASURES
from services.performance.question import Asked, Lang, Question
from services.performance.views import Board, Definition, Known, KpiView
from shared.cells import safe
from shared.service.actor import Asking
from shared.service.pages import Limit

router = APIRouter(tags=["explain 溯源"])

HEADINGS: Final = ("entity", "customer", "measure", "currency", "bucket", "value", "link")


class CauseView(BaseModel):
    """An event, and by how much it changed this (in minor units, or counts)."""

    event_id: str
    type: str
    stream: str
    revision: int
    occurred_at: datetime
    recorded_at: datetime
    change: int


class ContributionView(BaseModel):
    """What one entity adds; money is in major units of its currency."""

    entity: str
    customer: str | None
    link: str | None
    measure: str
    currency: str | None
    bucket: int
    """For distributions, the value itself, such as days or minutes; for stages, their place."""
    value: Known
    events: list[CauseView]


class TermView(BaseModel):
    measure: str
    label: str
    """What the formula calls it."""
    means: str
    span: str
    bucket: int | None
    sign: int


class TotalView(BaseModel):
    currency: str | None
    value: Known


class PartView(BaseModel):
    """One part of the formula; its contributions add up to its totals exactly."""

    name: str
    terms: list[TermView]
    entities: int
    totals: list[TotalView]


class Explanation(Board):
    """A number, its parts, and one page of what the asked part is made of, the largest first."""

    definition: Definition
    values: list[KpiView]
    parts: list[PartView]
    part: str
    items: list[ContributionView]
    next: str | None
    """The cursor of the next page, `null` on the last one."""


@router.get("/explain", summary="What a number is made of 数字溯源")
def explain(
    request: Request,
    asked: Question,
    looks: LookAt,
    _actor: Asking,
    kpi: str,
    part: Annotated[str | None, Query(description="A part of the formula; the first when absent.")] = None,
    cursor: Annotated[int, Query(ge=0, le=10**9, description="`next` of the page before.")] = 0,
    limit: Limit = 50,
) -> Explanation:
    it, name = _asked_part(kpi, part, asked)
    links = request.app.state.settings.urls()
    with looks.at(asked.scope) as look:
        values = answered(look, [it], asked)
        found = {other: _made_of(look, it, other) for other in parts(it.formula)}
        page = found[name].page(cursor, cursor + limit)
        events = caused(look, parts(it.formula)[name], {one.share.entity_id for one in page})
        more = cursor + limit < len(found[name])
        return Explanation(
            **board(asked, look),
            definition=definition(it, asked.lang),
            values=values,
            parts=[
                _part(other, terms, found[other], asked.lang) for other, terms in parts(it.formula).items()
            ],
            part=name,
            items=[_contribution(one, events.get(one.share.entity_id, ()), links) for one in page],
            next=str(cursor + limit) if more else None,
        )


@router.get("/explain.csv", summary="The same as a table", response_class=StreamingResponse)
def explain_csv(
    request: Request,
    asked: Question,
    looks: LookAt,
    _actor: Asking,
    kpi: str,
    part: str | None = None,
) -> StreamingResponse:
    it, name = _asked_part(kpi, part, asked)
    links = request.app.state.settings.urls()
    with looks.at(asked.scope) as look:
        rows = [_cells_of(_contribution(one, (), links)) for one in _made_of(look, it, name).page()]
    file = f"{it.name}-{name}-{asked.scope.period.start}-{asked.scope.period.end}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return StreamingResponse(_lines(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _asked_part(kpi: str, part: str | None, asked: Asked) -> tuple[Kpi, str]:
    (it,) = under_plan(chosen([kpi]), asked)
    names = list(parts(it.formula))
    name = part or names[0]
    if name not in names:
        raise HTTPException(422, f"{it.name} has no part {name}; its parts are {', '.join(names)}.")
    return it, name


def _made_of(look: Look, kpi: Kpi, part: str) -> MadeOf:
    those = counted(look, kpi.formula) if isinstance(kpi.formula, Customers | CustomerShare) else None
    return made_of(look, parts(kpi.formula)[part], customers=those)


def _part(name: str, terms: Terms, found: MadeOf, lang: Lang) -> PartView:
    return PartView(
        name=name,
        terms=[_term(term, lang) for term in terms],
        entities=found.entities,
        totals=[
            TotalView(currency=currency or None, value=_number(total, currency, terms))
            for currency, total in sorted(found.totals.items())
        ],
    )


def _term(term: Term, lang: Lang) -> TermView:
    label, means = measured(term.measure, lang)
    return TermView(
        measure=term.measure, label=label, means=means, span=term.span, bucket=term.bucket, sign=term.sign
    )


def _contribution(one: Contribution, events: Sequence[Cause], links: Mapping[str, str]) -> ContributionView:
    it = one.share
    money = MEASURES[it.measure].money
    return ContributionView(
        entity=one.entity,
        customer=it.customer or None,
        link=link(one.entity, links),
        measure=it.measure,
        currency=it.currency or None,
        bucket=it.bucket,
        value=as_number(major(one.value, it.currency) if money else Fraction(one.value)),
        events=[
            CauseView.model_validate(event, from_attributes=True)
            for event in events
            if (event.measure, event.bucket) == (it.measure, it.bucket)
        ],
    )


def _number(total: int | Fraction, currency: str, terms: Terms) -> Known:
    money = any(MEASURES[term.measure].money for term in terms)
    return as_number(major(total, currency) if money else Fraction(total))


def _cells_of(view: ContributionView) -> Sequence[Any]:
    return [safe(getattr(view, name)) for name in HEADINGS]


def _lines(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    yield "\ufeff"  # so that Excel reads 中文
    for row in (HEADINGS, *rows):
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()
