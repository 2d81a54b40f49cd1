"""What the simulated company means to sell: a plan for each year of its history, split down to its people."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

from baton.demo import company
from baton.demo.clock import ZONE, at_work
from baton.demo.telling import Step

CENTS: Final = 100
MONTHS: Final = 12
FLOOR_PERCENT: Final = 85
STRETCH_PERCENT: Final = 120


def plans(first: date, last: date) -> Iterator[list[Step]]:
    """For each year from the first day's to the last's: drawn, then split by department, team and person."""
    morning = at_work(datetime.combine(first, datetime.min.time(), ZONE))
    for year in range(first.year, last.year + 1):
        path = f"/plans/sales-{year}"
        yield [
            Step(morning, "performance", "/plans", _year(year)),
            *(Step(morning, "performance", f"{path}/split", split) for split in _splits()),
        ]


def _year(year: int) -> dict[str, Any]:
    yuan = MONTHS * sum(seller.target for seller in company.sellers())
    levels = {
        "floor": yuan * FLOOR_PERCENT,
        "target": yuan * CENTS,
        "stretch": yuan * STRETCH_PERCENT,
        "currency": "CNY",
    }
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    return {
        "id": f"sales-{year}",
        "title": f"{year} 年度销售目标 Sales plan {year}",
        "start": str(start),
        "end": str(end),
        "levels": levels,
    }


def _splits() -> Iterator[dict[str, Any]]:
    yield _split("root", "department", "", lambda seller: company.team_of(seller).department)
    sold_by = {seller.team: company.team_of(seller).department for seller in company.sellers()}
    for department in dict.fromkeys(sold_by.values()):
        node = f"root/department:{department}"
        yield _split(node, "team", department, lambda seller: seller.team)
    for team, department in sold_by.items():
        node = f"root/department:{department}/team:{team}"
        yield _split(node, "person", team, lambda seller: seller.id)


def _split(node: str, by: str, within: str, key: Callable[[company.Person], str]) -> dict[str, Any]:
    """The sellers of a department or team (or all), each child weighing what its sellers are to sell."""
    weights: dict[str, int] = {}
    for seller in company.sellers():
        if within in ("", seller.team, company.team_of(seller).department):
            weights[key(seller)] = weights.get(key(seller), 0) + seller.target
    return {"node": node, "by": by, "parts": [{"key": k, "weight": w} for k, w in weights.items()]}
