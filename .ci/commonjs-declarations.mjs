// Completes the CommonJS build with the declarations of the ESM build. A package.json beside them says that they are CommonJS. As
// files of the same names and contents, they add almost nothing to the tarball.
import { cpSync, readdirSync, writeFileSync } from "node:fs";

const [dist, commonjs] = ["dist", "dist/cjs"];

for (const path of readdirSync(dist, { recursive: true })) {
  if (path.endsWith(".d.ts")) cpSync(`${dist}/${path}`, `${commonjs}/${path}`);
}
writeFileSync(`${commonjs}/package.json`, `${JSON.stringify({ type: "commonjs", sideEffects: false })}\n`);
