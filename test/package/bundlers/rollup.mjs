import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import { isExternal } from "./is-external.mjs";
import { writeBundle } from "./write-bundle.mjs";

/** Bundles with Rollup and the plugins for packages. The packages in `external` are left out. */
export async function bundle(program, folder, { format, external = [] }) {
  const bundled = await rollup({
    input: program,
    external: isExternal(external),
    plugins: [nodeResolve({ preferBuiltins: true }), commonjs(), json()],
    onwarn: () => {},
  });
  return writeBundle(bundled, folder, format);
}
