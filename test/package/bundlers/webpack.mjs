import { join } from "node:path";
import { promisify } from "node:util";
import webpack from "webpack";
import { isExternal } from "./is-external.mjs";

/** Bundles with webpack. The packages in `external` are left out. */
export async function bundle(program, folder, { format, target = "node", external = [], minify = false }) {
  const esm = format === "esm";
  const extension = esm ? "mjs" : "cjs";
  const compiler = webpack({
    mode: "production",
    target,
    entry: program,
    experiments: { outputModule: esm },
    externals: async ({ request }) => isExternal(external)(request) && `${esm ? "module" : "commonjs"} ${request}`,
    optimization: { minimize: minify },
    output: {
      path: folder,
      filename: `main.${extension}`,
      chunkFilename: `[name].${extension}`,
      library: { type: esm ? "module" : "commonjs2" },
    },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  const { errors } = stats.toJson({ all: false, errors: true });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return join(folder, `main.${extension}`);
}
