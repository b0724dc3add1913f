import { join } from "node:path";

/** Writes what Rollup or Rolldown has bundled into a folder. Returns the path of the bundle. */
export async function writeBundle(bundled, folder, format) {
  const extension = format === "esm" ? "mjs" : "cjs";
  await bundled.write({
    dir: folder,
    format,
    entryFileNames: `main.${extension}`,
    chunkFileNames: `[name].${extension}`,
  });
  await bundled.close();
  return join(folder, `main.${extension}`);
}
