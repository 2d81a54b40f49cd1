"""KPIs of leads 线索."""

from typing import Final

from services.performance.kpis.formula import Count, Share, Survival, total
from services.performance.kpis.kpi import Kpi

CREATED: Final = "leads created in the period"

KPIS: Final = (
    Kpi("leads", "线索数", "Leads", "count", Count(total("leads")), CREATED, "none", "trade usage"),
    Kpi(
        "qualified_rate",
        "线索合格率",
        "Qualification rate",
        "ratio",
        Share(total("leads_qualified"), total("leads")),
        CREATED,
        "undefined without leads; a lead disqualified later is taken back",
        "trade usage: marketing-qualified leads",
    ),
    Kpi(
        "lead_response_time",
        "线索响应时间（中位数）",
        "Lead response time (median)",
        "minutes",
        Survival(total("lead_response_minutes"), total("lead_waiting"), total("lead_dropped_minutes"), 0.5),
        CREATED,
        "a lead nobody contacted yet has waited at least until now, one given up at least until then; "
        "undefined while too few were contacted to say when half of them are",
        "Kaplan and Meier, 1958",
        better="less",
    ),
)
