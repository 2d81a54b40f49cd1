"""Where a KPI's definition is from, in 中文, clause by clause; authors and standards keep their names."""

from collections.abc import Mapping
from typing import Final

SOURCES: Final[Mapping[str, str]] = {
    "trade usage": "行业惯例",
    "trade usage: marketing-qualified leads": "行业惯例：市场合格线索（MQL）",
    "Kaplan and Meier, 1958": "Kaplan–Meier，1958 年",
    "trade usage: won ÷ (won + lost)": "行业惯例：赢单 ÷ （赢单 + 输单）",
    "trade usage: won ÷ (won + lost), by amount": "行业惯例：赢单 ÷ （赢单 + 输单），按金额计",
    "arithmetic mean": "算术平均",
    "Hyndman and Fan, 1996, type 7": "Hyndman–Fan，1996 年，第 7 型",
    "trade usage: open deals × win rate × average deal size ÷ sales cycle": (
        "行业惯例：在途商机数 × 赢单率 × 平均客单价 ÷ 成交周期"
    ),
    "cohort conversion, each deal once": "同期群转化率，每个商机只计一次",
    "stage-weighted pipeline, from the stage's own history": "阶段加权法，赢率取自各阶段自身的历史",
    "复购率 by customers, not by orders": "复购率，按客户而非按订单计",
    "IFRS 15: a sale is when control of the goods passes, here when they leave": (
        "IFRS 15：商品控制权转移时确认收入，此处为发货之时"
    ),
    "trade usage: (revenue − cost) ÷ revenue": "行业惯例：（收入 − 成本） ÷ 收入",
    "SCOR RL.2.1 and RL.2.2: delivered in full, and by the day committed to": (
        "SCOR RL.2.1 与 RL.2.2：足量交付，且不晚于承诺之日"
    ),
    "promise ledger": "交期承诺台账",
    "到期回款率, the default": "到期回款率，默认口径",
    "销售回款率": "销售回款率",
    "余额法: (opening + invoiced − closing − written off) ÷ (opening + invoiced)": (
        "余额法：（期初应收 + 开票 − 期末应收 − 核销） ÷ （期初应收 + 开票）"
    ),
    "DSO, balance method": "DSO，余额法",
    "CSAT, top two boxes": "CSAT，最高两档占比",
    "Reichheld, 2003": "Reichheld，2003 年",
    "what was agreed": "以商定的目标为准",
    "trade usage: won ÷ target": "行业惯例：赢单 ÷ 目标",
    "trade usage: won ÷ 保底": "行业惯例：赢单 ÷ 保底",
    "trade usage: won ÷ 冲刺": "行业惯例：赢单 ÷ 冲刺",
    "trade usage: pipeline ÷ remaining quota": "行业惯例：在途商机 ÷ 剩余目标",
    "trade usage: revenue ÷ market size": "行业惯例：收入 ÷ 市场规模",
}
