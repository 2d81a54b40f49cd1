"""The export's numbers, worked out with pandas from its files alone: no code of Baton, none of its queries.

Mended as the importer says it mends: `GTXPro` is `GTX Pro`, and a deal that has no date yet began on the
export's latest day. A deal that is not won is worth its product's list price. A deal without an account
(there are 1,425) counts everywhere but among customers.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

Told = tuple[float | None, float | None, float | None]
"""Value, numerator and denominator; ``None`` is what cannot be said."""

NOT_SAID: Final[Told] = (None, None, None)
OPEN: Final = ("Prospecting", "Engaging")
BY: Final = {
    "person": "sales_agent",
    "team": "manager",
    "region": "regional_office",
    "line": "series",
    "product": "product",
}
"""What Baton calls the columns of the export."""


def read(folder: Path) -> pd.DataFrame:
    """One row for each deal, with its product's line and price and its agent's team and region."""
    pipeline = pd.read_csv(folder / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    products = pd.read_csv(folder / "products.csv")
    agents = pd.read_csv(folder / "sales_teams.csv")
    pipeline["product"] = pipeline["product"].replace("GTXPro", "GTX Pro")
    deals = pipeline.merge(products, on="product", validate="m:1").merge(
        agents, on="sales_agent", validate="m:1"
    )
    assert len(deals) == len(pipeline), "a product or an agent of the pipeline is not in its file"
    latest = max(deals.engage_date.max(), deals.close_date.max())
    deals["opened"] = deals.engage_date.fillna(latest)
    deals["worth"] = deals.close_value.where(deals.deal_stage == "Won", deals.sales_price)
    return deals


@dataclass(frozen=True)
class Numbers:
    """What ``some`` of the deals come to between two days, the second no longer in."""

    some: pd.DataFrame
    everything: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp

    def closed(self, stage: str) -> pd.DataFrame:
        return self.some[(self.some.deal_stage == stage) & self._within(self.some.close_date)]

    def kpis(self) -> dict[str, Told]:
        """By the names of Baton's KPIs; those that the export says nothing about are not in it."""
        return {**self._sales(), **self._customers(), **self._steps()}

    def cohort(self) -> pd.DataFrame:
        return self.some[self._within(self.some.opened)]

    def funnel(self) -> dict[str, tuple[float | None, ...]]:
        """Of the cohort, from prospecting over engaging, proposing and negotiating to won.

        The export knows two stages: a deal was opened, and all but the prospecting were engaged that day.
        """
        cohort = self.cohort()
        won, lost, engaging, prospecting = (
            cohort[cohort.deal_stage == stage] for stage in ("Won", "Lost", "Engaging", "Prospecting")
        )
        engaged = cohort[cohort.deal_stage != "Prospecting"]
        over = engaged.close_date.dropna() - engaged.engage_date[engaged.close_date.notna()]
        beyond = (len(won),) * 3
        return {
            "opened, open, won, lost": (
                len(cohort),
                len(prospecting) + len(engaging),
                len(won),
                len(lost),
            ),
            "implied": (len(cohort), len(engaged), *beyond),
            "strict": (len(cohort), len(engaged), 0, 0, 0),
            "reached": (len(cohort), len(engaged), 0, 0, len(won)),
            "standing": (len(prospecting), len(engaging), 0, 0, 0),
            "undecided": (len(prospecting), len(engaging), 0, 0, 0),
            "lost": (0, len(lost), 0, 0, 0),
            "worth": (
                float(cohort.worth.sum()),
                float(engaged.worth.sum()),
                *(float(won.worth.sum()),) * 3,
            ),
            "standing worth": (float(prospecting.worth.sum()), float(engaging.worth.sum()), 0, 0, 0),
            "days engaging": tuple(_or_none(over.dt.days.quantile(q)) for q in (0.5, 0.9)),
        }

    def _within(self, days: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
        return (days >= self.start) & (days < self.end)

    def _sales(self) -> dict[str, Told]:
        won, lost = self.closed("Won"), self.closed("Lost")
        standing = self.some[self.some.deal_stage.isin(OPEN)]
        n, amount, closed = len(won), float(won.worth.sum()), len(won) + len(lost)
        days = (won.close_date - won.engage_date).dt.days
        median = _or_none(days.quantile(0.5))
        worth = len(standing) * (n / closed) * float(won.worth.mean()) if n else None
        pipeline = float(standing.worth.sum())
        return {
            "won_count": (n, n, None),
            "won_amount": (amount, amount, None),
            "weighted_forecast": (amount, amount, None),  # no deal of the export expects a day to close
            "win_rate": _ratio(n, closed),
            "win_rate_value": _ratio(amount, amount + float(lost.worth.sum())),
            "average_deal_size": (_or_none(won.worth.mean()), amount, n),
            "cycle_median": (median, None, n),
            "cycle_p90": (_or_none(days.quantile(0.9)), None, n),
            "open_pipeline": (pipeline, pipeline, None),
            "velocity": (worth / median, worth, median) if worth is not None and median else NOT_SAID,
        }

    def _customers(self) -> dict[str, Told]:
        won = self.closed("Won")
        bought = won.account.dropna().value_counts()
        first = self.everything[self.everything.deal_stage == "Won"].groupby("account").close_date.min()
        new = int((first.reindex(bought.index) >= self.start).sum())
        before = Numbers(self.some, self.everything, self.start - (self.end - self.start), self.start)
        earlier = before.closed("Won").account.dropna().unique()
        return {
            "customers": (len(bought), len(bought), None),
            "new_customers": (new, new, None),
            "retention": _ratio(int(bought.index.isin(earlier).sum()), len(earlier)),
            "repurchase": _ratio(int((bought > 1).sum()), len(bought)),
        }

    def _steps(self) -> dict[str, Told]:
        stages = self.cohort().deal_stage
        opened, engaged, won = len(stages), int((stages != "Prospecting").sum()), int((stages == "Won").sum())
        return {
            "conversion_engaging": _ratio(engaged, opened),
            "conversion_proposing": _ratio(won, engaged),  # who won went beyond every stage
            "conversion_negotiating": _ratio(won, won),
            "conversion_won": _ratio(won, won),
        }


def _ratio(part: float, whole: float) -> Told:
    return (part / whole if whole else None, part, whole)


def _or_none(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
