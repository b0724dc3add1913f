// Asks the registry for known vulnerabilities of the installed packages, and prints them.
//
// Fails if a dependency of the published package has one. With --all, also if a tool of this repository has one. If the registry does
// not respond or npm prints no JSON, the check passes, so that it cannot stop a change that has nothing to do with it; with --strict, it
// fails.
import { spawnSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 1000;

const all = process.argv.includes("--all");
const strict = process.argv.includes("--strict");

/** Returns the vulnerable packages, or what npm says if the registry does not respond. */
async function audit(...args) {
  for (let attempt = 1; ; attempt += 1) {
    const { stdout } = spawnSync("npm", ["audit", "--json", ...args], {
      encoding: "utf8",
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { vulnerabilities, message = "no reason given" } = parseOutput(stdout || "{}");
    if (vulnerabilities !== undefined) return { vulnerable: Object.values(vulnerabilities) };
    if (attempt === MAX_ATTEMPTS) return { failure: message };
    await pause(PAUSE_MS);
  }
}

/** Returns what npm prints, or a message in its place if that is not a JSON object. */
function parseOutput(stdout) {
  try {
    return JSON.parse(stdout) ?? {};
  } catch {
    return { message: "npm printed no JSON" };
  }
}

/** Returns a line about a package: its severity, and the advisories or the packages that make it vulnerable. */
function describe({ name, severity, range, via }) {
  const causes = via.map((cause) => (typeof cause === "string" ? `through ${cause}` : `${cause.title}: ${cause.url}`));
  return `${name} ${range} (${severity}): ${causes.join("; ")}`;
}

async function check(title, fails, ...args) {
  const { vulnerable, failure } = await audit(...args);
  if (failure !== undefined) {
    console.log(`${title}: not checked, because the registry did not respond (${failure}).`);
    return !strict;
  }
  console.log(
    `${title}: ${vulnerable.length === 0 ? "no known vulnerability." : vulnerable.map(describe).join("\n  ")}`,
  );
  return vulnerable.length === 0 || !fails;
}

const passes = [
  await check("Dependencies of the package", true, "--omit=dev", "--omit=peer"),
  await check("All packages of this repository", all),
];
process.exitCode = passes.every(Boolean) ? 0 : 1;
