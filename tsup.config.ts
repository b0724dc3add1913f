import { existsSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

/** The entry points; each is `dist/<path>` under the name that it has in `src`, and one of the `exports` of package.json. */
const entry = ["index", "schemas/index", "webhooks/index", "webhooks/node", "testing/index", "testing/msw"]
  .map((path) => `src/${path}.ts`)
  .filter((file) => existsSync(file));

const both: Options = {
  entry,
  target: "es2022",
  dts: true,
  // Deno and workers know the modules of Node.js by their `node:` names only.
  removeNodeProtocol: false,
};

export default defineConfig([
  { ...both, format: "esm" },
  {
    ...both,
    format: "cjs",
    // jose is ESM only. Split into shared chunks, a build with jose in it does not run.
    noExternal: ["jose"],
    splitting: false,
    esbuildOptions(options) {
      // A bare `import()` fails in runners that load CommonJS in a sandbox, as Jest does by default.
      options.supported = { ...options.supported, "dynamic-import": false };
    },
  },
]);
