"""KPIs of service: complaints 投诉 and satisfaction 满意度."""

from typing import Final

from services.performance.kpis.formula import (
    Count,
    Promoters,
    Quantile,
    Satisfied,
    Share,
    Survival,
    total,
)
from services.performance.kpis.kpi import Kpi

FILED: Final = "complaints filed in the period"

KPIS: Final = (
    Kpi(
        "complaints_open",
        "未解决投诉",
        "Complaints open",
        "count",
        Count(total("complaints_open", span="now")),
        "open now, or at the moment looked back to",
        "none",
        "trade usage",
        better="less",
    ),
    Kpi(
        "complaints_per_100",
        "每百单投诉数",
        "Complaints per 100 orders",
        "per-100",
        Share(total("complaints_filed"), total("orders_delivered"), times=100),
        "filed in the period by orders delivered in it",
        "undefined without deliveries",
        "trade usage",
        better="less",
    ),
    Kpi(
        "complaint_response_time",
        "投诉响应时间（中位数）",
        "Complaint response time (median)",
        "minutes",
        Survival(total("complaint_response_minutes"), total("complaint_waiting"), (), 0.5),
        FILED,
        "a complaint not answered yet has waited at least until now; undefined while too few were "
        "answered to say when half of them are",
        "Kaplan and Meier, 1958",
        better="less",
    ),
    Kpi(
        "complaint_resolution_time",
        "投诉解决时间（中位数）",
        "Complaint resolution time (median)",
        "minutes",
        Quantile(total("complaint_resolution_minutes"), 0.5),
        f"{FILED} that are solved",
        "from filing until it was solved the last time; reopening takes that back; undefined when none is "
        "solved",
        "Hyndman and Fan, 1996, type 7",
        better="less",
    ),
    Kpi(
        "csat",
        "客户满意度 CSAT",
        "Satisfied customers (CSAT)",
        "ratio",
        Satisfied(total("csat_answers", "csat_closings")),
        "answers given in the period",
        "4 and 5 of 5 are satisfied; an answer counts as it was last corrected; undefined without answers; "
        "what was said at the closing of a complaint is of nobody's sale, so no filter by person, team or "
        "line finds it",
        "CSAT, top two boxes",
    ),
    Kpi(
        "nps",
        "净推荐值 NPS",
        "Net promoter score",
        "score",
        Promoters(total("nps_answers")),
        "answers given in the period",
        "from −100 to 100; the denominator says how many answered; undefined without answers",
        "Reichheld, 2003",
    ),
)
