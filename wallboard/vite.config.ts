import { defineConfig } from "vitest/config";

/** A running performance service (or the fake one) for `npm run dev`. */
const service = "http://127.0.0.1:8080";
const routes = ["/session", "/kpis", "/explain", "/funnel", "/leaderboard", "/handoffs", "/organisation", "/targets", "/live"];

export default defineConfig({
  base: "./",
  build: { target: "es2022", assetsInlineLimit: 0 },
  server: { proxy: Object.fromEntries(routes.map((route) => [route, service])) },
  test: { include: ["test/**/*.test.ts"] },
});
