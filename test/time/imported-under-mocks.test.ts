import { expect, it } from "vitest";
import { runToEnd } from "../support/run-example.js";

const program = ["--import", "tsx", "--test-reporter=tap", "test/time/programs/imported-under-mocks.ts"];

it("time limits pass if the package is imported while node:test mocks timers", async () => {
  const { stdout } = await runToEnd(process.execPath, program);
  expect(stdout).toContain("# pass 3\n# fail 0\n");
}, 60_000);
