import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { globalSetup: "test/runtimes/runtime-binary.ts", include: ["test/**/*.test.ts"] },
});
