"""What a board is asked for: a period, filters and a language."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Depends, HTTPException, Query, Request

from services.performance.days import today
from services.performance.scope import Filters, Period
from shared.events.event import Day, Id, Label

Lang = Literal["zh", "en"]


class Asked:
    """What a board is asked for: the period (the current month when absent), filters, language."""

    def __init__(
        self,
        request: Request,
        from_: Annotated[Day | None, Query(alias="from", description="The first business day.")] = None,
        to: Annotated[Day | None, Query(description="The first business day no longer in.")] = None,
        person: Id | None = None,
        team: Id | None = None,
        region: Label | None = None,
        line: Label | None = None,
        lang: Lang = "en",
    ) -> None:
        self.as_of = datetime.now(UTC)
        self.today = today(self.as_of, request.app.state.settings.timezone())
        start = from_ or _month_of(to - timedelta(days=1) if to else self.today)
        self.period = Period(start, to or _next_month(start))
        if self.period.start >= self.period.end:
            raise HTTPException(422, "`to` must be after `from`: it is the first day no longer in.")
        self.filters = Filters(person=person, team=team, region=region, line=line)
        self.lang = lang

    def said(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en


Question = Annotated[Asked, Depends()]


def _month_of(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
