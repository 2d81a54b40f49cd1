/** Why the services refuse a command, by the problem's code: in 中文, and where an amount has to be said to people. */

import type { Lang } from "../../words/words";
import { inWords } from "../amount";
import type { Problem } from "../../live/problem";
import { deskWordsOf } from "./desk";

const ZH: Readonly<Record<string, string>> = {
  "account-merged": "该客户已并入另一客户。",
  "already-shipped": "订单已经发货。",
  "complaint-closed": "投诉已关闭，请先重新打开。",
  "complaint-not-resolved": "只有已解决的投诉才能关闭。",
  "complaint-resolved": "投诉已解决，请先重新打开。",
  confirmed: "交期已确认，请使用改交期。",
  "deal-lost": "商机已输单，请先重新打开。",
  "deal-won": "商机已赢单，请先重新打开。",
  "due-passed": "截止时间早于发起时间。",
  duplicate: "已有同名客户（撞单）。",
  everybodys: "该客户不属于任何部门，人人可见，无需共享。",
  "empty-period": "结束日必须晚于开始日。",
  "handoff-cancelled": "交接已取消。",
  "handoff-completed": "交接已完成。",
  "id-taken": "该编号已被占用。",
  invalid: "填写的内容有误。",
  levels: "保底、目标、冲刺应依次增大。",
  "no-post": "您已登录，但在这里还没有角色。",
  "no-parts": "请至少填写一个分解对象。",
  "no-weights": "请填写权重。",
  "part-twice": "同一对象出现了两次。",
  "periods-missing": "各时间段之间有空缺。",
  "periods-overlap": "时间段有重叠。",
  "plan-withdrawn": "计划已撤销。",
  "plan-too-large": "计划太大。",
  "too-many-parts": "分解对象太多。",
  "unknown-node": "没有这个节点。",
  "wrong-split": "不能这样分解。",
  "lead-converted": "线索已转化。",
  "lead-disqualified": "线索已判为不合格。",
  "lead-in-pool": "线索在公海中，请先领取。",
  "lead-not-in-pool": "线索不在公海中。",
  "lead-not-qualified": "只有合格的线索才能转化，请先判为合格。",
  listed: "已有同名产品。",
  "long-period": "时间段太长。",
  "merge-into-itself": "客户不能并入自己。",
  "more-than-shipped": "退货超过了已发货的数量或金额。",
  "not-accepted": "交接还没有人接收。",
  "not-confirmed": "订单交期尚未确认。",
  "not-found": "没有找到。",
  "not-ready": "订单尚未完工。",
  "not-returned": "交接没有被退回。",
  "not-shipped": "订单尚未发货。",
  "nothing-credited": "冲减金额不能为零。",
  "nothing-owed": "开票金额不能为零。",
  "nothing-received": "收款金额不能为零。",
  "nothing-refunded": "退款金额不能为零。",
  "order-cancelled": "订单已取消。",
  "order-stands": "该商机已有订单。",
  "other-currency": "币种不一致。",
  "out-of-order": "在此之后已有其他变动。",
  "over-credited": "冲减超过了剩余金额。",
  "over-refunded": "退款超过了应退金额。",
  overpaid: "收款超过了应收金额。",
  "own-credit": "您自己冲减的款项须由他人退款。",
  "own-invoice": "您自己开的票须由他人核销。",
  "person-left": "该人员已离职。",
  returned: "交接已被退回，需由移交部门补齐。",
  "same-department": "部门不能移交给自己。",
  "score-out-of-range": "评分超出范围。",
  settled: "已结清，没有可核销的金额。",
  stale: "刚刚有人改动过。",
  "too-large": "内容太大。",
  "try-again": "请稍后重试。",
  "unknown-person": "没有这个人员。",
  "unknown-team": "没有这个团队。",
};

/** The others say it in English themselves; these count in the smallest unit, which is for programs. */
const EN: Readonly<Record<string, string>> = {
  "more-than-shipped": "That is more than was shipped.",
  "over-credited": "That is more than is left of the invoice.",
  "over-refunded": "That is more than is owed back.",
  overpaid: "That is more than is owed.",
};

/** Where such a problem says how much it may be at most. */
const MOST: Readonly<Record<string, string>> = {
  "more-than-shipped": "amount",
  "over-credited": "left",
  "over-refunded": "owed_back",
  overpaid: "owed",
};

export function refusal({ code, message, more }: Problem, lang: Lang): string {
  const said = (lang === "zh" ? ZH : EN)[code] ?? message;
  const minor = Number(more[MOST[code] ?? ""]);
  if (!Number.isFinite(minor) || typeof more.currency !== "string") return said;
  const most = inWords({ minor, currency: more.currency }, lang);
  return said + (lang === "zh" ? "" : " ") + deskWordsOf(lang)["wrong.too-large"](most);
}
