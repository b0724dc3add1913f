import { expect, it } from "vitest";
import { runProgram } from "../support/run-runtime-program.js";
import { RUNTIMES } from "../support/runtimes.js";

it.each(RUNTIMES)("the simulator and the client of subscriptions work under %s", async (name, command) => {
  expect(await runProgram("simulator.mjs", command)).toEqual({
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
