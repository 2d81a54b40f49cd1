"""Formulas in 中文: the signs of arithmetic stay, measures have names."""

from typing import Final

from services.performance.kpis.formula import (
    Amount,
    AmountShare,
    Average,
    Count,
    Coverage,
    Days,
    MarketShare,
    PerCustomer,
    Promoters,
    Quantile,
    Satisfied,
    Share,
    Survival,
    Velocity,
    Weighted,
)
from services.performance.kpis.words import Wording
from services.performance.kpis.zh.measures import MEASURES
from services.performance.stages import BARS, LABELS

CHINESE: Final = Wording(
    shapes={
        Count: "{terms}",
        Amount: "{terms}",
        Share: "{part} ÷ {whole}",
        AmountShare: "{part} ÷ {whole}",
        Average: "{amount} ÷ {count}",
        Quantile: "{q}（{observations}）",
        Survival: "{q}（{observations}），并计入仍在等待或未等到的：{unended}",
        Coverage: "{amount} ÷ （{target} − {done}）",
        Velocity: "{open} × {won} ÷ （{won} + {lost}） × {amount} ÷ {priced} ÷ 中位数（{cycle}）",
        Weighted: "{won} + Σ 各阶段（{open} × {stage_won} ÷ {stage_closed}）",
        Days: "{balance} ÷ {sales} × 本期天数",
        Promoters: "100 × （9–10 分占比 − 0–6 分占比），统计范围：{observations}",
        Satisfied: "4–5 分占比，统计范围：{observations}",
        PerCustomer: "{amount} ÷ 有发生额的客户数（{sold}）",
        MarketShare: "{ours} ÷ {market}",
    },
    customers={
        "bought": "有成交的客户数，成交：{purchases}",
        "new": "本期有成交、此前从未成交的客户数，成交：{purchases}",
        "retained": (
            "前期和本期均有成交的客户数 ÷ 前期有成交的客户数，前期：本期之前的相同天数，成交：{purchases}"
        ),
        "repeated": "成交两次及以上的客户数 ÷ 有成交的客户数，成交：{purchases}",
    },
    spans={
        "in": "{}",
        "now": "当前{}",
        "before": "期前{}",
        "due": "截至今日到期的{}",
        "year": "截至期末一年内{}",
    },
    known="已知客户{}",
    brackets="（{}）",
    median="中位数",
    quantile="{:.0%} 分位数",
    none="无",
    measures={name: called for name, (called, _) in MEASURES.items()},
    buckets={"funnel_implied": [LABELS[bar][0] for bar in BARS]},
)
