"""What the measures of formulas are called in 中文, and what one unit of each is."""

from collections.abc import Mapping
from typing import Final

_LEADS: Final = {
    "leads": ("线索数", "一条线索，计入创建日"),
    "leads_qualified": ("合格线索数", "一条合格线索，计入创建日"),
    "lead_response_minutes": ("线索响应用时", "一条经若干分钟后首次跟进的线索，计入创建日"),
    "lead_waiting": ("待跟进线索", "一条尚未跟进的线索，按创建的分钟分列"),
    "lead_dropped_minutes": ("未跟进即放弃的线索", "一条等待若干分钟仍未跟进即被放弃的线索"),
}
_DEALS: Final = {
    "open_count": ("在途商机数", "一个未结商机"),
    "open_amount": ("在途商机金额", "未结商机的金额"),
    "won_count": ("赢单数", "一个赢单商机，计入赢单日"),
    "won_amount": ("赢单金额", "赢单商机的金额，计入赢单日"),
    "won_priced_count": ("赢单数（按币种）", "一个赢单商机，按其金额的币种分列"),
    "lost_count": ("输单数", "一个输单商机，计入输单日"),
    "lost_amount": ("输单金额", "输单商机的金额，计入输单日"),
    "cycle_days": ("成交周期天数", "一个历时若干天的赢单商机，计入赢单日"),
    "purchases": ("客户赢单数", "某客户的一个赢单商机"),
    "direct_purchases": ("客户直接下单数", "某客户未经商机直接下的一张订单"),
    "stage_closed": ("该阶段结案数", "一个到过该阶段的已结案商机，计入结案日"),
    "stage_won": ("该阶段赢单数", "一个到过该阶段的赢单商机，计入赢单日"),
    "open_by_close_amount": ("预计成交的在途金额", "未结商机的金额，按预计成交日和所处阶段分列"),
    "funnel_implied": ("到达及以后商机数", "一个到过该阶段或更后阶段的商机"),
}
_ORDERS: Final = {
    "orders_count": ("订单数", "一张未取消的订单，计入下单日"),
    "ordered_quantity": ("下单件数", "所订货品的一件"),
    "revenue_amount": ("发货金额", "发出货品的金额，计入发货日"),
    "returned_amount": ("退货金额", "退回货品的金额，计入退回日"),
    "costed_revenue_amount": ("已知成本的发货金额", "成本已知的订单发出货品的金额"),
    "cost_amount": ("发货成本", "上述发货按下单时成本计的成本"),
    "costed_returned_amount": ("已知成本的退货金额", "成本已知的订单退回货品的金额"),
    "returned_cost_amount": ("退货成本", "退回货品的成本"),
    "orders_shipped": ("发货订单数", "一张订单，计入发货日"),
    "orders_delivered": ("签收订单数", "一张订单，计入签收日"),
    "promised_open": ("未签收订单数", "一张尚未签收的订单，计入首次承诺的交期"),
    "promised_on_time": ("准时签收订单数", "一张在首次承诺的交期前（含当日）签收的订单，计入该交期"),
    "promised_late": ("逾期签收订单数", "一张晚于首次承诺的交期签收的订单，计入该交期"),
    "slips": ("改期次数", "一次推迟交期的承诺，计入作出之日"),
    "slip_days": ("延期天数", "交期推迟的一天，计入改期之日"),
}
_RECEIVABLES: Final = {
    "invoiced_amount": ("开票金额", "开票的金额，计入开票日"),
    "due_amount": ("到期应收", "到期的应收款，计入到期日"),
    "receipts_amount": ("到账金额", "到账的款项，计入到账日"),
    "refunds_amount": ("退款金额", "退给客户的款项，计入退款日"),
    "written_off_amount": ("核销金额", "收不回而核销的款项，计入核销日"),
    "credited_amount": ("冲减金额", "因退货冲减的应收款，计入冲减日"),
    "owed_amount": ("应收余额", "尚欠的款项，按到期日分列"),
}
_SERVICE: Final = {
    "complaints_filed": ("投诉数", "一件投诉，计入提出日"),
    "complaints_open": ("未解决投诉数", "一件未解决的投诉"),
    "complaint_response_minutes": ("投诉响应用时", "一件经若干分钟后得到响应的投诉"),
    "complaint_resolution_minutes": ("投诉解决用时", "一件经若干分钟后得到解决的投诉"),
    "complaint_waiting": ("待响应投诉", "一件尚未响应的投诉，按提出的分钟分列"),
    "csat_answers": ("满意度回答", "一份 1 至 5 分的满意度回答"),
    "csat_closings": ("投诉关闭时的满意度回答", "一份投诉关闭时的满意度回答，不属于任何人的销售"),
    "nps_answers": ("推荐意愿回答", "一份 0 至 10 分的推荐意愿回答"),
}
_TARGETS: Final = {
    "target_amount": ("个人目标", "个人目标分摊到一天的部分"),
    "planned_amount": ("计划目标", "计划的目标一档分摊到一天的部分"),
    "planned_floor_amount": ("计划保底", "计划的保底一档分摊到一天的部分"),
    "planned_stretch_amount": ("计划冲刺", "计划的冲刺一档分摊到一天的部分"),
    "planned_version_amount": ("指定版本的计划目标", "某一版本的计划分摊到一天的部分"),
    "market_amount": ("市场规模", "市场规模分摊到一天的部分"),
}

MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    **_LEADS,
    **_DEALS,
    **_ORDERS,
    **_RECEIVABLES,
    **_SERVICE,
    **_TARGETS,
}
