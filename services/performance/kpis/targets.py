"""KPIs of targets 目标, and of the market."""

from typing import Final

from services.performance.kpis.formula import Amount, AmountShare, Coverage, MarketShare, total
from services.performance.kpis.kpi import Kpi

ASKED: Final = "won in the period by the days' part of the targets"
PRO_RATED: Final = (
    "asked of one person, the days before they joined and after they left count for nothing; the company "
    "asks for the whole, a team for the whole until somebody leaves it; one for each currency"
)
UNDEFINED: Final = f"undefined without a target; {PRO_RATED}"
AS_IT_STANDS: Final = "of the plan as it stands, whichever version is asked for"
_TARGET: Final = total("target_amount", "planned_amount")

KPIS: Final = (
    Kpi(
        "target",
        "目标金额",
        "Target",
        "money",
        Amount(_TARGET),
        "the days' part of the targets",
        f"zero without a target; {PRO_RATED}; people's own targets add to the plan's",
        "what was agreed",
    ),
    Kpi(
        "attainment",
        "目标达成率",
        "Target attainment",
        "ratio",
        AmountShare(total("won_amount"), _TARGET),
        ASKED,
        f"{UNDEFINED}; people's own targets add to the plan's",
        "trade usage: won ÷ target",
    ),
    Kpi(
        "attainment_floor",
        "保底达成率",
        "Attainment of the floor",
        "ratio",
        AmountShare(total("won_amount"), total("planned_floor_amount")),
        ASKED,
        f"{UNDEFINED}; {AS_IT_STANDS}",
        "trade usage: won ÷ 保底",
    ),
    Kpi(
        "attainment_stretch",
        "冲刺达成率",
        "Attainment of the stretch",
        "ratio",
        AmountShare(total("won_amount"), total("planned_stretch_amount")),
        ASKED,
        f"{UNDEFINED}; {AS_IT_STANDS}",
        "trade usage: won ÷ 冲刺",
    ),
    Kpi(
        "pipeline_coverage",
        "商机覆盖率",
        "Pipeline coverage",
        "ratio",
        Coverage(total("open_amount", span="now"), _TARGET, total("won_amount")),
        "open pipeline now by what is left of the period's target",
        f"noted as `met` when nothing is left; {UNDEFINED}",
        "trade usage: pipeline ÷ remaining quota",
    ),
    Kpi(
        "market_share",
        "市场占有率",
        "Market share",
        "ratio",
        MarketShare(total("revenue_amount", less=["returned_amount"]), total("market_amount")),
        "revenue of the period by the days' part of the market's size",
        "only an estimate of just that line and region counts, never a part of another's; undefined without "
        "one; its source and date are named; nobody estimates what a person, team or product could sell",
        "trade usage: revenue ÷ market size",
    ),
)
