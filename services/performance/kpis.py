"""The KPI catalogue: every number on a board as a declaration over measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["count", "ratio", "money", "minutes", "days"]


@dataclass(frozen=True)
class Count:
    """How many there are (in the period, or now where the measure is a standing)."""

    measure: str


@dataclass(frozen=True)
class Amount:
    """The sum of an amount, for each currency on its own: currencies are never added up."""

    measure: str


@dataclass(frozen=True)
class Share:
    """One count out of the sum of others; undefined when there are none of those."""

    part: str
    whole: tuple[str, ...]


@dataclass(frozen=True)
class AmountShare:
    """One amount out of the sum of others, for each currency; undefined when those are zero."""

    part: str
    whole: tuple[str, ...]


@dataclass(frozen=True)
class Average:
    """An amount divided by a count that is kept by currency; undefined when there are none."""

    amount: str
    count: str


@dataclass(frozen=True)
class Quantile:
    """A quantile of a distribution, between neighbours by linear interpolation (Hyndman and Fan's type 7)."""

    measure: str
    q: float


Formula = Count | Amount | Share | AmountShare | Average | Quantile


@dataclass(frozen=True)
class Kpi:
    """One KPI; ``better`` says which way is good."""

    name: str
    zh: str
    en: str
    unit: Unit
    formula: Formula
    better: Literal["more", "less"] = "more"


KPIS: Final = (
    Kpi("leads", "线索数", "Leads", "count", Count("leads")),
    Kpi(
        "qualified_rate",
        "线索合格率",
        "Qualified rate",
        "ratio",
        Share("leads_qualified", ("leads",)),
    ),
    Kpi(
        "lead_response_time",
        "线索响应时间（中位数）",
        "Lead response time (median)",
        "minutes",
        Quantile("lead_response_minutes", 0.5),
        better="less",
    ),
    Kpi("open_pipeline", "在途商机金额", "Open pipeline", "money", Amount("open_amount")),
    Kpi("won_count", "赢单数", "Deals won", "count", Count("won_count")),
    Kpi("won_amount", "赢单金额", "Won amount", "money", Amount("won_amount")),
    Kpi(
        "win_rate",
        "赢单率（数量）",
        "Win rate (count)",
        "ratio",
        Share("won_count", ("won_count", "lost_count")),
    ),
    Kpi(
        "win_rate_value",
        "赢单率（金额）",
        "Win rate (value)",
        "ratio",
        AmountShare("won_amount", ("won_amount", "lost_amount")),
    ),
    Kpi(
        "average_deal_size",
        "平均客单价",
        "Average deal size",
        "money",
        Average("won_amount", "won_priced_count"),
    ),
    Kpi(
        "cycle_median",
        "成交周期（中位数）",
        "Sales cycle (median)",
        "days",
        Quantile("cycle_days", 0.5),
        better="less",
    ),
    Kpi(
        "cycle_p90",
        "成交周期（90 分位）",
        "Sales cycle (P90)",
        "days",
        Quantile("cycle_days", 0.9),
        better="less",
    ),
    Kpi("orders_shipped", "发货订单数", "Orders shipped", "count", Count("orders_shipped")),
    Kpi(
        "on_time_delivery",
        "准时交付率",
        "On-time delivery",
        "ratio",
        Share("orders_on_time", ("orders_delivered",)),
    ),
    Kpi("receipts", "回款金额", "Receipts", "money", Amount("receipts_amount")),
    Kpi(
        "collection_rate",
        "回款率",
        "Collection rate",
        "ratio",
        AmountShare("receipts_amount", ("due_amount",)),
    ),
    Kpi(
        "complaints_open",
        "未解决投诉",
        "Complaints open",
        "count",
        Count("complaints_open"),
        better="less",
    ),
    Kpi(
        "complaint_response_time",
        "投诉响应时间（中位数）",
        "Complaint response time (median)",
        "minutes",
        Quantile("complaint_response_minutes", 0.5),
        better="less",
    ),
    Kpi(
        "attainment",
        "目标达成率",
        "Target attainment",
        "ratio",
        AmountShare("won_amount", ("target_amount",)),
    ),
)

BY_NAME: Final[Mapping[str, Kpi]] = {kpi.name: kpi for kpi in KPIS}

STANDINGS: Final = frozenset({"open_count", "open_amount", "complaints_open"})
"""Measures of how things are now; a period does not cut them."""


def measures(formula: Formula) -> tuple[str, ...]:
    """Every measure a formula needs."""
    match formula:
        case Count(measure) | Amount(measure) | Quantile(measure):
            return (measure,)
        case Share(part, whole) | AmountShare(part, whole):
            return (part, *whole)
        case Average(amount, count):
            return (amount, count)
