"""Rows of the pipeline: one opportunity each, from its first day to won, lost or still open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, cast, get_args

from baton.import_crm.masters import Product, minor_units
from baton.import_crm.mend import Known
from baton.import_crm.note import Note, Rejected, Telling
from baton.import_crm.read import Row

COLUMNS: Final = (
    "opportunity_id",
    "sales_agent",
    "product",
    "account",
    "deal_stage",
    "engage_date",
    "close_date",
    "close_value",
)
Stage = Literal["Prospecting", "Engaging", "Won", "Lost"]
STAGES: Final = Known(get_args(Stage))
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
SPACING: Final = "written with other spaces or capitals"


@dataclass(frozen=True)
class Opportunity:
    row: int
    id: str
    agent: str
    product: Product
    account: str | None
    stage: Stage
    engaged_on: date | None
    """``None`` only for prospecting; ``date_the_undated`` sets it."""
    closed_on: date | None
    minor: int
    """What was agreed, in cents; 0 unless it is won."""


@dataclass(frozen=True)
class Reading:
    """What the pipeline may refer to."""

    agents: Known
    accounts: Known
    products: Known
    prices: Mapping[str, Product]
    today: date

    def opportunity(self, row: Row, telling: Telling) -> Opportunity:
        """The row's opportunity; raises ``Rejected``."""
        fields = row.fields
        if not _ID.fullmatch(fields["opportunity_id"]):
            raise Rejected("opportunity_id may have letters, digits, - and _, at most 64")
        stage = cast("Stage", _known(STAGES, "deal_stage", row, telling))
        engaged, closed = self._days(row, stage)
        minor = minor_units(fields["close_value"], "close_value") if fields["close_value"] else 0
        if stage == "Won" and not fields["close_value"]:
            raise Rejected("it is won without a close_value")
        return Opportunity(
            row=row.number,
            id=fields["opportunity_id"],
            agent=_known(self.agents, "sales_agent", row, telling),
            product=self.prices[_known(self.products, "product", row, telling)],
            account=self._account(row, telling),
            stage=stage,
            engaged_on=engaged,
            closed_on=closed,
            minor=minor if stage == "Won" else 0,
        )

    def _account(self, row: Row, telling: Telling) -> str | None:
        if row.fields["account"]:
            return _known(self.accounts, "account", row, telling)
        telling.without("account")
        return None

    def _days(self, row: Row, stage: Stage) -> tuple[date | None, date | None]:
        engaged, closed = (self._day(row, name) for name in ("engage_date", "close_date"))
        if stage != "Prospecting" and engaged is None:
            raise Rejected(f"it is {stage.lower()} without an engage_date")
        if stage in ("Won", "Lost") and closed is None:
            raise Rejected(f"it is {stage.lower()} without a close_date")
        if stage in ("Prospecting", "Engaging") and closed is not None:
            raise Rejected(f"it is {stage.lower()} and has a close_date")
        if engaged and closed and closed < engaged:
            raise Rejected(f"it closes ({closed}) before it is engaged ({engaged})")
        return engaged, closed

    def _day(self, row: Row, name: str) -> date | None:
        text = row.fields[name]
        if not text:
            return None
        try:
            day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise Rejected(f"{name} is not a date like 2017-03-01: {text[:40]!r}")
        if day > self.today:
            raise Rejected(f"{name} lies in the future: {text}")
        return day


def date_the_undated(deals: dict[str, Opportunity], *, file: str, today: date) -> list[Note]:
    """Gives opportunities without a date the export's latest one, and tells which."""
    days = [day for deal in deals.values() for day in (deal.engaged_on, deal.closed_on) if day]
    latest = max(days, default=today)
    undated = [deal for deal in deals.values() if deal.engaged_on is None]
    deals.update({deal.id: replace(deal, engaged_on=latest) for deal in undated})
    reason = "none given: the export's latest date is taken"
    return [
        Note("mended", file, deal.row, deal.id, "engage_date", "", str(latest), reason) for deal in undated
    ]


def _known(names: Known, column: str, row: Row, telling: Telling) -> str:
    text = row.fields[column]
    found = names.find(text)
    if found is None:
        raise Rejected(f"{column} is not known: {text[:80]!r}" if text else f"it has no {column}")
    return telling.mended(column, text, found, SPACING)
