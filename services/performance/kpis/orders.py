"""KPIs of orders 订单: what was ordered and shipped, its margin, and whether it came when promised."""

from typing import Final

from services.performance.kpis.formula import Amount, AmountShare, Count, Share, total
from services.performance.kpis.kpi import Kpi

SHIPPED: Final = "shipped in the period, less what came back in it"
_costed: Final = total("costed_revenue_amount", less=["costed_returned_amount"])

KPIS: Final = (
    Kpi(
        "orders",
        "订单数",
        "Orders",
        "count",
        Count(total("orders_count")),
        "orders opened in the period",
        "a cancelled order is taken back",
        "trade usage",
    ),
    Kpi(
        "quantity",
        "销售数量",
        "Quantity",
        "count",
        Count(total("ordered_quantity")),
        "pieces of the orders opened in the period",
        "a cancelled order is taken back; returns are not taken off here",
        "trade usage",
    ),
    Kpi(
        "revenue",
        "销售收入",
        "Revenue",
        "money",
        Amount(total("revenue_amount", less=["returned_amount"])),
        SHIPPED,
        "a return reduces the day it came back on, never the day of the sale; may be below zero; one for "
        "each currency",
        "IFRS 15: a sale is when control of the goods passes, here when they leave",
    ),
    Kpi(
        "gross_margin",
        "毛利率",
        "Gross margin",
        "ratio",
        AmountShare(
            total(
                "costed_revenue_amount",
                "returned_cost_amount",
                less=["costed_returned_amount", "cost_amount"],
            ),
            _costed,
        ),
        SHIPPED,
        "at the cost as it was when the order was opened; orders whose cost is not known (in their own "
        "currency) are not in it; undefined without revenue",
        "trade usage: (revenue − cost) ÷ revenue",
    ),
    Kpi(
        "return_rate",
        "退货率（金额）",
        "Return rate",
        "ratio",
        AmountShare(total("returned_amount"), total("revenue_amount")),
        "came back in the period by shipped in the period",
        "may exceed 100 %, as some of it was shipped earlier; undefined when nothing was shipped",
        "trade usage",
        better="less",
    ),
    Kpi(
        "orders_shipped",
        "发货订单数",
        "Orders shipped",
        "count",
        Count(total("orders_shipped")),
        "orders shipped in the period",
        "none",
        "trade usage",
    ),
    Kpi(
        "on_time_in_full",
        "准时足量交付率",
        "On time in full",
        "ratio",
        Share(
            total("promised_on_time"),
            total("promised_on_time", "promised_late", *total("promised_open", span="due")),
        ),
        "orders first promised for a day of the period",
        "held against the first promise, whatever was promised later; overdue and not delivered is a miss "
        "today; not due yet and not delivered is not in it; an order is delivered whole",
        "SCOR RL.2.1 and RL.2.2: delivered in full, and by the day committed to",
    ),
    Kpi(
        "slips",
        "改期次数",
        "Promises slipped",
        "count",
        Count(total("slips")),
        "promises of a later day made in the period",
        "a promise of an earlier day is none",
        "promise ledger",
        better="less",
    ),
    Kpi(
        "slip_days",
        "延期天数",
        "Days slipped",
        "count",
        Count(total("slip_days")),
        "days by which promises moved, on the day they were moved",
        "a promise of an earlier day takes nothing off",
        "promise ledger",
        better="less",
    ),
)
