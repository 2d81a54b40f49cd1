/** A fake performance service with made-up numbers, for looking at the page; never part of the build.
 *  node dev/fake.mjs [--port 8080] [--no-session] [--empty] [--dollars] [--still]
 *  POST /fake/win?amount=12000, /fake/expire (tokens die), /fake/drop (streams end), /fake/break?on=1 (answers 503),
 *  /fake/lag?source=baton.orders.events&events=19 (without events: unknown; 0: up to date) */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const flag = (name) => process.argv.includes(`--${name}`);
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const port = Number(process.argv[process.argv.indexOf("--port") + 1] || 8080);
const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

let token = "fake-1";
let position = 0;
let broken = false;
let won = 10_005_534;
let wins = 4238;
let requests = {};
const streams = new Set();

/** Source → events still to come, unless it is up to date. */
const lags = new Map();

const names = [
  ["leads", "线索数", "Leads", "count", () => 1284],
  ["qualified_rate", "线索合格率", "Qualification rate", "ratio", () => 0.4127, 530, 1284],
  ["lead_response_time", "线索响应时间（中位数）", "Lead response time (median)", "minutes", () => 37.5, 1272, 1284, "waiting:12"],
  ["open_pipeline", "在途商机金额", "Open pipeline", "CNY", () => 128_450_000],
  ["won_count", "赢单数", "Deals won", "count", () => wins],
  ["won_amount", "赢单金额", "Won amount", "CNY", () => won],
  ["win_rate", "赢单率（数量）", "Win rate (count)", "ratio", () => wins / (wins + 2473), () => wins, () => wins + 2473],
  ["cycle_median", "成交周期（中位数）", "Sales cycle (median)", "days", () => 57, null, () => wins],
  ["new_customers", "新签客户数", "New customers signed", "count", () => 118],
  ["retention", "客户留存率", "Retention", "ratio", () => 0.7241, 630, 870],
  ["revenue", "销售收入", "Revenue", "CNY", () => 9_120_400],
  ["gross_margin", "毛利率", "Gross margin", "ratio", () => 0.4183, 3_815_063, 9_120_400],
  ["orders_shipped", "发货订单数", "Orders shipped", "count", () => 3921],
  ["on_time_in_full", "准时足量交付率", "On time in full", "ratio", () => 0.931, 3650, 3921],
  ["receipts", "回款金额", "Receipts", "CNY", () => 8_412_900],
  ["collection_rate", "回款率（实收 ÷ 到期应收）", "Collection rate (of what fell due)", "ratio", () => 0.8408, 8_412_900, 10_005_534],
  ["complaints_open", "未解决投诉", "Complaints open", "count", () => 14],
  ["complaint_response_time", "投诉响应时间（中位数）", "Complaint response time (median)", "minutes", () => 185, 11, 14, "waiting:3"],
  ["nps", "净推荐值 NPS", "Net promoter score", "score", () => -16.666667, -2, 12],
  ["attainment", "目标达成率", "Target attainment", "ratio", () => 1.0318, () => won, 9_697_000],
  ["pipeline_coverage", "商机覆盖率", "Pipeline coverage", "ratio", () => null, 128_450_000, 0, "met"],
  ["velocity", "销售速度", "Sales velocity", "CNY", () => 122_680.63, 2_330_932, 19],
  ["complaints_per_100", "每百单投诉数", "Complaints per 100 orders", "per-100", () => 27.659574, 13, 47],
  ["weighted_forecast", "加权预测", "Weighted forecast", "CNY", () => 5_049_340.1, null, null, "no-history:proposing,negotiating"],
  ["market_share", "市场占有率", "Market share", "ratio", () => null, 9_120_400, 0, "no-estimate"],
];
const LESS = ["lead_response_time", "cycle_median", "complaints_open", "complaint_response_time", "complaints_per_100"];
const OF_COMPANY = ["complaints_open", "complaint_response_time", "nps"];

const call = (value) => (typeof value === "function" ? value() : (value ?? null));

function kpis(url) {
  const asked = url.searchParams.getAll("kpi");
  const chosen = names.filter(([name]) => asked.length === 0 || asked.includes(name));
  const list = chosen.map(([name, zh, en, unit, value, numerator, denominator, said = null]) => {
    const cut = url.searchParams.get("person") && OF_COMPANY.includes(name) ? "not-kept-by:person" : null;
    const none = cut || (flag("empty") && !["count", "CNY"].includes(unit));
    const nought = flag("empty") ? 0 : call(value);
    const note = cut ?? (flag("empty") ? null : said);
    const currency = unit === "CNY" || ["gross_margin", "collection_rate", "attainment", "pipeline_coverage"].includes(name) ? "CNY" : null;
    return {
      name, version: 1, label: url.searchParams.get("lang") === "zh" ? zh : en, unit, currency, value: none ? null : nought,
      numerator: none ? 0 : call(numerator), denominator: none ? 0 : call(denominator),
      better: LESS.includes(name) ? "less" : "more", note, sources: [],
    };
  });
  if (!flag("dollars")) return list;
  const also = list.filter(({ currency }) => currency).map((kpi) => ({
    ...kpi, currency: "USD", ...(kpi.unit === "CNY" ? { unit: "USD", value: kpi.value / 7 } : {}),
  }));
  return [...list, ...also];
}

