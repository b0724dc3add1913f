import { rolldown } from "rolldown";
import { isExternal } from "./is-external.mjs";
import { writeBundle } from "./write-bundle.mjs";

/** Bundles with Rolldown, which prints its warnings. The packages in `external` are left out. */
export async function bundle(program, folder, { format, external = [], platform = "node", inOneFile = false }) {
  const bundled = await rolldown({
    input: program,
    platform,
    external: isExternal(external),
  });
  return writeBundle(bundled, folder, format, { codeSplitting: !inOneFile });
}
