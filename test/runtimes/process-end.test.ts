import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpServer, reply, startHttpServer } from "../support/http-server.js";
import { nodeBinary } from "../support/node-versions.js";
import { installProgram } from "../support/run-runtime-program.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

/** How long a program may take to exit after its call, on a busy machine. A leftover timer would keep it alive for 30 seconds. */
const MAX_EXIT_MS = 15_000;

const WAYS = ["the default dispatcher", "a dispatcher", "the global fetch", "another global dispatcher"];

const ENDS = [
  ["with a response", "READY"],
  ["when timeoutMs passes", "KioskTimeoutError"],
  ["when deadlineMs passes", "KioskTimeoutError"],
  ["when its signal aborts", "TimeoutError"],
  ["when its token does not come", "KioskTimeoutError"],
] as const;

let server: HttpServer;
let program: string;

beforeAll(async () => {
  program = installProgram("one-call.mjs");
  server = await startHttpServer((response, request) => {
    if (!request.path.includes("/silent/")) reply(200, WISE_EXAMPLES.ready)(response, request);
  });
});

afterAll(() => server[Symbol.asyncDispose]());

describe.each(["20.18", "26"] as const)("under Node.js %s", (version) => {
  describe.each(WAYS)("a program that makes one call through %s", (way) => {
    it.each(ENDS)("exits when its call ends %s", async (end, outcome) => {
      const child = spawn(nodeBinary(version), [program, server.url, way, end], { timeout: 40_000 });
      let printed = "";
      let calledAt = Number.NaN;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        calledAt = performance.now();
      });
      const [code] = await once(child, "close");
      expect([printed.trim(), code]).toEqual([outcome, 0]);
      expect(performance.now() - calledAt).toBeLessThan(MAX_EXIT_MS);
    });
  });
});
