import { builtinModules } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { consumer } from "../support/consumer.js";

/** Returns the packages of a built file and of everything it imports, and the modules that a neutral bundler leaves outside. */
async function importGraph(file: string): Promise<{ packages: string[]; outside: string[] }> {
  const { metafile } = await build({
    entryPoints: [join(consumer().folder, "node_modules/wise-card-kiosk/dist", file)],
    absWorkingDir: consumer().folder,
    bundle: true,
    write: false,
    metafile: true,
    platform: "neutral",
    mainFields: ["module", "main"],
    external: ["node:*", ...builtinModules],
    logLevel: "silent",
  });
  const inputs = Object.entries(metafile.inputs);
  const names = inputs.map(([path]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? path);
  const outside = inputs.flatMap(([, { imports }]) => imports.filter(({ external }) => external));
  return { packages: [...new Set(names)].sort(), outside: outside.map(({ path }) => path) };
}

describe("the built files", () => {
  it.each([
    ["webhooks/index.js", ["jose", "wise-card-kiosk", "zod"]],
    ["webhooks/index.cjs", ["wise-card-kiosk", "zod"]],
  ])("%s imports neither undici nor a module of Node.js", async (file, packages) => {
    expect(await importGraph(file)).toEqual({ packages, outside: [] });
  });

  it.each(["webhooks/node.js", "webhooks/node.cjs"])("%s imports no other package", async (file) => {
    const { packages, outside } = await importGraph(file);
    expect(packages).toEqual(["wise-card-kiosk"]);
    expect(outside.filter((path) => !path.startsWith("node:"))).toEqual([]);
  });

  it.each(["testing/index.js", "testing/index.cjs"])("%s does not import MSW, which is optional", async (file) => {
    const { packages, outside } = await importGraph(file);
    expect(packages).toContain("wise-card-kiosk");
    expect([...packages, ...outside].join(" ")).not.toContain("msw");
  });

  it("index.js imports undici and modules of Node.js, so these tests can detect them", async () => {
    const { packages, outside } = await importGraph("index.js");
    expect(packages).toContain("undici");
    expect(outside).not.toEqual([]);
  });
});
