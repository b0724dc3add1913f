import { defineConfig } from "vitest/config";

export default defineConfig({
  // Tests and examples import `wise-card-kiosk` by its name; tsconfig.json leads that to `src`.
  resolve: { tsconfigPaths: true },
  test: { globalSetup: "test/runtimes/runtime-binary.ts", include: ["test/**/*.test.ts"] },
});
