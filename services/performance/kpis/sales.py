"""KPIs of deals 商机: pipeline, wins, cycle, the funnel's steps and the weighted forecast."""

from typing import Final

from services.performance.kpis.formula import (
    Amount,
    AmountShare,
    Average,
    Count,
    Quantile,
    Share,
    Term,
    Velocity,
    Weighted,
    total,
)
from services.performance.kpis.kpi import Kpi
from shared.events.deal import STAGES

CLOSED: Final = "deals closed in the period"
WON: Final = "deals won in the period"
NOW: Final = "deals open now, or at the moment looked back to; the period does not cut them"
REOPENED: Final = "reopening takes the win or loss back, and the final close counts"

_STEPS: Final = (
    ("engaging", "转化率：初步接触 → 需求沟通", "Conversion to engaging"),
    ("proposing", "转化率：需求沟通 → 方案报价", "Conversion to proposing"),
    ("negotiating", "转化率：方案报价 → 商务谈判", "Conversion to negotiating"),
    ("won", "转化率：商务谈判 → 赢单", "Conversion to won"),
)


def _step(place: int, name: str, zh: str, en: str) -> Kpi:
    came, before = Term("funnel_implied", bucket=place), Term("funnel_implied", bucket=place - 1)
    return Kpi(
        f"conversion_{name}",
        zh,
        en,
        "ratio",
        Share(total(came), total(before)),
        "deals opened in the period, wherever they stand by now",
        "a skipped stage counts as passed, a step back takes nothing away; undefined when no deal "
        "came before",
        "cohort conversion, each deal once",
    )


KPIS: Final = (
    Kpi(
        "open_pipeline",
        "在途商机金额",
        "Open pipeline",
        "money",
        Amount(total("open_amount", span="now")),
        NOW,
        "one amount for each currency",
        "trade usage",
    ),
    Kpi(
        "overdue_pipeline",
        "逾期未结商机金额",
        "Pipeline past its close date",
        "money",
        Amount(total("open_by_close_amount", span="before")),
        "open deals that were expected to close before the period",
        "of a period from today on it is what is overdue; deals without an expected close are not in it",
        "trade usage",
        better="less",
    ),
    Kpi("won_count", "赢单数", "Deals won", "count", Count(total("won_count")), WON, REOPENED, "trade usage"),
    Kpi(
        "won_amount",
        "赢单金额",
        "Won amount",
        "money",
        Amount(total("won_amount")),
        WON,
        f"at the price it was won for; {REOPENED}",
        "trade usage",
    ),
    Kpi(
        "win_rate",
        "赢单率（数量）",
        "Win rate (count)",
        "ratio",
        Share(total("won_count"), total("won_count", "lost_count")),
        CLOSED,
        f"undefined when nothing was closed; open deals are not in it; {REOPENED}",
        "trade usage: won ÷ (won + lost)",
    ),
    Kpi(
        "win_rate_value",
        "赢单率（金额）",
        "Win rate (value)",
        "ratio",
        AmountShare(total("won_amount"), total("won_amount", "lost_amount")),
        CLOSED,
        f"one for each currency; a lost deal at its last price; {REOPENED}",
        "trade usage: won ÷ (won + lost), by amount",
    ),
    Kpi(
        "average_deal_size",
        "平均客单价",
        "Average deal size",
        "money",
        Average(total("won_amount"), total("won_priced_count")),
        WON,
        "one for each currency; undefined without wins",
        "arithmetic mean",
    ),
    Kpi(
        "cycle_median",
        "成交周期（中位数）",
        "Sales cycle (median)",
        "days",
        Quantile(total("cycle_days"), 0.5),
        WON,
        "won deals only, from the day opened to the day finally won; undefined without wins",
        "Hyndman and Fan, 1996, type 7",
        better="less",
    ),
    Kpi(
        "cycle_p90",
        "成交周期（90 分位）",
        "Sales cycle (P90)",
        "days",
        Quantile(total("cycle_days"), 0.9),
        WON,
        "won deals only, from the day opened to the day finally won; undefined without wins",
        "Hyndman and Fan, 1996, type 7",
        better="less",
    ),
    Kpi(
        "velocity",
        "销售速度",
        "Sales velocity",
        "money-a-day",
        Velocity(
            total("open_count", span="now"),
            total("won_count"),
            total("lost_count"),
            total("won_amount"),
            total("won_priced_count"),
            total("cycle_days"),
        ),
        "open deals now; win rate, average size and median cycle of the deals closed in the period",
        "one for each currency won in; undefined without wins, or with a median cycle of no day",
        "trade usage: open deals × win rate × average deal size ÷ sales cycle",
    ),
    *(_step(place, *names) for place, names in enumerate(_STEPS, start=1)),
    Kpi(
        "weighted_forecast",
        "加权预测",
        "Weighted forecast",
        "money",
        Weighted(
            won=total("won_amount"),
            open=total("open_by_close_amount"),
            stage_won=total("stage_won", span="year"),
            stage_closed=total("stage_closed", span="year"),
        ),
        "deals won in the period, and open deals expected to close in it",
        "a won deal counts once and whole, a lost one nothing; a stage's chance is won ÷ closed among the "
        f"deals closed in the year to the period's end that came to it ({', '.join(STAGES)}); amounts at a "
        "stage without history are left out and named",
        "stage-weighted pipeline, from the stage's own history",
    ),
)
