import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { consumer } from "../support/consumer.js";

interface ImportGraph {
  /** The packages, that of the file included. */
  readonly packages: string[];
  /** The modules that a neutral bundler leaves outside. */
  readonly outside: string[];
  /** The files of this package. */
  readonly own: string[];
}

/** Returns what a built file imports, directly and indirectly. */
async function importGraph(file: string): Promise<ImportGraph> {
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
  // `<runtime>` stands for helpers that the bundler adds.
  const isOutside = ({ external, path }: { external?: boolean; path: string }) => external && path !== "<runtime>";
  const outside = inputs.flatMap(([, { imports }]) => imports.filter(isOutside));
  const own = inputs.map(([path]) => path).filter((path) => path.startsWith("node_modules/wise-card-kiosk/"));
  return { packages: [...new Set(names)].sort(), outside: outside.map(({ path }) => path), own };
}

describe("the built files", () => {
  it.each([
    ["webhooks/index.js", ["jose", "wise-card-kiosk", "zod"]],
    ["cjs/webhooks/index.js", ["wise-card-kiosk", "zod"]],
  ])("%s imports neither undici nor a module of Node.js", async (file, packages) => {
    expect(await importGraph(file)).toMatchObject({ packages, outside: [] });
  });

  it.each(["webhooks/node.js", "cjs/webhooks/node.js"])("%s imports no other package", async (file) => {
    const { packages, outside } = await importGraph(file);
    expect(packages).toEqual(["wise-card-kiosk"]);
    expect(outside.filter((path) => !path.startsWith("node:"))).toEqual([]);
  });

  it.each(["testing/index.js", "cjs/testing/index.js"])("%s does not import MSW, which is optional", async (file) => {
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

/** Words that only the program contains: of the command line, and of its sandbox. */
const OF_PROGRAM = ["WISE_SANDBOX_TOKEN", "/_sandbox/"];

const LIBRARY = Object.values(manifest.exports)
  .filter((target) => typeof target === "object")
  .flatMap((target) => [target.import.default, target.require.default])
  .map((path) => path.replace("./dist/", ""));

async function findProgramWords(file: string): Promise<string[]> {
  const { own } = await importGraph(file);
  const code = own.map((path) => readFileSync(join(consumer().folder, path), "utf8")).join("\n");
  return OF_PROGRAM.filter((word) => code.includes(word));
}

describe("the program", () => {
  it.each(LIBRARY.filter((file) => !file.includes("msw")))("%s contains nothing of the program", async (file) => {
    expect(await findProgramWords(file)).toEqual([]);
  });

  it("command/main.js contains the words of the program, so these tests can detect them", async () => {
    expect(await findProgramWords("command/main.js")).toEqual(OF_PROGRAM);
  });
});
