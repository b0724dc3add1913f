import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runtimeBinary } from "../support/runtime-binary.js";

/** The root of this repository, in which the name of the package resolves to the build. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const PROGRAM = fileURLToPath(new URL("../package/simulator-program.mjs", import.meta.url));

it.each([
  ["Node.js", process.execPath, []],
  ["Bun", runtimeBinary("bun"), []],
  ["Deno", runtimeBinary("deno"), ["run", "--allow-all"]],
])("the simulator behaves under %s as on every runtime", (name, program, args) => {
  const printed = execFileSync(program, [...args, PROGRAM], { cwd: ROOT, encoding: "utf8", timeout: 60_000 });
  expect(JSON.parse(printed)).toEqual({
    fetch: "READY",
    "loopback server": "READY",
    "connection-refused": ["ERR_CONNECTION", false],
    "connection-reset": ["ERR_CONNECTION", true],
    "lost-response": ["ERR_CONNECTION", true],
    timeout: ["ERR_TIMEOUT", true],
    "malformed-json": ["ERR_DECODE", null],
    "truncated-body": ["ERR_CONNECTION", true],
    "HTTP 503": ["ERR_SERVER", null],
    "after the faults": "READY",
    webhook: "READY",
    delivered: [404, 404, 404],
    subscribed: [true, 0],
    bypass: name === "Bun" ? expect.stringContaining("needs undici") : expect.stringContaining("ECONNREFUSED"),
  });
});
