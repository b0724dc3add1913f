import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";
import { isExternal } from "./is-external.mjs";
import { writeBundle } from "./write-bundle.mjs";

const PLUGINS = {
  "node-resolve": () => nodeResolve(),
  "node-resolve for browsers": () => nodeResolve({ browser: true }),
  commonjs: () => commonjs(),
};

/** Bundles with Rollup, which prints its warnings, and these plugins. The packages in `external` are left out. */
export async function bundle(program, folder, { format, external = [], plugins, inOneFile = false }) {
  const bundled = await rollup({
    input: program,
    external: isExternal(external),
    plugins: plugins.map((name) => PLUGINS[name]()),
  });
  return writeBundle(bundled, folder, format, { inlineDynamicImports: inOneFile });
}
