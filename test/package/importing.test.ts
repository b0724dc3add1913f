import { describe, expect, test } from "vitest";
import { NODE_VERSIONS, nodeBinary } from "../runtimes/node-versions.js";
import { run, runForJson } from "./consumer.js";
import { ENTRY_POINTS } from "./entry-points.js";

const MAIN = "wise-card-kiosk";

describe.each(NODE_VERSIONS)("under Node.js %s", (version) => {
  const node = nodeBinary(version);

  test.each(ENTRY_POINTS)("%s can be imported and required, and is the same to both", (name) => {
    const imported = runForJson(
      "esm",
      `console.log(JSON.stringify(Object.keys(await import("${name}")).sort()))`,
      node,
    );
    const required = runForJson("cjs", `console.log(JSON.stringify(Object.keys(require("${name}")).sort()))`, node);
    expect(imported).not.toHaveLength(0);
    expect(required).toEqual(imported);
  });
});

describe("importing", () => {
  test.each(["esm", "cjs"] as const)("gives classes their names (%s)", (format) => {
    const load = format === "esm" ? `await import("${MAIN}")` : `require("${MAIN}")`;
    const names = runForJson(
      format,
      `const exports = ${load};
       const classes = Object.entries(exports).filter(([key, value]) => key.startsWith("Kiosk") && typeof value === "function");
       console.log(JSON.stringify(classes.map(([key, value]) => [key, value.name])));`,
    );
    expect(names).toHaveLength(17);
    for (const [key, name] of names as [string, string][]) expect(name).toBe(key);
  });

  test("does not load undici before a call needs it", () => {
    const loaded = (rest: string): unknown =>
      runForJson(
        "esm",
        `import { createRequire } from "node:module";
         import { WiseKioskClient } from "${MAIN}";
         const kiosk = new WiseKioskClient({ baseUrl: "http://127.0.0.1:1", token: "token", maxRetries: 0 });
         ${rest}
         const { cache } = createRequire(import.meta.url);
         console.log(Object.keys(cache).some((path) => path.includes("/node_modules/undici/")));`,
      );
    expect(loaded("")).toBe(false);
    expect(loaded(`await kiosk.getProductionStatus({ profileId: 1, cardToken: "c" }).catch(() => undefined);`)).toBe(
      true,
    );
  });

  test("works in CommonJS where a sandbox refuses import(), as Jest's does", () => {
    const outcome = run(
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

  test("leaves nothing behind that keeps a process alive", () => {
    expect(run("cjs", `${ENTRY_POINTS.map((name) => `require("${name}")`).join(";")}; console.log("ends")`)).toBe(
      "ends",
    );
  });
});
