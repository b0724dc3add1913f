import { join } from "node:path";

/**
 * Writes what Rollup or Rolldown has bundled into a folder, with more output options of that bundler. Returns the path of the
 * bundle.
 */
export async function writeBundle(bundled, folder, format, more = {}) {
  const extension = format === "esm" ? "mjs" : "cjs";
  await bundled.write({
    dir: folder,
    format,
    entryFileNames: `main.${extension}`,
    chunkFileNames: `[name].${extension}`,
    ...more,
  });
  await bundled.close();
  return join(folder, `main.${extension}`);
}
