import { expect, it } from "vitest";
import { runToEnd } from "../support/run-example.js";

const program = (name: string) => ["--import", "tsx", `test/testing/programs/${name}.ts`];

it("delayed requests, lagging reads, scripts and slow responses keep no process alive once the server is closed", async () => {
  const { exitCode, stdout, stderr } = await runToEnd(process.execPath, program("leave-work-behind"));
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toEqual({ late: "no response", slow: "no response" });
}, 70_000);

it("delayed requests and lagging reads follow the mocked timers of node:test, and targets do not", async () => {
  const { stdout } = await runToEnd(process.execPath, ["--test-reporter=tap", ...program("mocked-timers")]);
  expect(stdout).toContain("# pass 4\n# fail 0\n");
}, 60_000);
