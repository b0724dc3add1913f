import { join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import { isExternal } from "./is-external.mjs";

/** Bundles with Rollup and the plugins for packages. The packages in `external` are left out. */
export async function bundle(program, folder, { format, external = [] }) {
  const extension = format === "esm" ? "mjs" : "cjs";
  const bundled = await rollup({
    input: program,
    external: isExternal(external),
    plugins: [nodeResolve({ preferBuiltins: true }), commonjs(), json()],
    onwarn: () => {},
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
