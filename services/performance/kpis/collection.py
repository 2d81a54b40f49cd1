"""KPIs of money coming in 回款: three definitions of its rate, what is owed, and for how long."""

from typing import Final

from services.performance.kpis.formula import Amount, AmountShare, Days, Terms, total
from services.performance.kpis.kpi import Kpi

_CAME_IN: Final = total("receipts_amount", less=["refunds_amount"])
_OPENING: Final = total(
    "invoiced_amount",
    "refunds_amount",
    less=["credited_amount", "receipts_amount", "written_off_amount"],
    span="before",
)


def _closing() -> Terms:
    return (*_OPENING, *(term._replace(span="in") for term in _OPENING))


KPIS: Final = (
    Kpi(
        "receipts",
        "回款金额",
        "Receipts",
        "money",
        Amount(_CAME_IN),
        "came in in the period, less what was paid back",
        "may be below zero; one for each currency",
        "trade usage",
    ),
    Kpi(
        "collection_rate",
        "回款率（实收 ÷ 到期应收）",
        "Collection rate (of what fell due)",
        "ratio",
        AmountShare(_CAME_IN, total("due_amount")),
        "came in in the period by what fell due in it",
        "may exceed 100 % when arrears come in; undefined when nothing fell due",
        "到期回款率, the default",
    ),
    Kpi(
        "collection_rate_sales",
        "回款率（实收 ÷ 销售收入）",
        "Collection rate (of sales)",
        "ratio",
        AmountShare(_CAME_IN, total("revenue_amount", less=["returned_amount"])),
        "came in in the period by revenue of the period",
        "undefined without revenue",
        "销售回款率",
    ),
    Kpi(
        "collection_rate_balance",
        "回款率（余额法）",
        "Collection rate (balance method)",
        "ratio",
        AmountShare(_CAME_IN, (*_OPENING, *total("invoiced_amount", less=["credited_amount"]))),
        "came in in the period by what was owed at its beginning and invoiced in it, less credits",
        "never above 100 % but for payments in advance; what was written off is not collected; undefined "
        "when nothing was owed or invoiced",
        "余额法: (opening + invoiced − closing − written off) ÷ (opening + invoiced)",
    ),
    Kpi(
        "owed",
        "应收余额",
        "Owed to us",
        "money",
        Amount(total("owed_amount", span="now")),
        "owed now, or at the moment looked back to",
        "what we owe back to customers is not taken off",
        "trade usage",
        better="less",
    ),
    Kpi(
        "dso",
        "应收账款周转天数",
        "Days sales outstanding",
        "days",
        Days(_closing(), total("invoiced_amount", less=["credited_amount"])),
        "owed at the end of the period by what was invoiced in it, times its days",
        "one for each currency; undefined when nothing was invoiced; a period that has not ended is taken "
        "whole",
        "DSO, balance method",
        better="less",
    ),
)
