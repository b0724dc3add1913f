import { defineConfig, type Options } from "tsup";
import manifest from "./package.json";

/** The entry points, from the `exports` of package.json: `dist/<path>.js` is built from `src/<path>.ts`. */
const entry = Object.values(manifest.exports)
  .filter((target) => typeof target === "object")
  .map(({ import: { default: built } }) => built.replace(/^\.\/dist\/(.+)\.js$/, "src/$1.ts"));

const both: Options = {
  entry,
  target: "es2022",
  dts: true,
  // Deno and workers resolve the modules of Node.js only by their `node:` names.
  removeNodeProtocol: false,
};

export default defineConfig([
  { ...both, format: "esm" },
  {
    ...both,
    format: "cjs",
    // jose is ESM only, so it is bundled. With shared chunks, a build that contains jose does not run.
    noExternal: ["jose"],
    splitting: false,
    esbuildOptions(options) {
      // `import()` fails in runners that load CommonJS in a sandbox, as Jest does by default.
      options.supported = { ...options.supported, "dynamic-import": false };
    },
  },
]);
