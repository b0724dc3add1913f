import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * Tests that are left out. Some start processes, PostgreSQL or a browser, and no mutant is active there. One bundles the source, which
 * is another one in a mutation run. The others would take too long for each mutant.
 */
const SLOW = [
  "calls/histories",
  "calls/intent-model",
  "client/intents-across-processes",
  "command/{closed-output,completion-in-bash}",
  "following/{events-in-any-order,leaving}",
  "print-jobs/{apply-in-transaction,death,frozen-process,histories}",
  "print-jobs/{postgres-print-job-store,postgres-print-jobs-sql,print-jobs-on-postgres}",
  "sandbox/{jam-and-retry,page,page-html}",
  "subscriptions/{eight-processes,ensure-interleavings}",
  "testing/{refused-connections,subscriptions-conformance}",
  "text/linear-time",
  "webhooks/{examples,openssl}",
];

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** How `test-runner.mjs` starts Vitest: one worker, which `mutant-server.mjs` keeps. */
export default defineConfig({
  resolve: {
    tsconfigPaths: true,
    alias: [{ find: "../support/command-program.js", replacement: here("command-program.ts") }],
  },
  test: {
    pool: "threads",
    maxWorkers: 1,
    isolate: false,
    runner: here("mutant-server.mjs"),
    setupFiles: here("../support/property-seed.ts"),
    testTimeout: 30_000,
    // What a mutant has broken is often not closed either.
    hookTimeout: 3000,
    exclude: SLOW.map((name) => `test/${name}.test.ts`),
  },
});
