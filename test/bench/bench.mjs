// The benchmark: `npm run bench`, or `npm run bench -- --quick`. README.md describes what it measures and its options.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { installedVersion, installPackages, installPackedPackage } from "./install.mjs";

const FULL = { rounds: 11, calls: 2000, warmUp: 16_000, deliveries: 4000, imports: 9, memoryCalls: 200_000 };
const QUICK = { rounds: 2, calls: 100, warmUp: 200, deliveries: 80, imports: 1, memoryCalls: 2000 };

const { values } = parseArgs({ options: { quick: { type: "boolean" }, package: { type: "string" } } });
installPackages();
const packageFolder = values.package ?? installPackedPackage();
const settings = { ...(values.quick ? QUICK : FULL), packageFolder };

// These import what has just been installed.
const { CLIENTS } = await import("./clients.mjs");
const { BASELINE, compareClients } = await import("./compare-clients.mjs");
const { compareImports } = await import("./compare-imports.mjs");
const { measureMemory } = await import("./measure-memory.mjs");
const { start, stop } = await import("./processes.mjs");
const { clientTable, growthTable, importTable, memoryTable, unwrapTable } = await import("./tables.mjs");

const GROWTH = [1, 8, 64, 512];
const PACKAGES = ["axios", "got", "ky", "stripe", "lithic", "openai"];
const undici = installedVersion("undici");
const versions = {
  ...Object.fromEntries(PACKAGES.map((name) => [name, installedVersion(name)])),
  [BASELINE]: undici,
  "undici, dispatch": undici,
};

console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${process.platform}`);
const clients = await compareClients({ ...settings, names: Object.keys(CLIENTS), inFlight: [1, 64] });
console.log(`\n${clientTable(clients, versions)}`);
const share = Math.max(...clients.map(({ inFlight }) => inFlight.at(-1).serverShare));
console.log(`\nThe server worked for at most ${Math.round(share * 100)} % of the time.`);
const growth = await compareClients({ ...settings, names: ["wise-card-kiosk", BASELINE], inFlight: GROWTH });
console.log(`\n${growthTable(growth, GROWTH)}`);
const options = JSON.stringify({ ...settings, inFlight: [1, 64] });
const { child, message: unwraps } = await start("unwrap/run-unwrap.mjs", [options]);
await stop(child);
console.log(`\n${unwrapTable(unwraps)}`);
console.log(`\n${importTable(compareImports(settings))}`);
console.log(`\n${memoryTable(await measureMemory(settings))}`);
