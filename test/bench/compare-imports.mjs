// Compares how long a new process takes to import a package and to end, beside one that imports nothing.
import { spawnSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { medianOf, quartilesOf } from "./statistics.mjs";

const cwd = fileURLToPath(new URL(".", import.meta.url));

/** @returns for each import the median time of the process in milliseconds, and its ratio to that of a bare process. */
export function compareImports({ packageFolder, imports: rounds }) {
  const own = (entry) => pathToFileURL(`${packageFolder}/dist/${entry}`).href;
  const programs = {
    nothing: "",
    "wise-card-kiosk": `await import("${own("index.js")}")`,
    "wise-card-kiosk/webhooks": `await import("${own("webhooks/index.js")}")`,
    undici: 'await import("undici")',
    stripe: 'await import("stripe")',
    lithic: 'await import("lithic")',
    openai: 'await import("openai")',
  };
  const times = new Map(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, program] of Object.entries(programs)) {
      const ms = timeProcess(program);
      // The first round fills the caches of the file system.
      if (round > 0) times.get(name).push(ms);
    }
  }
  return [...times].map(([name, all]) => {
    const ratios = all.map((ms, index) => ms / times.get("nothing")[index]);
    return { name, ms: medianOf(all), ratio: medianOf(ratios), spread: quartilesOf(ratios) };
  });
}

function timeProcess(program) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { cwd });
  if (status !== 0) throw new Error(`${program} failed:\n${stderr}`);
  return performance.now() - startedAt;
}
