import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { makeAuthority } from "../support/certificates.js";
import { consumer } from "../support/consumer.js";
import { installProgram } from "../support/run-runtime-program.js";
import { runtimeBinary } from "../support/runtime-binary.js";

const mtls = makeAuthority().issue("your-bank");

let folder: string;

beforeAll(async () => {
  const program = installProgram("worker.mjs");
  folder = join(consumer().folder, "worker");
  await build({
    entryPoints: [program],
    outfile: join(folder, "worker.mjs"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*"],
  });
});

/** Runs the worker with the defaults of workerd on a day, and returns what it prints. */
function runWorker(compatibilityDate: string): string {
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = (
  modules = [(name = "worker", esModule = embed "worker.mjs")],
  compatibilityDate = "${compatibilityDate}",
  bindings = [(name = "SELF", service = "main"), (name = "MTLS", json = ${JSON.stringify(JSON.stringify(mtls))})],
))]);
`;
  writeFileSync(join(folder, "worker.capnp"), config);
  const args = ["test", "--verbose", "worker.capnp"];
  return execFileSync(runtimeBinary("workerd"), args, {
    cwd: folder,
    encoding: "utf8",
    stdio: "pipe",
    timeout: 60_000,
  });
}

/** Runs the worker on a day with all modules of Node.js, and returns the results that it prints. */
function workerResults(): Record<string, unknown> {
  const printed = runWorker("2026-11-01");
  return JSON.parse(printed.slice(printed.indexOf("{")));
}

describe("the client in a worker", () => {
  it("each call is rejected on workerd, which has no undici, with the advice to pass fetch", () => {
    const refused = (argument: string) => ({
      code: "ERR_ARGUMENT",
      argument,
      message: expect.stringMatching(/^\w+ .* because undici could not be loaded.* pass `fetch` instead$/),
      mayHaveTakenEffect: false,
    });
    expect(workerResults()).toMatchObject({
      default: refused("dispatcher"),
      mtls: refused("mtls"),
      fetch: "IN_PROGRESS",
    });
  });

  it("a time limit passes in the second request of a worker, as in the first", () => {
    expect(workerResults()["requests"]).toEqual(["IN_PROGRESS", "ERR_TIMEOUT"]);
  });

  it("a worker without the modules of Node.js does not start, and names a missing one", () => {
    expect(() => runWorker("2025-01-01")).toThrow(/No such module "node:\w+"/);
  });
});
