import { builtinModules } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { consumer } from "../support/consumer.js";

/** What a built file and everything it imports is made of, as a bundler for no runtime in particular finds it. */
async function graphOf(file: string): Promise<{ packages: string[]; outside: string[] }> {
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
  ])("of %s lead to no undici and to no module of Node.js", async (file, packages) => {
    expect(await graphOf(file)).toEqual({ packages, outside: [] });
  });

  it.each(["webhooks/node.js", "webhooks/node.cjs"])("of %s lead to no other package", async (file) => {
    const { packages, outside } = await graphOf(file);
    expect(packages).toEqual(["wise-card-kiosk"]);
    expect(outside.filter((path) => !path.startsWith("node:"))).toEqual([]);
  });

  it.each(["testing/index.js", "testing/index.cjs"])("of %s lead to no MSW: it is optional", async (file) => {
    const { packages, outside } = await graphOf(file);
    expect(packages).toContain("wise-card-kiosk");
    expect([...packages, ...outside].join(" ")).not.toContain("msw");
  });

  it("of the client do, so that this test is known to see it", async () => {
    const { packages, outside } = await graphOf("index.js");
    expect(packages).toContain("undici");
    expect(outside).not.toEqual([]);
  });
});
