import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ncc from "@vercel/ncc";

/** Bundles with ncc. The format of the bundle is that of the program. The packages in `external` are left out. */
export async function bundle(program, folder, { format, external = [] }) {
  const filename = format === "esm" ? "main.mjs" : "main.cjs";
  const { code, assets } = await ncc(program, { filename, externals: external, quiet: true, esm: format === "esm" });
  for (const [name, { source }] of [[filename, { source: code }], ...Object.entries(assets)]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), source);
  }
  return join(folder, filename);
}
