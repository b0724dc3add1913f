import { join } from "node:path";
import { rolldown } from "rolldown";
import { isExternal } from "./is-external.mjs";

/** Bundles with Rolldown. The packages in `external` are left out. */
export async function bundle(program, folder, { format, external = [], platform = "node" }) {
  const extension = format === "esm" ? "mjs" : "cjs";
  const bundled = await rolldown({
    input: program,
    platform,
    external: isExternal(external),
    logLevel: "silent",
  });
  await bundled.write({
    dir: folder,
    format,
    entryFileNames: `main.${extension}`,
    chunkFileNames: `[name].${extension}`,
  });
  await bundled.close();
  return join(folder, `main.${extension}`);
}
