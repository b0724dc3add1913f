import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { consumer, runAsConsumer, runForJson } from "../support/consumer.js";
import { SPECIFIERS } from "../support/entry-points.js";
import { NODE_VERSIONS, nodeBinary } from "../support/node-versions.js";
import { runtimeBinary } from "../support/runtime-binary.js";

const MAIN = "wise-card-kiosk";
const WITH_MSW = "wise-card-kiosk/testing/msw";

const load = (format: "esm" | "cjs", name: string): string =>
  format === "esm" ? `await import("${name}")` : `require("${name}")`;

describe.each(NODE_VERSIONS)("under Node.js %s", (version) => {
  const node = nodeBinary(version);

  it.each(SPECIFIERS)("%s can be imported and required, with the same exports", (name) => {
    const namesIn = (format: "esm" | "cjs"): unknown =>
      runForJson(format, `console.log(JSON.stringify(Object.keys(${load(format, name)}).sort()))`, node);
    const imported = namesIn("esm");
    expect(imported).not.toHaveLength(0);
    // MSW's own CommonJS build requires an ES module, which Node.js supports from 20.19 on.
    if (version === "20.18" && name === WITH_MSW) expect(() => namesIn("cjs")).toThrow("ERR_REQUIRE_ESM");
    else expect(namesIn("cjs")).toEqual(imported);
  });
});

describe.each([
  ["bun", "--eval"],
  ["deno", "eval"],
] as const)("under %s", (runtime, evaluate) => {
  it.each(SPECIFIERS)("%s can be imported", (name) => {
    // MSW keeps a program under Deno alive.
    const end = name === WITH_MSW ? "process.exit()" : "";
    const source = `console.log(Object.keys(await import("${name}")).length); ${end}`;
    const cwd = join(consumer().folder, "esm");
    const printed = execFileSync(runtimeBinary(runtime), [evaluate, source], {
      cwd,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(Number(printed)).toBeGreaterThan(0);
  });
});

describe("importing the package", () => {
  it.each(["esm", "cjs"] as const)("preserves the names of classes (%s)", (format) => {
    const names = runForJson(
      format,
      `const exports = ${load(format, MAIN)};
       const classes = Object.entries(exports).filter(([key, value]) => key.startsWith("Kiosk") && typeof value === "function");
       console.log(JSON.stringify(classes.map(([key, value]) => [key, value.name])));`,
    );
    expect(names).toHaveLength(20);
    for (const [key, name] of names as [string, string][]) expect(name).toBe(key);
  });

  it.each([
    ["esm", `import { createRequire } from "node:module"; const { cache } = createRequire(import.meta.url);`],
    ["cjs", `const { cache } = require;`],
  ] as const)("does not load undici before a call needs it (%s)", (format, cacheOfModules) => {
    const isLoaded = (afterCall: boolean): unknown =>
      runForJson(
        format,
        `${cacheOfModules}
         (async () => {
           const { WiseKioskClient } = ${load(format, MAIN)};
           const kiosk = new WiseKioskClient({ baseUrl: "http://127.0.0.1:1", token: "token", maxRetries: 0 });
           if (${afterCall}) await kiosk.getProductionStatus({ profileId: 1, cardToken: "c" }).catch(() => undefined);
           console.log(Object.keys(cache).some((path) => path.includes("/node_modules/undici/")));
         })();`,
      );
    expect([isLoaded(false), isLoaded(true)]).toEqual([false, true]);
  });

  it("works in CommonJS if a sandbox rejects import(), as in Jest", () => {
    const outcome = runAsConsumer(
      "cjs",
      `const { readFileSync } = require("node:fs");
       const { createRequire, wrap } = require("node:module");
       const vm = require("node:vm");
       const file = require.resolve("${MAIN}");
       const sandboxed = { exports: {} };
       vm.runInThisContext(wrap(readFileSync(file, "utf8")))(sandboxed.exports, createRequire(file), sandboxed);
       const kiosk = new sandboxed.exports.WiseKioskClient({ baseUrl: "http://127.0.0.1:1", token: "token", maxRetries: 0 });
       kiosk.getProductionStatus({ profileId: 1, cardToken: "c" }).catch((error) => console.log(error.code, error.cause.code));`,
    );
    expect(outcome).toBe("ERR_CONNECTION ECONNREFUSED");
  });

  it("does not keep a process alive when imported", () => {
    expect(
      runAsConsumer("cjs", `${SPECIFIERS.map((name) => `require("${name}")`).join(";")}; console.log("ends")`),
    ).toBe("ends");
  });
});
