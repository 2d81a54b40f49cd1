"""What happens at a KPI's edges, in 中文, clause by clause."""

from collections.abc import Mapping
from typing import Final

_UNDEFINED: Final = {
    "undefined without leads": "没有线索时无定义",
    "undefined while too few were contacted to say when half of them are": (
        "已跟进的线索太少、尚看不出半数何时跟进时无定义"
    ),
    "undefined when nothing was closed": "没有结案商机时无定义",
    "undefined without wins": "没有赢单时无定义",
    "undefined without wins, or with a median cycle of no day": "没有赢单，或成交周期中位数为零天时无定义",
    "undefined when no deal came before": "上一阶段没有商机时无定义",
    "undefined when nobody bought before": "此前没有成交客户时无定义",
    "undefined without purchases": "没有成交时无定义",
    "undefined without customers": "没有客户时无定义",
    "undefined without revenue": "没有收入时无定义",
    "undefined when nothing was shipped": "没有发货时无定义",
    "undefined when nothing fell due": "没有到期应收时无定义",
    "undefined when nothing was owed or invoiced": "既无期初应收也无开票时无定义",
    "undefined when nothing was invoiced": "没有开票时无定义",
    "undefined without deliveries": "没有签收订单时无定义",
    "undefined while too few were answered to say when half of them are": (
        "已响应的投诉太少、尚看不出半数何时响应时无定义"
    ),
    "undefined when none is solved": "没有已解决的投诉时无定义",
    "undefined without answers": "没有回答时无定义",
    "undefined without a target": "没有目标时无定义",
    "undefined without one": "没有估算时无定义",
}
_DEALS: Final = {
    "a lead disqualified later is taken back": "后来判为不合格的线索会扣回",
    "a lead nobody contacted yet has waited at least until now, one given up at least until then": (
        "尚未跟进的线索至少已等到现在，被放弃的线索至少等到放弃之时"
    ),
    "of a period from today on it is what is overdue": "时段从今天开始时，即为逾期未结的金额",
    "deals without an expected close are not in it": "没有预计成交日的商机不计入",
    "reopening takes the win or loss back, and the final close counts": (
        "重新打开即撤销赢单或输单，以最后一次结案为准"
    ),
    "at the price it was won for": "按赢单时的金额计",
    "open deals are not in it": "未结商机不计入",
    "a lost deal at its last price": "输单按其最后的金额计",
    "won deals only, from the day opened to the day finally won": "只计赢单，从商机建立日算到最终赢单日",
    "one for each currency won in": "有赢单的每个币种各计一个",
    "a skipped stage counts as passed, a step back takes nothing away": (
        "跳过的阶段视为已经过，退回前面的阶段不扣减"
    ),
    "a won deal counts once and whole, a lost one nothing": "赢单全额计一次，输单不计",
    "a stage's chance is won ÷ closed among the deals closed in the year to the period's end that came to it "
    "(prospecting, engaging, proposing, negotiating)": (
        "各阶段（初步接触、需求沟通、方案报价、商务谈判）的赢率 = 赢单 ÷ 结案，"
        "取自截至期末一年内结案、且到过该阶段的商机"
    ),
    "amounts at a stage without history are left out and named": "没有历史的阶段，其金额不计入并予以注明",
}
_CUSTOMERS: Final = {
    "a purchase is a won deal, or an order that no deal led to, of a known account": (
        "成交是指已知客户的一个赢单商机，或未经商机直接下的一张订单"
    ),
    "a filter by person, team, line or product asks about the purchase of the period, and the customer is "
    "new if there was none before it at all": (
        "按人员、团队、产品线或产品筛选时，筛选的是本期的成交；客户此前在全公司从未成交，才算新客户"
    ),
    "what was shipped to nobody known is in neither": "发给未知客户的货，分子和分母均不计入",
}
_ORDERS: Final = {
    "a cancelled order is taken back": "取消的订单会扣回",
    "returns are not taken off here": "此处不扣减退货",
    "a return reduces the day it came back on, never the day of the sale": (
        "退货冲减退回当日，从不追溯到销售当日"
    ),
    "at the cost as it was when the order was opened": "按下单时的成本计",
    "orders whose cost is not known (in their own currency) are not in it": (
        "成本未知（没有订单币种的成本）的订单不计入"
    ),
    "may exceed 100 %, as some of it was shipped earlier": "可能超过 100%，因为部分退货发出得更早",
    "held against the first promise, whatever was promised later": "以首次承诺的交期为准，此后改期一概不论",
    "overdue and not delivered is a miss today": "已过交期而未签收的，当下即算未达成",
    "not due yet and not delivered is not in it": "未到交期且未签收的不计入",
    "an order is delivered whole": "订单整单交付",
    "a promise of an earlier day is none": "提前交期不算改期",
    "a promise of an earlier day takes nothing off": "提前交期不抵减",
}
_RECEIVABLES: Final = {
    "may exceed 100 % when arrears come in": "收回旧欠时可能超过 100%",
    "never above 100 % but for payments in advance": "除预收款外不会超过 100%",
    "what was written off is not collected": "核销的款项不算回款",
    "what we owe back to customers is not taken off": "我方应退客户的款项不扣减",
    "a period that has not ended is taken whole": "尚未结束的时段按整段计",
}
_SERVICE: Final = {
    "a complaint not answered yet has waited at least until now": "尚未响应的投诉至少已等到现在",
    "from filing until it was solved the last time": "从提出投诉算到最后一次解决",
    "reopening takes that back": "重新打开即撤销该次解决",
    "4 and 5 of 5 are satisfied": "满分 5 分，4 分和 5 分为满意",
    "an answer counts as it was last corrected": "回答以最后一次更正为准",
    "what was said at the closing of a complaint is of nobody's sale, so no filter by person, team or line "
    "finds it": "投诉关闭时的回答不属于任何人的销售，按人员、团队或产品线筛选时不计入",
    "from −100 to 100": "取值从 −100 到 100",
    "the denominator says how many answered": "分母为回答的份数",
}
_TARGETS: Final = {
    "zero without a target": "没有目标时为零",
    "asked of one person, the days before they joined and after they left count for nothing": (
        "看个人时，入职前和离职后的日子不计"
    ),
    "the company asks for the whole, a team for the whole until somebody leaves it": (
        "看公司时按全额计，看团队时在有人离队之前也按全额计"
    ),
    "people's own targets add to the plan's": "个人目标与计划目标相加",
    "of the plan as it stands, whichever version is asked for": "取现行的计划，不论查看的是哪一版本",
    "noted as `met` when nothing is left": "没有剩余缺口时注明“已达成”",
    "only an estimate of just that line and region counts, never a part of another's": (
        "只采用恰好针对该产品线和地区的估算，从不拆分其他估算"
    ),
    "its source and date are named": "注明估算的来源和日期",
    "nobody estimates what a person, team or product could sell": "个人、团队或单个产品的市场没有估算",
}

EDGES: Final[Mapping[str, str]] = {
    "none": "无",
    "one amount for each currency": "每个币种各列一个金额",
    "one for each currency": "每个币种各计一个",
    "may be below zero": "可能为负",
    **_UNDEFINED,
    **_DEALS,
    **_CUSTOMERS,
    **_ORDERS,
    **_RECEIVABLES,
    **_SERVICE,
    **_TARGETS,
}
