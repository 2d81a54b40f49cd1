"""Formulas in English: measures go by their own names."""

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

ENGLISH: Final = Wording(
    shapes={
        Count: "{terms}",
        Amount: "{terms}",
        Share: "{part} ÷ {whole}",
        AmountShare: "{part} ÷ {whole}",
        Average: "{amount} ÷ {count}",
        Quantile: "{q} of {observations}",
        Survival: "{q} of {observations}, counting who waits still or waited in vain: {unended}",
        Coverage: "{amount} ÷ ({target} − {done})",
        Velocity: "{open} × {won} ÷ ({won} + {lost}) × {amount} ÷ {priced} ÷ median of {cycle}",
        Weighted: "{won} + Σ over stages of {open} × {stage_won} ÷ {stage_closed}",
        Days: "{balance} ÷ {sales} × days",
        Promoters: "100 × (share of 9 and 10 − share of 0 to 6) of {observations}",
        Satisfied: "share of 4 and 5 of {observations}",
        PerCustomer: "{amount} ÷ customers with {sold}",
        MarketShare: "{ours} ÷ {market}",
    },
    customers={
        "bought": "customers with {purchases}",
        "new": "customers with {purchases}, and none before the period",
        "retained": (
            "customers with {purchases} in as many days before the period and in it ÷ those before it"
        ),
        "repeated": "customers with two of {purchases} or more ÷ customers with any",
    },
    spans={
        "in": "{}",
        "now": "{} now",
        "before": "{} before the period",
        "due": "{} due by today",
        "year": "{} in the year to the period's end",
    },
    known="{} of known customers",
    brackets="({})",
    median="median",
    quantile="{:.0%} quantile",
    none="none",
    measures={},
    buckets={},
)
