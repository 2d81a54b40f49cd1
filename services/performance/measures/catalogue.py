"""Every measure that boards ask for: what one unit of it is, and by what it is kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from shared.events.deal import STAGES

Whose = Literal["people", "path", "exact", "nobody"]
"""``people``: of a person, whose team counts on the day; ``path``: of the person, team, department or region
it names itself, and of what these are part of; ``exact``: of the region and line it names and of no part of
them; ``nobody``: of the company as a whole."""


@dataclass(frozen=True)
class Measure:
    """One measure; ``standing`` is how things are now, and no period cuts it."""

    name: str
    means: str
    whose: Whose = "people"
    money: bool = False
    standing: bool = False
    line: bool = True
    product: bool = True
    employed: bool = False
    """A person's own days alone: what is asked of somebody ends when they leave."""


def _of_company(name: str, means: str, *, standing: bool = False) -> Measure:
    return Measure(name, means, whose="nobody", standing=standing, line=False, product=False)


def _of_sale(name: str, means: str, *, money: bool = False, standing: bool = False) -> Measure:
    return Measure(name, means, money=money, standing=standing)


def _of_line(name: str, means: str, *, money: bool = False, standing: bool = False) -> Measure:
    return Measure(name, means, money=money, standing=standing, product=False)


def _asked_for(name: str, means: str, whose: Whose) -> Measure:
    return Measure(name, means, whose=whose, money=True, product=False, employed=True)


