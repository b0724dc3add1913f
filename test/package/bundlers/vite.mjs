import { dirname, join } from "node:path";
import { build } from "vite";

/**
 * Builds for the server with Vite, which leaves every package out unless it is in `ssr.noExternal`; or, if `platform` is
 * `"browser"`, for browsers, with all packages.
 */
export async function bundle(program, folder, { format, noExternal, platform = "node" }) {
  const extension = format === "esm" ? "mjs" : "cjs";
  await build({
    root: dirname(program),
    configFile: false,
    logLevel: "warn",
    ssr: { noExternal },
    build: {
      ssr: platform === "node",
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: {
        input: program,
        output: { format, entryFileNames: `main.${extension}`, chunkFileNames: `[name].${extension}` },
      },
    },
  });
  return join(folder, `main.${extension}`);
}
