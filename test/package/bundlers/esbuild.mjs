import { join } from "node:path";
import { build } from "esbuild";

/** Bundles with esbuild. The packages in `external` are left out; `banner` is put in front. */
export async function bundle(
  program,
  folder,
  { format, external = [], minify = false, banner = "", platform = "node" },
) {
  const outfile = join(folder, format === "esm" ? "main.mjs" : "main.cjs");
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform,
    format,
    external,
    minify,
    banner: { js: banner },
    logLevel: "error",
  });
  return outfile;
}
