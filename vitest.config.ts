import { defineConfig } from "vitest/config";

/** Tests of the package as it is published, and under other runtimes: they build, pack and install it first. */
const PACKED = "test/{package,runtimes}/**/*.test.ts";

export default defineConfig({
  // Tests and examples import `wise-card-kiosk` by its name; tsconfig.json leads that to `src`.
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      {
        extends: true,
        test: { name: "source", include: ["test/**/*.test.ts"], exclude: [PACKED] },
      },
      {
        extends: true,
        test: {
          name: "packed",
          include: [PACKED],
          globalSetup: ["test/support/runtime-binary.ts", "test/support/consumer.ts"],
          testTimeout: 120_000,
          // After the others: some of those bound how long a call may take.
          sequence: { groupOrder: 1 },
        },
      },
    ],
    coverage: {
      include: ["src/**"],
      reporter: ["text-summary", "html"],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
