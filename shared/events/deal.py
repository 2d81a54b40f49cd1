"""Deals 商机: what we hope to sell, to whom, for how much and when."""

from typing import Final, Literal

from .event import Day, Event, Id, Instant, Label, Money, Quantity, Slug, Text

Stage = Literal["prospecting", "engaging", "proposing", "negotiating"]
STAGES: Final[tuple[Stage, ...]] = ("prospecting", "engaging", "proposing", "negotiating")
Grade = Literal["A", "B", "C"]


class OfDeal(Event, category="deal", service="customers"):
    deal_id: Id


class DealOpened(OfDeal, type="deal-opened.v1"):
    """A deal was opened; it starts at the first stage unless it is taken up further on."""

    title: Text
    account_id: Id | None = None
    owner: Id
    product: Label
    line: Label
    quantity: Quantity | None = None
    grade: Grade = "B"
    stage: Stage = "prospecting"
    amount: Money
    expected_close: Day | None = None
    lead_id: Id | None = None
    lead_created_at: Instant | None = None
    department: Slug | None = None
    """That it belongs to; at an account, that one's counts."""


class DealAdvanced(OfDeal, type="deal-advanced.v1"):
    """The deal stands at another stage now (further on, or back)."""

    stage: Stage
    previous: Stage


class DealRepriced(OfDeal, type="deal-repriced.v1"):
    """The deal is worth another amount now."""

    amount: Money
    previous: Money


class DealRescheduled(OfDeal, type="deal-rescheduled.v1"):
    """The deal is expected to close on another day."""

    expected_close: Day
    previous: Day | None = None


class DealGraded(OfDeal, type="deal-graded.v1"):
    """The deal has another grade now: A is followed up closest."""

    grade: Grade
    previous: Grade


class DealReassigned(OfDeal, type="deal-reassigned.v1"):
    """Another person looks after the deal from now on."""

    owner: Id
    previous: Id


class DealWon(OfDeal, type="deal-won.v1"):
    """The customer said yes; carries all that an order needs."""

    title: Text
    amount: Money
    account_id: Id | None = None
    owner: Id
    product: Label
    line: Label
    quantity: Quantity | None = None
    opened_at: Instant
    department: Slug | None = None
    """Whose it is where it is at no account."""


class DealLost(OfDeal, type="deal-lost.v1"):
    """The customer said no; why, and to whom the deal went, as far as it is known."""

    reason: Text
    competitor: Label | None = None


class DealReopened(OfDeal, type="deal-reopened.v1"):
    """A closed deal is open again, at the stage where it stood."""

    reason: Text
    stage: Stage


DealEvent = (
    DealOpened
    | DealAdvanced
    | DealRepriced
    | DealRescheduled
    | DealGraded
    | DealReassigned
    | DealWon
    | DealLost
    | DealReopened
)
