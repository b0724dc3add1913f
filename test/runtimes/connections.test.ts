import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { consumer } from "../support/consumer.js";
import { ALL_WORKS, runPrintProgram } from "../support/run-print-program.js";
import { runtimeBinary } from "../support/runtime-binary.js";
import { RUNTIMES, type RuntimeCommand } from "../support/runtimes.js";

let program: string;

beforeAll(() => {
  program = join(consumer().folder, "esm/connections.mjs");
  cpSync(fileURLToPath(new URL("../package/bundle-program.mjs", import.meta.url)), program);
});

it.each(RUNTIMES.filter(([name]) => name !== "Bun"))(
  "prints over plain, mTLS and proxied connections, and receives a webhook, under %s",
  async (_name, command) => {
    expect(await runPrintProgram(command, program)).toEqual(ALL_WORKS);
  },
);

it("prints over plain, mTLS and proxied connections under Deno with the permissions that RUNTIMES.md names", async () => {
  const page = readFileSync(new URL("../../src/RUNTIMES.md", import.meta.url), "utf8");
  const [variables = ""] = /--allow-env=\w+(,\w+)*/.exec(page) ?? [];
  const command: RuntimeCommand = [runtimeBinary("deno"), "run", "--no-lock", "--no-prompt", "--allow-net", variables];
  expect(await runPrintProgram(command, program)).toEqual(ALL_WORKS);
});

it("prints over a plain connection, receives a webhook, and refuses a client certificate under Bun", async () => {
  const [bun] = RUNTIMES.filter(([name]) => name === "Bun");
  const refused = {
    printed: {
      code: "ERR_ARGUMENT",
      argument: "mtls",
      message: expect.stringContaining("Bun"),
      mayHaveTakenEffect: false,
    },
    attempts: 0,
  };
  expect(await runPrintProgram(bun?.[1] ?? [""], program)).toEqual({
    results: { ...ALL_WORKS.results, mtls: refused, proxy: refused },
    requests: { plain: 1, mtls: 0, proxy: 0 },
    responses: ALL_WORKS.responses,
  });
});
