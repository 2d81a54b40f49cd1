"""Awards 销售冠军: who was first at a KPI in a month, quarter or year, told when the period has closed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from .event import Day, Event, Id, Label, Money
from .rate import Currency

Kind = Literal["month", "quarter", "year"]

Reason = Literal["other-winners", "other-value", "no-winner"]
"""What a correction changed: who was first, only how much it was, or that anybody was."""


class Winner(BaseModel):
    """Somebody who was first: with so many, or so much in the minor unit of a currency."""

    model_config = ConfigDict(frozen=True)

    person_id: Id
    value: Annotated[int, Field(ge=1, le=10**18, strict=True)]
    currency: Currency | None = None
    """The company's own, into which amounts are converted at the rate of their day; absent for a count."""


class OfAward(Event, category="award", service="performance"):
    """``start`` is in the period, ``end`` no longer; winners are in the order of their ids."""

    award_id: Id
    kpi: Label
    kpi_version: Annotated[int, Field(ge=1)]
    by: Literal["person"] = "person"
    kind: Kind
    start: Day
    end: Day
    winners: tuple[Winner, ...]
    shared: bool
    """Whether several were first, with the same result."""
    unpriced: tuple[Money, ...] = ()
    """Amounts of the period without a rate to the company's currency: they counted for nobody."""


class AwardGranted(OfAward, type="award-granted.v1"):
    """The period has closed, and somebody was first."""

    winners: Annotated[tuple[Winner, ...], Field(min_length=1)]


class AwardCorrected(OfAward, type="award-corrected.v1"):
    """What came to be known late changed the result: this is how it stands now; it may be nobody's."""

    previous: tuple[Winner, ...]
    reason: Reason


AwardEvent = AwardGranted | AwardCorrected