function freshness() {
  const now = Date.now();
  return ["baton.coordination.events", "baton.customers.events", "baton.orders.events", "own store"].map((source) => {
    const lag = lags.get(source);
    const last = new Date(lag ? lag.since : now).toISOString();
    const events = lag ? lag.events : 0;
    return { source, last_event_at: last, lag_events: events, lag_seconds: events === null ? null : lag ? (now - lag.since) / 1000 : 0 };
  });
}

/** 23 deals, a page at a time. */
function explain(url, days) {
  const [kpi] = kpis(url);
  const cursor = Number(url.searchParams.get("cursor") ?? 0);
  const limit = Number(url.searchParams.get("limit") ?? 50);
  const part = url.searchParams.get("part") ?? "part";
  const event = (at, type, change) => ({
    event_id: `e${at}-${type}`, type, stream: `deal-${at}`, revision: 3, occurred_at: days.as_of, recorded_at: days.as_of, change,
  });
  const items = Array.from({ length: 23 }, (_, at) => ({
    entity: `deal-${at}`, customer: at % 2 ? "account-华为" : null, link: `http://127.0.0.1:8081/deals/${at}`, measure: "won_amount",
    currency: "CNY", bucket: 0, value: 90_000 - at * 1000,
    events: at % 3 ? [event(at, "deal-won.v1", 9e6 - at * 1e5)] : [event(at, "deal-won.v1", 9e6), event(at, "deal-repriced.v1", -at * 1e5)],
  }));
  const term = (measure, sign = 1) => ({ measure, means: measure, span: "in", bucket: null, sign });
  return {
    ...days, part, values: [kpi], items: items.slice(cursor, cursor + limit), next: cursor + limit < 23 ? String(cursor + limit) : null,
    definition: {
      name: kpi.name, version: 1, label_zh: kpi.label, label_en: kpi.label, unit: kpi.unit, better: kpi.better, formula: "won_amount ÷ (won_amount + lost_amount)",
      period: "deals closed in the period", edges: "undefined when nothing was closed", source: "won ÷ (won + lost)",
    },
    parts: [
      { name: "part", terms: [term("won_amount")], entities: 23, totals: [] },
      { name: "whole", terms: [term("won_amount"), term("lost_amount")], entities: 23, totals: [] },
    ],
  };
}

const stages = [
  // strict, reached, implied, standing; of the stage before, who may still go on
  ["prospecting", "初步接触", "Prospecting", 8800, 8800, 8800, 430, 0],
  ["engaging", "需求沟通", "Engaging", 8120, 8120, 8300, 850, 400],
  ["proposing", "方案报价", "Proposing", 5700, 5880, 7120, 120, 780],
  ["negotiating", "商务谈判", "Negotiating", 4400, 4680, 6980, 689, 60],
  ["won", "赢单", "Won", 2900, 4238, 4238, 0, 849],
];
const people = ["王芳", "李伟", "Darcel Schlecht", "张敏", "Vicki Laflamme", "刘洋", "Kary Hendrixson", "陈静", "Cassey Cress", "杨帆", "Donn Cantrell", "赵磊", "Reed Clapper", "周婷", "Zane Levy", "吴强"];
const teams = [["t1", "华东一组", "华东"], ["t2", "华北二组", "华北"], ["t3", "Team Melvin Marxen", "Central"]];
const titles = ["华为二期项目 · 生产排期", "GTX Pro ×120 · invoice", "Order 4471 · after-sales visit", "投诉：交付延迟，客户要求书面说明原因及补救方案", "MQL: Initech, 3 sites", "开票申请 · 中石化"];
const path = [["marketing", "sales"], ["sales", "production"], ["production", "finance"], ["sales", "customer-service"]];

function handoffs() {
  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  const open = titles.map((title, at) => ({
    id: `h${at}`, kind: "order-to-production", title, from_department: path[at % 4][0], to_department: path[at % 4][1],
    state: ["waiting", "working", "returned"][at % 3], due_at: at === 5 ? null : ago(130 - at * 95), breached: at < 1, requested_at: ago(400),
  }));
  const departments = ["sales", "production", "finance", "customer-service", "marketing"].map((department, at) => ({
    department, waiting: at, working: 7 - at, breached: at === 1 ? 1 : 0, waiting_seconds: 5400 * at, working_seconds: 26_100 * (at + 1),
  }));
  return flag("empty") ? { departments: [], open: [] } : { departments, open };
}

