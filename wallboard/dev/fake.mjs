/** A fake performance service with made-up numbers, for looking at the page; never part of the build.
 *  node dev/fake.mjs [--port 8080] [--no-session] [--empty] [--dollars] [--still]
 *  POST /fake/win?amount=12000, /fake/expire (tokens die), /fake/drop (streams end), /fake/break?on=1 (answers 503) */
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

const names = [
  ["leads", "线索数", "Leads", "count", () => 1284],
  ["qualified_rate", "线索合格率", "Qualified rate", "ratio", () => 0.4127, 530, 1284],
  ["lead_response_time", "线索响应时间", "Lead response time", "minutes", () => 37.5],
  ["open_pipeline", "在途商机金额", "Open pipeline", "CNY", () => 128_450_000],
  ["won_count", "赢单数", "Deals won", "count", () => wins],
  ["won_amount", "赢单金额", "Won amount", "CNY", () => won],
  ["win_rate", "赢单率", "Win rate", "ratio", () => wins / (wins + 2473), () => wins, () => wins + 2473],
  ["win_rate_value", "赢单率（金额）", "Win rate by value", "ratio", () => 0.5871, 10_005_534, 17_042_300],
  ["average_deal_size", "平均单额", "Average deal size", "CNY", () => won / wins],
  ["cycle_median", "销售周期中位数", "Sales cycle, median", "days", () => 57],
  ["cycle_p90", "销售周期 P90", "Sales cycle, P90", "days", () => 106],
  ["orders_shipped", "发货订单数", "Orders shipped", "count", () => 3921],
  ["on_time_delivery", "准时交付率", "On-time delivery", "ratio", () => 0.931, 3650, 3921],
  ["receipts", "回款金额", "Receipts", "CNY", () => 8_412_900],
  ["collection_rate", "回款率", "Collection rate", "ratio", () => 0.8408, 8_412_900, 10_005_534],
  ["complaints_open", "未结投诉数", "Open complaints", "count", () => 14],
  ["complaint_response_time", "投诉响应时间", "Complaint response time", "minutes", () => 185],
  ["attainment", "目标达成率", "Target attainment", "ratio", () => null, null, null],
];

const call = (value) => (typeof value === "function" ? value() : (value ?? null));

function kpis(lang) {
  const list = names.map(([name, zh, en, unit, value, numerator, denominator]) => {
    const none = flag("empty") && !["count", "CNY"].includes(unit);
    const nought = flag("empty") ? 0 : call(value);
    const label = lang === "zh" ? zh : en;
    return { name, label, unit, value: none ? null : nought, numerator: none ? 0 : call(numerator), denominator: none ? 0 : call(denominator) };
  });
  if (!flag("dollars")) return list;
  const also = list.filter(({ unit }) => unit === "CNY").map((kpi) => ({ ...kpi, unit: "USD", value: kpi.value / 7 }));
  return [...list, ...also];
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
  const days = { from: url.searchParams.get("from"), to: url.searchParams.get("to"), as_of };
  switch (url.pathname) {
    case "/kpis":
      return { ...days, kpis: kpis(lang) };
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
      return { as_of, ...handoffs() };
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

function fake(url, response) {
  if (url.pathname === "/fake/win") win(Number(url.searchParams.get("amount") ?? 12_000));
  if (url.pathname === "/fake/expire") token = `fake-${Date.now()}`;
  if (url.pathname === "/fake/drop") for (const stream of streams) stream.destroy();
  if (url.pathname === "/fake/break") broken = url.searchParams.get("on") === "1";
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
  const body = answer(url);
  if (body) return given === token ? json(200, body) : json(401, { title: "Token expired", status: 401 });
  const file = join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname));
  const content = await readFile(file).catch(() => null);
  response.writeHead(content ? 200 : 404, { "content-type": types[extname(file)] ?? "text/plain" });
  return response.end(content ?? "not found");
});

server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
if (!flag("still")) setInterval(() => win(12_000), 4_000);
