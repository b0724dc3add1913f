import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { NODE_VERSIONS, nodeBinary } from "../support/node-versions.js";
import { runtimeBinary } from "../support/runtime-binary.js";
import manifest from "./package.json" with { type: "json" };

const print = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8", timeout: 60_000 });

const pinned: Record<string, string> = manifest.optionalDependencies;

describe("the runtimes that the tests start", () => {
  it.each(NODE_VERSIONS)("Node.js %s has the pinned version", (version) => {
    const [, exact] = pinned[`node-${version}-linux-x64`]?.split(/@(?=\d)/) ?? [];
    expect(print(nodeBinary(version), "--version").trim()).toBe(`v${exact}`);
  });

  it("Bun, Deno and workerd start", () => {
    expect(print(runtimeBinary("bun"), "--version")).toContain(pinned["@oven/bun-linux-x64"]);
    expect(print(runtimeBinary("deno"), "--version")).toContain(pinned["@deno/linux-x64-glibc"]);
    expect(print(runtimeBinary("workerd"), "--version")).toMatch(/^workerd \d{4}-\d\d-\d\d/);
  });
});
