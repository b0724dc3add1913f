import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { consumer } from "../support/consumer.js";
import { productionBody } from "../support/event-bodies.js";
import { NODE_VERSIONS, nodeBinary } from "../support/node-versions.js";
import { runtimeBinary } from "../support/runtime-binary.js";
import { signedHeaders, wise } from "../support/signed-delivery.js";
import { deliver } from "../support/webhook-loopback.js";
import { conformance } from "./webhooks/conformance.js";
import { listenerConformance } from "./webhooks/listener-conformance.js";

let directory: string;

/** Makes programs of the tests and of the entry points as they are published. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "wise-card-kiosk-webhooks-"));
  const installed = join(consumer().folder, "node_modules/wise-card-kiosk/dist/webhooks");
  await build({
    entryPoints: ["run-webhooks", "run-listener", "run-workerd", "worker"].map(
      (name) => `test/runtimes/webhooks/${name}.ts`,
    ),
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*"],
    alias: {
      "wise-card-kiosk/webhooks/node": join(installed, "node.js"),
      "wise-card-kiosk/webhooks": join(installed, "index.js"),
    },
  });
}, 60_000);

/** A configuration of workerd with one worker. */
function workerdConfig(module: string, compatibilityDate: string, more = ""): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(
    name = "main",
    worker = (
      modules = [(name = "worker", esModule = embed "${module}")],
      compatibilityDate = "${compatibilityDate}",
      bindings = [(name = "PUBLIC_KEY", text = ${JSON.stringify(wise.publicKey)})],
    ),
  )],
  ${more}
);
`;
}

afterAll(() => rmSync(directory, { recursive: true }));

/** The cases that a program says have passed. It has failed where the program ends with an error. */
function passed(program: string, ...args: readonly string[]): unknown {
  const output = execFileSync(program, args, { cwd: directory, encoding: "utf8", stdio: "pipe", timeout: 60_000 });
  return JSON.parse(output.slice(output.indexOf("[")));
}

describe("/webhooks keeps its promises", () => {
  const all = Object.keys(conformance);

  it.each(NODE_VERSIONS)("on Node.js %s", (version) => {
    expect(passed(nodeBinary(version), "run-webhooks.mjs")).toEqual(all);
  });

  it("on Bun", () => {
    expect(passed(runtimeBinary("bun"), "run-webhooks.mjs")).toEqual(all);
  });

  it("on Deno, without any permission", () => {
    expect(passed(runtimeBinary("deno"), "run", "--no-prompt", "--no-remote", "run-webhooks.mjs")).toEqual(all);
  });

  it.each(["2023-07-01", "2026-11-01"])("on workerd as of %s, where no code can be made from text", (date) => {
    writeFileSync(join(directory, "test.capnp"), workerdConfig("run-workerd.mjs", date));
    expect(passed(runtimeBinary("workerd"), "test", "--verbose", "test.capnp")).toEqual(all);
  });

  it("on workerd from request to request, at the same time and one after the other", async () => {
    const sockets = 'sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],';
    writeFileSync(join(directory, "serve.capnp"), workerdConfig("worker.mjs", "2026-11-01", sockets));
    const worker = spawn(runtimeBinary("workerd"), ["serve", "--control-fd=3", "serve.capnp"], {
      cwd: directory,
      stdio: ["ignore", "ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void worker.kill());
    const [control] = await once(worker.stdio[3] as Readable, "data");
    const { port } = JSON.parse(String(control).split("\n")[0] ?? "");
    const url = `http://127.0.0.1:${port}/`;
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(url)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from(answers, () => 200));
    }
    expect((await deliver(url, productionBody(), signedHeaders("another body"))).status).toBe(503);
  });
});

describe("/webhooks/node keeps its promises", () => {
  const all = Object.keys(listenerConformance);

  it.each(NODE_VERSIONS)("on Node.js %s", (version) => {
    expect(passed(nodeBinary(version), "run-listener.mjs")).toEqual(all);
  });

  it("on Bun", () => {
    expect(passed(runtimeBinary("bun"), "run-listener.mjs")).toEqual(all);
  });

  it("on Deno, with the network alone", () => {
    const permission = "--allow-net=127.0.0.1";
    expect(passed(runtimeBinary("deno"), "run", "--no-prompt", "--no-remote", permission, "run-listener.mjs")).toEqual(
      all,
    );
  });
});
