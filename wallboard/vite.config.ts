import { defineConfig } from "vitest/config";

/** A running performance service, such as `make run` starts, for `npm run dev`. */
const service = "http://127.0.0.1:8080";
const routes = ["/services", "/session", "/kpis", "/explain", "/funnel", "/leaderboard", "/handoffs", "/ageing", "/wins", "/forecast", "/organisation", "/live"];

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: { boards: "index.html", desk: "desk/index.html" } },
  },
  server: { fs: { allow: [".."] }, proxy: Object.fromEntries(routes.map((route) => [route, service])) },
  test: { include: ["test/**/*.test.ts"] },
});
