import { builtinModules } from "node:module";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** What an entry and everything it imports is made of, as a bundler for no runtime in particular finds it. */
async function graphOf(entry: string) {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", ...builtinModules],
    logLevel: "silent",
  });
  const inputs = Object.entries(metafile.inputs);
  return {
    files: inputs.map(([file]) => file),
    outside: inputs.flatMap(([, { imports }]) => imports.filter(({ external }) => external).map(({ path }) => path)),
  };
}

const packagesIn = (files: readonly string[]): string[] => {
  const names = files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
};

describe("the import graph", () => {
  it("of /webhooks holds jose and zod, nothing of Node.js, no undici and nothing of the client", async () => {
    const { files, outside } = await graphOf("src/webhooks/index.ts");
    expect(outside).toEqual([]);
    expect(packagesIn(files)).toEqual(["jose", "zod"]);
    const folders = files.filter((file) => file.startsWith("src/")).map((file) => file.split("/")[1]);
    expect([...new Set(folders)].sort()).toEqual(["decoding", "errors", "production", "schemas", "text", "webhooks"]);
  });

  it("of /webhooks/node holds no package at all, so that it costs nothing beside /webhooks", async () => {
    const { files, outside } = await graphOf("src/webhooks/node.ts");
    expect(outside.filter((path) => !path.startsWith("node:"))).toEqual([]);
    expect(packagesIn(files)).toEqual([]);
  });

  it("is looked at with eyes that see: the one of the transport holds undici and Node.js", async () => {
    const { files, outside } = await graphOf("src/transport/choose-transport.ts");
    expect(packagesIn(files)).toContain("undici");
    expect(outside.some((path) => builtinModules.includes(path.replace("node:", "")))).toBe(true);
  });
});
