"""What a board is asked for: a period, filters, a moment looked back to, a currency and a language."""

from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import Depends, HTTPException, Query, Request

from services.performance.days import today
from services.performance.formulas import Frame
from services.performance.scope import Filters, Period, Scope
from shared.events.event import Day, Id, Instant, Label, Slug
from shared.events.rate import Currency
from shared.service.freshness import Freshness

Lang = Literal["zh", "en"]


class Asked:
    """What a board is asked for: the period (the current month when absent), filters, language."""

    def __init__(
        self,
        request: Request,
        from_: Annotated[Day | None, Query(alias="from", description="The first business day.")] = None,
        to: Annotated[Day | None, Query(description="The first business day no longer in.")] = None,
        as_of: Annotated[Instant | None, Query(description="What was known at this moment.")] = None,
        person: Id | None = None,
        team: Id | None = None,
        department: Slug | None = None,
        region: Label | None = None,
        line: Label | None = None,
        product: Label | None = None,
        currency: Annotated[Currency | None, Query(description="Convert amounts to it.")] = None,
        plan_version: Annotated[int | None, Query(ge=1, le=10_000)] = None,
        lang: Lang = "en",
    ) -> None:
        settings = request.app.state.settings
        now = datetime.now(UTC)
        if as_of is not None and as_of > now:
            raise HTTPException(422, "`as_of` lies in the future: nobody knows that yet.")
        self.moment = as_of or now
        day = today(self.moment, settings.timezone())
        start = from_ or _month_of(to - timedelta(days=1) if to else day)
        period = Period(start, to or _next_month(start))
        if period.start >= period.end:
            raise HTTPException(422, "`to` must be after `from`: it is the first day no longer in.")
        filters = Filters(person, team, department, region, line, product)
        self.scope = Scope(period, day, filters, as_of, currency, plan_version)
        self.frame = Frame(self.moment, period.days, currency or settings.currency)
        self._zone = settings.timezone()
        self.freshness: Freshness = request.app.state.freshness()
        self.lang = lang

    def about(self, period: Period) -> "Asked":
        """The same question about another period."""
        other = copy(self)
        other.scope = replace(self.scope, period=period)
        other.frame = replace(self.frame, days=period.days)
        return other

    def known_at(self, moment: datetime, day: date) -> "Asked":
        """The same question as it would have been answered at a moment of that business day."""
        other = copy(self)
        other.moment = moment
        other.scope = replace(self.scope, as_of=moment, today=day)
        other.frame = replace(self.frame, now=moment)
        return other

    def when_over(self) -> "Asked | None":
        """The same question as it would have been answered when its period was over, if it is."""
        end = self.scope.period.end
        midnight = datetime.combine(end, time(), self._zone)
        return self.known_at(midnight, end - timedelta(days=1)) if midnight < self.moment else None

    def said(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en


Question = Annotated[Asked, Depends()]


def _month_of(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
