/** Every word the page says by itself, in both languages; a key missing in one fails the type check. */

export const LANGS = ["zh", "en"] as const;
export type Lang = (typeof LANGS)[number];

const en = {
  title: "Baton · Company board",
  language: "Language",
  loading: "Loading",

  period: "Period",
  "period.month": "This month",
  "period.last-month": "Last month",
  "period.quarter": "This quarter",
  "period.year": "This year",
  "period.all": "All time",
  "period.custom": "From – to",
  "period.from": "From",
  "period.until": "Until (included)",
  "filter.person": "Person",
  "filter.team": "Team",
  "filter.region": "Region",
  "filter.line": "Product line",
  "filter.every": "All",

  asOf: (time: string) => `as of ${time}`,
  "connection.connecting": "connecting",
  "connection.live": "live",
  "connection.reconnecting": "reconnecting",
  "connection.stale": (time: string) => `stale since ${time}`,
  notRefreshed: "could not be refreshed",
  changed: (list: string) => `Changed: ${list}`,

  "token.wanted": "This board needs a token to read the numbers.",
  "token.refused": "That token was not accepted. Please give another one.",
  "token.label": "Token",
  "token.use": "Show the board",

  kpis: "Key figures",
  "none.leads": "no leads yet",
  "none.contacted": "nobody contacted yet",
  "none.closed": "nothing closed yet",
  "none.won": "nothing won yet",
  "none.delivered": "nothing delivered yet",
  "none.due": "nothing due yet",
  "none.answered": "none answered yet",
  "none.target": "no target set",
  "none.data": "no data yet",

  funnel: "Funnel",
  "funnel.note": "deals opened in the period",
  "funnel.stage": "Stage",
  "funnel.implied": "Came this far",
  "funnel.reached": "stood here",
  "funnel.skipped": (count: string) => `${count} skipped it`,
  "funnel.strict": "through every stage",
  "funnel.matured": (share: string) => `${share} of those decided`,
  "funnel.standing": "Standing",
  "funnel.conversion": "Conversion",
  "funnel.amount": "Amount",
  "funnel.lost": "Lost",
  "funnel.none": "No deals were opened in this period.",

  leaderboard: "Leaderboard",
  "leaderboard.note": "won amount",
  "leaderboard.by": "Rank by",
  "leaderboard.person": "People",
  "leaderboard.team": "Teams",
  "leaderboard.rank": "Rank",
  "leaderboard.name": "Name",
  "leaderboard.value": "Won amount",
  "leaderboard.none": "Nothing was won in this period.",
  more: (count: number) => `and ${count} more`,

  handoffs: "Hand-offs",
  "handoffs.department": "Department",
  "handoffs.waiting": "Waiting",
  "handoffs.working": "Working",
  "handoffs.breached": "Overdue",
  "handoffs.open": "Open hand-offs",
  "handoffs.none": "No hand-off is open.",
  "handoffs.due": (span: string) => `due in ${span}`,
  "handoffs.overdue": (span: string) => `overdue ${span}`,
  "handoffs.undated": "no due time",

  "state.waiting": "waiting",
  "state.working": "working",
  "state.returned": "returned",
  "department.marketing": "Marketing",
  "department.sales": "Sales",
  "department.finance": "Finance",
  "department.production": "Production",
  "department.service": "Service",
  "department.customer-service": "Customer service",
  "department.key-accounts": "Key accounts",
  "department.smb": "SMB",
  "department.after-sales": "After-sales",
  "department.logistics": "Logistics",
};

export type Words = {
  [Key in keyof typeof en]: (typeof en)[Key] extends (...given: infer Given) => string
    ? (...given: Given) => string
    : string;
};

const zh: Words = {
  title: "Baton · 公司看板",
  language: "语言",
  loading: "加载中",

  period: "时段",
  "period.month": "本月",
  "period.last-month": "上月",
  "period.quarter": "本季度",
  "period.year": "本年",
  "period.all": "全部",
  "period.custom": "自定义",
  "period.from": "从",
  "period.until": "至（含）",
  "filter.person": "人员",
  "filter.team": "团队",
  "filter.region": "区域",
  "filter.line": "产品线",
  "filter.every": "全部",

  asOf: (time) => `截至 ${time}`,
  "connection.connecting": "连接中",
  "connection.live": "实时",
  "connection.reconnecting": "重新连接中",
  "connection.stale": (time) => `自 ${time} 起未更新`,
  notRefreshed: "未能刷新",
  changed: (list) => `有变化：${list}`,

  "token.wanted": "查看看板数据需要令牌。",
  "token.refused": "该令牌未被接受，请换一个。",
  "token.label": "令牌",
  "token.use": "打开看板",

  kpis: "关键指标",
  "none.leads": "暂无线索",
  "none.contacted": "尚无首次联系",
  "none.closed": "尚无结案商机",
  "none.won": "尚无赢单",
  "none.delivered": "尚无交付",
  "none.due": "尚无到期款项",
  "none.answered": "尚无已响应投诉",
  "none.target": "未设目标",
  "none.data": "暂无数据",

  funnel: "销售漏斗",
  "funnel.note": "时段内新开商机",
  "funnel.stage": "阶段",
  "funnel.implied": "到达及以后",
  "funnel.reached": "实际到达",
  "funnel.skipped": (count) => `${count} 单跳过`,
  "funnel.strict": "逐级经过",
  "funnel.matured": (share) => `已定商机中 ${share}`,
  "funnel.standing": "停留",
  "funnel.conversion": "转化率",
  "funnel.amount": "金额",
  "funnel.lost": "输单",
  "funnel.none": "该时段没有新开商机。",

  leaderboard: "排行榜",
  "leaderboard.note": "赢单金额",
  "leaderboard.by": "排行对象",
  "leaderboard.person": "个人",
  "leaderboard.team": "团队",
  "leaderboard.rank": "名次",
  "leaderboard.name": "名称",
  "leaderboard.value": "赢单金额",
  "leaderboard.none": "该时段尚无赢单。",
  more: (count) => `另有 ${count} 项`,

  handoffs: "部门交接",
  "handoffs.department": "部门",
  "handoffs.waiting": "待接收",
  "handoffs.working": "处理中",
  "handoffs.breached": "超时",
  "handoffs.open": "未完成的交接",
  "handoffs.none": "没有未完成的交接。",
  "handoffs.due": (span) => `剩余 ${span}`,
  "handoffs.overdue": (span) => `超时 ${span}`,
  "handoffs.undated": "无时限",

  "state.waiting": "待接收",
  "state.working": "处理中",
  "state.returned": "已退回",
  "department.marketing": "市场部",
  "department.sales": "销售部",
  "department.finance": "财务部",
  "department.production": "生产部",
  "department.service": "服务部",
  "department.customer-service": "客服部",
  "department.key-accounts": "大客户部",
  "department.smb": "中小客户部",
  "department.after-sales": "售后部",
  "department.logistics": "物流部",
};

const words: Record<Lang, Words> = { zh, en };

export const wordsOf = (lang: Lang): Words => words[lang];

/** The word for a slug that may be new to this page: then the slug itself. */
export function named(words: Words, family: "department" | "state", slug: string): string {
  const found = (words as unknown as Partial<Record<string, string>>)[`${family}.${slug}`];
  return found ?? slug;
}
