import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The package built, for programs that other runtimes run. */
export interface BuiltPackage extends Disposable {
  /** The URL of the main entry. */
  readonly main: string;
}

/** Builds the package into a folder of its own, from where its dependencies are found. */
export async function buildPackage(): Promise<BuiltPackage> {
  const folder = await mkdtemp(join(root, "node_modules", ".built-"));
  await build({
    config: false,
    entry: [join(root, "src/index.ts")],
    format: "esm",
    target: "es2022",
    outDir: folder,
    outExtension: () => ({ js: ".mjs" }),
    removeNodeProtocol: false,
    silent: true,
  });
  return {
    main: pathToFileURL(join(folder, "index.mjs")).href,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
