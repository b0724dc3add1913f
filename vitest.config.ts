import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

/** Tests that build, pack and install the package first, and so take longer. */
const packed = (name: string, { setup = [] as string[], timeout = 120_000 } = {}): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    globalSetup: ["test/support/runtime-binary.ts", ...setup, "test/support/consumer.ts"],
    testTimeout: timeout,
    hookTimeout: timeout,
  },
});

/**
 * Files that do not run on Windows. It has no signals that a process could handle, and PostgreSQL refuses to run for an
 * administrator, as the machines of CI do.
 */
const NOT_ON_WINDOWS = [
  "test/command/{closed-output,interruption,refused-requests}.test.ts",
  "test/examples/{branch-backend,branch-backend-demo,print-one-card}.test.ts",
  "test/print-jobs/{apply-in-transaction,death,frozen-process}.test.ts",
  "test/print-jobs/{postgres-print-job-store,postgres-print-jobs-sql,print-jobs-on-postgres}.test.ts",
];
const notHere = ["**/node_modules/**", ...(process.platform === "win32" ? NOT_ON_WINDOWS : [])];

export default defineConfig({
  // Tests and examples import `wise-card-kiosk` by its name; tsconfig.json maps it to `src`.
  resolve: { tsconfigPaths: true },
  test: {
    // Threads would share what a process has open: a program that one file starts would hold the ports of another file for a moment,
    // and connections that must be refused would be accepted.
    pool: "forks",
    // Most tests wait for timers and connections, so there are twice as many workers as cores.
    maxWorkers: 2 * availableParallelism(),
    setupFiles: ["test/support/patient-waits.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "source",
          include: ["test/**/*.test.ts"],
          exclude: [...notHere, "test/{examples,package,runtimes,types,proofs}/**"],
          // A busy machine must not fail a test.
          testTimeout: 30_000,
          setupFiles: ["test/support/loopback-only.ts", "test/support/property-seed.ts"],
        },
      },
      // The examples run as programs of their own.
      {
        extends: true,
        test: { name: "examples", include: ["test/examples/**/*.test.ts"], exclude: notHere, testTimeout: 60_000 },
      },
      packed("package", {
        setup: ["test/support/compilers.ts", "test/support/bundlers.ts"],
        timeout: 300_000,
      }),
      packed("runtimes"),
      packed("types", { setup: ["test/support/compilers.ts"], timeout: 600_000 }),
      { extends: true, test: { name: "proofs", include: ["test/proofs/**/*.test.ts"], testTimeout: 600_000 } },
    ],
    coverage: {
      include: ["src/**/*.ts"],
      // It runs in a browser.
      exclude: ["src/sandbox/page/**"],
      reporter: ["text-summary"],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
