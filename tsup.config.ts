import { defineConfig, type Options } from "tsup";
import manifest from "./package.json";

/** Returns the source of a built file: `dist/<path>.js` is built from `src/<path>.ts`. */
const sourceFile = (built: string): string => built.replace(/^\.\/dist\/(.+)\.js$/, "src/$1.ts");

/** The entry points, from the `exports` of package.json. */
const entry = Object.values(manifest.exports)
  .filter((target) => typeof target === "object")
  .map((target) => sourceFile(target.import.default));

/** The programs, from `bin`. */
const programs = Object.values(manifest.bin).map(sourceFile);

type TerserOptions = NonNullable<Options["terserOptions"]>;

/** Returns options that keep marks for bundlers and, for stack traces, the names of classes and methods. */
function terserOptions(compress: TerserOptions["compress"] & object): TerserOptions {
  return {
    compress: { ...compress, keep_classnames: true },
    mangle: { keep_classnames: true },
    format: { preserve_annotations: true, ecma: 2020 },
  };
}

const both: Options = {
  entry,
  target: "es2022",
  dts: { entry },
  // Deno and workers resolve the modules of Node.js only by their `node:` names.
  removeNodeProtocol: false,
  // This halves the code in the tarball.
  minify: "terser",
  // Only what shortens statements and literals: the rest of `compress` makes bundles of users larger.
  terserOptions: terserOptions({
    defaults: false,
    booleans: true,
    comparisons: true,
    conditionals: true,
    directives: true,
    evaluate: true,
    if_return: true,
    join_vars: true,
    unused: true,
  }),
};

export default defineConfig([
  { ...both, format: "esm", entry: [...entry, ...programs] },
  {
    ...both,
    format: "cjs",
    outDir: "dist/cjs",
    outExtension: () => ({ js: ".js" }),
    // They are those of ESM: `.ci/commonjs-declarations.mjs` copies them.
    dts: false,
    // Bundlers prefer ESM, so this only needs to be small by itself.
    terserOptions: terserOptions({ passes: 2 }),
    // jose is ESM only, so it is bundled.
    noExternal: ["jose"],
    // Without shared chunks, each entry point would contain most of the others.
    splitting: true,
    esbuildOptions(options) {
      // `import()` fails in runners that load CommonJS in a sandbox, as Jest does by default.
      options.supported = { ...options.supported, "dynamic-import": false };
    },
  },
]);