function answer(url) {
  const lang = url.searchParams.get("lang");
  const as_of = new Date().toISOString();
  const days = { from: url.searchParams.get("from"), to: url.searchParams.get("to"), as_of, freshness: freshness() };
  switch (url.pathname) {
    case "/kpis":
      return { ...days, kpis: kpis(url) };
    case "/explain":
      return explain(url, days);
    case "/funnel": {
      const more = wins - 4238;
      const list = stages.map(([stage, zh, en, strict, reached, implied, standing, undecided], at) => {
        const before = at === 0 ? null : stages[at - 1][5] + more;
        return {
          stage, label: lang === "zh" ? zh : en, strict, reached: reached + more, implied: implied + more,
          skipped: implied - reached, standing, amount: [{ unit: "CNY", value: standing * 23_400 }],
          conversion: before && (implied + more) / before, matured_conversion: before && (implied + more) / (before - undecided),
        };
      });
      return { ...days, stages: flag("empty") ? [] : list, won: flag("empty") ? 0 : wins, lost: flag("empty") ? 0 : 2473 };
    }
    case "/leaderboard": {
      const who = url.searchParams.get("by") === "team" ? teams.map(([, name]) => name) : people;
      const rows = who.map((name, at) => ({ rank: at + 1, id: `p${at}`, name, value: Math.round(won / (at + 8.6)), unit: "CNY" }));
      return { ...days, by: url.searchParams.get("by"), kpi: "won_amount", rows: flag("empty") ? [] : rows };
    }
    case "/handoffs":
      return { ...days, ...handoffs() };
    case "/organisation":
      return {
        teams: teams.map(([id, name, region]) => ({ id, name, region, department: "sales" })),
        people: people.map((name, at) => ({ id: `p${at}`, name, team_id: teams[at % 3][0], post: "rep" })),
        lines: ["GTX", "MG"],
      };
    default:
      return null;
  }
}

function win(amount) {
  won += amount;
  wins += 1;
  position += 1;
  const cell = { measure: "won_amount", line: "GTX", currency: "CNY", change: amount, value: won };
  for (const stream of streams) stream.write(`event: cells\nid: ${position}\ndata: ${JSON.stringify([cell])}\n\n`);
}

function lag(source, events) {
  if (events === "0") lags.delete(source);
  else lags.set(source, { events: events === null ? null : Number(events), since: Date.now() - 8_000 });
}

function fake(url, response) {
  if (url.pathname === "/fake/win") win(Number(url.searchParams.get("amount") ?? 12_000));
  if (url.pathname === "/fake/expire") token = `fake-${Date.now()}`;
  if (url.pathname === "/fake/drop") for (const stream of streams) stream.destroy();
  if (url.pathname === "/fake/break") broken = url.searchParams.get("on") === "1";
  if (url.pathname === "/fake/lag") lag(url.searchParams.get("source"), url.searchParams.get("events"));
  response.end(JSON.stringify(requests));
  if (url.pathname === "/fake/requests") requests = {};
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  requests[url.pathname] = (requests[url.pathname] ?? 0) + 1;
  const json = (status, body) => {
    response.writeHead(status, { "content-type": status < 400 ? "application/json" : "application/problem+json" });
    response.end(JSON.stringify(body));
  };
  if (url.pathname.startsWith("/fake/")) return fake(url, response);
  if (broken) return json(503, { title: "Broken on purpose", status: 503 });
  if (url.pathname === "/session") return flag("no-session") ? json(404, { title: "Not here" }) : json(200, { token });
  const given = request.headers.authorization?.replace("Bearer ", "") ?? url.searchParams.get("token");
  if (url.pathname === "/live") {
    if (given !== token) return json(401, { title: "Token expired" });
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": hello\n\n");
    streams.add(response);
    return response.on("close", () => streams.delete(response));
  }
  if (url.pathname === "/explain.csv" && given === token) {
    response.writeHead(200, { "content-type": "text/csv", "content-disposition": 'attachment; filename="fake.csv"' });
    return response.end("entity,value\ndeal-1,90000\n");
  }
  const body = answer(url);
  if (body) return given === token ? json(200, body) : json(401, { title: "Token expired", status: 401 });
  const file = join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname));
  const content = await readFile(file).catch(() => null);
  response.writeHead(content ? 200 : 404, { "content-type": types[extname(file)] ?? "text/plain" });
  return response.end(content ?? "not found");
});

server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
if (!flag("still")) setInterval(() => win(12_000), 4_000);
