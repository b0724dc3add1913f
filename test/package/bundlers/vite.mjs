import { dirname, join } from "node:path";
import { build } from "vite";

/** Builds for the server with Vite, which leaves every package out unless it is in `ssr.noExternal`. */
export async function bundle(program, folder, { format, noExternal }) {
  const extension = format === "esm" ? "mjs" : "cjs";
  await build({
    root: dirname(program),
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal },
    build: {
      ssr: program,
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: {
        output: { format, entryFileNames: `main.${extension}`, chunkFileNames: `[name].${extension}` },
      },
    },
  });
  return join(folder, `main.${extension}`);
}
