"""The year's plan, drawn and split to the teams before anybody sells."""

from typing import Final

from ..event import Event
from ..plan import Levels, PlanDrawn, PlanPart, PlanSplit, PlanWithdrawn, Scope
from .cast import EAST, KEY_ACCOUNTS, at, on

_PLAN: Final = {"plan_id": "plan-2025"}
_YEAR: Final = Scope(start=on("01-01"), end=on("01-01").replace(year=2026), kind="year", department="sales")

PLANNING: Final[tuple[Event, ...]] = (
    PlanDrawn(
        occurred_at=at("01-02 09:30"),
        **_PLAN,
        title="2025 年度销售计划",
        scope=_YEAR,
        levels=Levels(floor=6_400_000_00, target=8_000_000_00, stretch=10_000_000_00),
    ),
    PlanSplit(
        occurred_at=at("01-02 09:40"),
        **_PLAN,
        node="root",
        version=1,
        by="team",
        basis="weights",
        parts=(
            PlanPart(
                key=f"root/team:{EAST}",
                scope=_YEAR.model_copy(update={"team": EAST}),
                weight=3,
                levels=Levels(floor=3_840_000_00, target=4_800_000_00, stretch=6_000_000_00),
            ),
            PlanPart(
                key=f"root/team:{KEY_ACCOUNTS}",
                scope=_YEAR.model_copy(update={"team": KEY_ACCOUNTS}),
                weight=2,
                levels=Levels(floor=2_560_000_00, target=3_200_000_00, stretch=4_000_000_00),
            ),
        ),
    ),
    PlanWithdrawn(occurred_at=at("01-02 09:50"), plan_id="plan-2025-draft"),
)
