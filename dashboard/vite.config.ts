import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { licenses } from "./scripts/licenses.ts";

/** Where a local `trad serve` listens while the dashboard is worked on (`npm run dev`). */
const SERVER = process.env.TRAD_SERVER ?? "http://127.0.0.1:8400";

export default defineConfig({
  plugins: [react(), licenses()],
  build: {
    outDir: process.env.TRAD_DASHBOARD_OUT ?? "../src/trad/server/static",
    emptyOutDir: true,
    // Inlined as `data:` they would need their own permission in the Content-Security-Policy.
    assetsInlineLimit: 0,
    // The polyfill is a script inside the page, which the policy forbids; every browser of today preloads.
    modulePreload: { polyfill: false },
    target: "es2022",
    manifest: true,
    // The budget below (scripts/budget.mjs) is what counts: compressed, and with all that comes along.
    chunkSizeWarningLimit: 1000,
  },
  server: {
    proxy: {
      "/api": { target: SERVER, changeOrigin: true },
      "/login": { target: SERVER, changeOrigin: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    // A machine that checks much at once is slow: what hangs is told from what waits.
    testTimeout: 60_000,
    css: false,
  },
});
