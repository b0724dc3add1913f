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

/** Bundles the test programs with the entry points as they are published. */
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

/** Returns a configuration of workerd with one worker. */
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

/**
 * Returns the cases that a program reports as passed.
 *
 * @throws {Error} if the program ends with an error.
 */
function passed(program: string, ...args: readonly string[]): unknown {
  const output = execFileSync(program, args, { cwd: directory, encoding: "utf8", stdio: "pipe", timeout: 60_000 });
  return JSON.parse(output.slice(output.indexOf("[")));
}

describe("/webhooks", () => {
  const all = Object.keys(conformance);

  it.each(NODE_VERSIONS)("/webhooks passes its conformance cases on Node.js %s", (version) => {
    expect(passed(nodeBinary(version), "run-webhooks.mjs")).toEqual(all);
  });

  it("/webhooks passes its conformance cases on Bun", () => {
    expect(passed(runtimeBinary("bun"), "run-webhooks.mjs")).toEqual(all);
  });

  it("/webhooks passes its conformance cases on Deno without any permission", () => {
    expect(passed(runtimeBinary("deno"), "run", "--no-prompt", "--no-remote", "run-webhooks.mjs")).toEqual(all);
  });

  it.each(["2023-07-01", "2026-11-01"])(
    "/webhooks passes its conformance cases on workerd as of %s, without code generation from strings",
    (date) => {
      writeFileSync(join(directory, "test.capnp"), workerdConfig("run-workerd.mjs", date));
      expect(passed(runtimeBinary("workerd"), "test", "--verbose", "test.capnp")).toEqual(all);
    },
  );

  it("one /webhooks handler serves simultaneous and successive requests on workerd", async () => {
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
      const responses = await Promise.all(Array.from({ length: 10 }, () => deliver(url)));
      expect(responses.map(({ status }) => status)).toEqual(Array.from(responses, () => 200));
    }
    expect((await deliver(url, productionBody(), signedHeaders("another body"))).status).toBe(503);
  });
});

describe("/webhooks/node", () => {
  const all = Object.keys(listenerConformance);

  it.each(NODE_VERSIONS)("/webhooks/node passes its conformance cases on Node.js %s", (version) => {
    expect(passed(nodeBinary(version), "run-listener.mjs")).toEqual(all);
  });

  it("/webhooks/node passes its conformance cases on Bun", () => {
    expect(passed(runtimeBinary("bun"), "run-listener.mjs")).toEqual(all);
  });

  it("/webhooks/node passes its conformance cases on Deno with network permission only", () => {
    const permission = "--allow-net=127.0.0.1";
    expect(passed(runtimeBinary("deno"), "run", "--no-prompt", "--no-remote", permission, "run-listener.mjs")).toEqual(
      all,
    );
  });
});
