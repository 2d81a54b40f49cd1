"""What boards are asked for, now and of moments long past: every board, period, filter and moment."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from bench.company import LINES, ZONE

Params = Mapping[str, str | Sequence[str]]


class Asked(NamedTuple):
    """One question and how the table names it."""

    board: str
    moment: str
    period: str
    filter: str
    path: str
    params: Params


COMPANY: Final = (
    *("open_pipeline", "won_count", "won_amount", "win_rate", "cycle_median", "attainment"),
    *("pipeline_coverage", "leads", "qualified_rate", "lead_response_time", "new_customers", "retention"),
    *("orders_shipped", "on_time_in_full", "revenue", "gross_margin", "receipts", "collection_rate"),
    *("complaints_open", "complaint_response_time", "nps"),
)
"""What the wallboard's company board asks for."""
BOARDS: Final[tuple[tuple[str, str, Params], ...]] = (
    ("company board", "/kpis", {"kpi": COMPANY}),
    ("all kpis", "/kpis", {}),
    ("kpi won_amount", "/kpis", {"kpi": "won_amount"}),
    ("kpi new_customers", "/kpis", {"kpi": "new_customers"}),
    ("company board in CNY", "/kpis", {"kpi": COMPANY, "currency": "CNY"}),
    ("all kpis in CNY", "/kpis", {"currency": "CNY"}),
    ("funnel", "/funnel", {}),
    ("people by won_amount", "/leaderboard", {"kpi": "won_amount", "by": "person"}),
    ("people by new_customers", "/leaderboard", {"kpi": "new_customers", "by": "person"}),
    ("people by cycle_median", "/leaderboard", {"kpi": "cycle_median", "by": "person"}),
    ("teams by attainment", "/leaderboard", {"kpi": "attainment", "by": "team"}),
    ("teams by revenue", "/leaderboard", {"kpi": "revenue", "by": "team"}),
    ("handoffs", "/handoffs", {}),
    ("explain won_amount", "/explain", {"kpi": "won_amount"}),
    ("explain win_rate", "/explain", {"kpi": "win_rate"}),
    ("explain open_pipeline", "/explain", {"kpi": "open_pipeline"}),
)
HISTORIES: Final[tuple[tuple[str, str, Params], ...]] = (
    ("won_amount by month", "/kpis/history", {"by": "month", "kpi": "won_amount"}),
    ("all kpis by month", "/kpis/history", {"by": "month"}),
)
FILTERS: Final[Mapping[str, Params]] = {
    "all": {},
    "team": {"team": "east"},
    "person": {"person": "south-3"},
    "line": {"line": LINES[0]},
}
MOMENTS: Final[Mapping[str, timedelta | None]] = {
    "now": None,
    "hour": timedelta(hours=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "half-year": timedelta(days=182),
    "year": timedelta(days=365),
}
"""How long ago; days ago it was late in the morning, when most was recorded since totals were added up."""
LATE_IN_THE_MORNING: Final = time(11, tzinfo=ZONE)


def questions(end: datetime) -> Iterator[Asked]:
    """Each about the month, quarter or year that the moment's month is the last of; ``end`` is now."""
    for moment, ago in MOMENTS.items():
        at = end - (ago or timedelta())
        if ago is not None and ago.days:
            at = datetime.combine(at.astimezone(ZONE), LATE_IN_THE_MORNING)
        looked_back = {} if ago is None else {"as_of": at.astimezone(UTC).isoformat()}
        today = at.astimezone(ZONE).date()
        for period, months in (("month", 1), ("quarter", 3), ("year", 12)):
            until = _first(today, 1)
            days = {"from": str(_first(until, -months)), "to": str(until)}
            for name, filters in FILTERS.items():
                asked = {**days, **looked_back, **filters}
                for board, path, params in (*BOARDS, *(HISTORIES if period == "year" else [])):
                    yield Asked(board, moment, period, name, path, {**params, **asked})


def _first(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
