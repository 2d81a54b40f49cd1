"""What a KPI's period refers to, in 中文, clause by clause."""

from collections.abc import Mapping
from typing import Final

PERIODS: Final[Mapping[str, str]] = {
    "leads created in the period": "本期新建的线索",
    "deals open now, or at the moment looked back to": "当前（回看时为所看时刻）的未结商机",
    "the period does not cut them": "不受时段限制",
    "open deals that were expected to close before the period": "预计在本期之前成交、尚未结案的商机",
    "deals won in the period": "本期赢单的商机",
    "deals closed in the period": "本期结案（赢单或输单）的商机",
    "open deals now": "商机数取当前未结商机",
    "win rate, average size and median cycle of the deals closed in the period": (
        "赢单率、平均客单价和成交周期中位数取自本期结案的商机"
    ),
    "deals opened in the period, wherever they stand by now": "本期新开的商机，无论目前处于哪个阶段",
    "deals won in the period, and open deals expected to close in it": (
        "本期赢单的商机，以及预计在本期成交的未结商机"
    ),
    "purchases in the period": "本期的成交",
    "the customer's first purchase ever falls in the period": "客户有史以来的首次成交落在本期",
    "of the customers of as many days before the period, those who bought again in it": (
        "本期之前相同天数内有成交的客户中，本期再次成交的客户"
    ),
    "of the customers of the period, those with two purchases or more in it": (
        "本期成交客户中，本期成交两次及以上的客户"
    ),
    "shipped in the period, less what came back in it, by the customers shipped to": (
        "本期发货减去本期退货，除以本期收货的客户数"
    ),
    "orders opened in the period": "本期下单的订单",
    "pieces of the orders opened in the period": "本期下单的订单所订的件数",
    "shipped in the period, less what came back in it": "本期发货减去本期退货",
    "came back in the period by shipped in the period": "本期退货 ÷ 本期发货",
    "orders shipped in the period": "本期发货的订单",
    "orders first promised for a day of the period": "首次承诺交期落在本期的订单",
    "promises of a later day made in the period": "本期作出的推迟交期的承诺",
    "days by which promises moved, on the day they were moved": "交期推迟的天数，计入改期之日",
    "came in in the period, less what was paid back": "本期到账减去退款",
    "came in in the period by what fell due in it": "本期回款 ÷ 本期到期应收",
    "came in in the period by revenue of the period": "本期回款 ÷ 本期销售收入",
    "came in in the period by what was owed at its beginning and invoiced in it, less credits": (
        "本期回款 ÷ （期初应收 + 本期开票 − 本期冲减）"
    ),
    "owed now, or at the moment looked back to": "当前（回看时为所看时刻）的应收余额",
    "owed at the end of the period by what was invoiced in it, times its days": (
        "期末应收 ÷ 本期开票 × 本期天数"
    ),
    "open now, or at the moment looked back to": "当前（回看时为所看时刻）未解决的投诉",
    "filed in the period by orders delivered in it": "本期投诉 ÷ 本期签收订单",
    "complaints filed in the period": "本期提出的投诉",
    "complaints filed in the period that are solved": "本期提出且已解决的投诉",
    "answers given in the period": "本期收到的回答",
    "the days' part of the targets": "目标按天分摊到本期的部分",
    "won in the period by the days' part of the targets": "本期赢单 ÷ 目标按天分摊到本期的部分",
    "open pipeline now by what is left of the period's target": "当前在途商机金额 ÷ 本期目标的剩余缺口",
    "revenue of the period by the days' part of the market's size": (
        "本期销售收入 ÷ 市场规模按天分摊到本期的部分"
    ),
}