_LEADS: Final = (
    _of_line("leads", "a lead, on the day it was created"),
    _of_line("leads_qualified", "a qualified lead, on the day it was created"),
    _of_line("lead_response_minutes", "a lead contacted after so many minutes, on the day it was created"),
    _of_line("lead_waiting", "a lead not contacted yet, by the minute it was created"),
    _of_line("lead_dropped_minutes", "a lead given up after so many minutes without a contact"),
)
_DEALS: Final = (
    _of_sale("deals_opened", "a deal, on the day it was opened"),
    _of_sale("open_count", "a deal that is open", standing=True),
    _of_sale("open_amount", "the price of an open deal", money=True, standing=True),
    _of_sale("won_count", "a won deal, on the day it was won"),
    _of_sale("won_amount", "the price of a won deal, on the day it was won", money=True),
    _of_sale("won_priced_count", "a won deal by the currency of its price"),
    _of_sale("lost_count", "a lost deal, on the day it was lost"),
    _of_sale("lost_amount", "the price of a lost deal, on the day it was lost", money=True),
    _of_sale("cycle_days", "a won deal that took so many days, on the day it was won"),
    _of_sale("purchases", "a won deal of a customer"),
    _of_sale("direct_purchases", "an order of a customer that no deal led to"),
    _of_sale("stage_closed", "a deal that was closed and had come to this stage, on the day it was closed"),
    _of_sale("stage_won", "the same, of won deals"),
    _of_sale(
        "open_by_close_amount", "the price of an open deal, by its expected close and stage", money=True
    ),
    _of_sale("open_undated_amount", "the price of an open deal without one", money=True, standing=True),
    _of_sale("funnel_strict", "a deal that came to this stage through every one before it"),
    _of_sale("funnel_reached", "a deal that stood at this stage"),
    _of_sale("funnel_implied", "a deal that came to this stage or beyond"),
    _of_sale("funnel_standing", "a deal that is open at this stage"),
    _of_sale("funnel_undecided", "an open deal that never came further than this stage"),
    _of_sale("funnel_amount", "the price of a deal that came to this stage or beyond", money=True),
    _of_sale("funnel_standing_amount", "the price of a deal that is open at this stage", money=True),
    _of_sale("funnel_won", "a won deal of the cohort"),
    _of_sale("funnel_lost", "a lost deal of the cohort"),
    _of_sale("funnel_lost_at", "a lost deal by the furthest stage it came to"),
    *(
        _of_sale(f"stage_minutes_{stage}", f"a deal that left {stage} after so many minutes")
        for stage in STAGES
    ),
)
_ORDERS: Final = (
    _of_sale("orders_count", "an order that was not cancelled, on the day it was opened"),
    _of_sale("ordered_quantity", "a piece that was ordered"),
    _of_sale("ordered_amount", "what was ordered, on the day it was ordered", money=True),
    _of_sale("revenue_amount", "what was shipped, on the day it was shipped", money=True),
    _of_sale("returned_amount", "what came back, on the day it came back", money=True),
    _of_sale("returned_quantity", "a piece that came back"),
    _of_sale("costed_revenue_amount", "what was shipped of orders whose cost is known", money=True),
    _of_sale("cost_amount", "its cost as it was when the order was opened", money=True),
    _of_sale("costed_returned_amount", "what came back of orders whose cost is known", money=True),
    _of_sale("returned_cost_amount", "the cost of what came back", money=True),
    _of_sale("orders_shipped", "an order, on the day it was shipped"),
    _of_sale("orders_delivered", "an order, on the day it was delivered"),
    _of_sale("promised_open", "an order not delivered yet, on the day first promised"),
    _of_sale("promised_on_time", "an order delivered by the day first promised, on that day"),
    _of_sale("promised_late", "an order delivered later, on the day first promised"),
    _of_sale("slips", "a promise of a later day, on the day it was made"),
    _of_sale("slip_days", "a day that a promise moved, on the day it was made"),
)
_RECEIVABLES: Final = (
    _of_line("invoiced_amount", "what was invoiced, on the day of the invoice", money=True),
    _of_line("due_amount", "what fell due, on its day", money=True),
    _of_line("receipts_amount", "what came in, on the day it came in", money=True),
    _of_line("refunds_amount", "what was paid back, on its day", money=True),
    _of_line("written_off_amount", "what will not come, on the day it was given up", money=True),
    _of_line("credited_amount", "what was credited for returns, on its day", money=True),
    _of_line("owed_amount", "what is owed, by the day it falls or fell due", money=True, standing=True),
)
_SERVICE: Final = (
    _of_company("complaints_filed", "a complaint, on the day it was filed"),
    _of_company("complaints_open", "a complaint that is open", standing=True),
    _of_company("complaint_response_minutes", "a complaint answered after so many minutes"),
    _of_company("complaint_resolution_minutes", "a complaint solved after so many minutes"),
    _of_company("complaint_waiting", "a complaint not answered yet, by the minute it was filed"),
    _of_line("csat_answers", "an answer of 1 to 5 to how satisfied the customer is"),
    _of_line("csat_closings", "the same, said when a complaint was closed, of nobody's sale"),
    _of_line("nps_answers", "an answer of 0 to 10 to whether the customer would recommend us"),
    _of_line("csat_sent", "a survey that was sent"),
    _of_line("nps_sent", "a survey that was sent"),
)
_TARGETS: Final = (
    _asked_for("target_amount", "a day's part of a person's own target", "people"),
    _asked_for("planned_amount", "a day's part of the plan's target level 目标", "path"),
    _asked_for("planned_floor_amount", "a day's part of the plan's floor 保底", "path"),
    _asked_for("planned_stretch_amount", "a day's part of the plan's stretch 冲刺", "path"),
    _asked_for("planned_version_amount", "a day's part of a version of the plan", "path"),
    _of_line("commit_amount", "what a person commits to sell, on the first day of its period", money=True),
    _of_line("best_case_amount", "the most a person hopes for, on the first day of its period", money=True),
)
_MARKET: Final = (
    Measure("market_amount", "a day's part of a market's size", "exact", money=True, product=False),
)
_HANDOFFS: Final = (
    _of_company("handoffs_waiting", "a hand-off that a department keeps waiting", standing=True),
    _of_company("handoffs_working", "a hand-off that a department works on", standing=True),
    _of_company("handoffs_breached", "a hand-off that was late, on the day it was requested"),
    _of_company("handoff_waiting_microseconds", "time a department kept hand-offs waiting"),
    _of_company("handoff_working_microseconds", "time a department worked on hand-offs"),
)

MEASURES: Final[Mapping[str, Measure]] = {
    measure.name: measure
    for family in (_LEADS, _DEALS, _ORDERS, _RECEIVABLES, _SERVICE, _TARGETS, _MARKET, _HANDOFFS)
    for measure in family
}
