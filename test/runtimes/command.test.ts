import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import manifest from "../../package.json";
import { consumer } from "../support/consumer.js";
import { RUNTIMES } from "../support/runtimes.js";
import { CARD } from "../support/transports.js";

const LIMIT_MS = 60_000;

/** Runs a program in the project of a user, and returns what it prints. */
async function runInstalled(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, args, {
    cwd: consumer().folder,
    // npm must not mention its own updates.
    env: { PATH: process.env["PATH"], HOME: consumer().folder, npm_config_update_notifier: "false", ...env },
    shell: program === "npx" && process.platform === "win32",
    timeout: LIMIT_MS,
  });
  expect(stderr).toBe("");
  return stdout.trimEnd();
}

let program: string;

beforeAll(() => {
  program = join(consumer().folder, "node_modules", manifest.name, manifest.bin["wise-card-kiosk"]);
});

it("npx finds the program of the installed package", async () => {
  expect(await runInstalled("npx", ["--no-install", "wise-card-kiosk", "--version"])).toBe(manifest.version);
});

describe.each(RUNTIMES)("under %s", (_name, [runtime, ...options]) => {
  it("the installed program prints a card, and follows it to the end", async () => {
    const simulator = createKioskSimulator({ cards: [{ ...CARD, outcomes: ["PRODUCED"] }], productionDelayMs: 100 });
    const server = await simulator.listen();
    onTestFinished(() => server.close());
    const card = `${CARD.profileId}:${CARD.cardToken}`;
    const env = { WISE_BASE_URL: server.url, WISE_API_TOKEN: simulator.clientOptions().token };
    const args = [...options, program, "produce", card, "WIS00001", "--wait"];
    expect(await runInstalled(runtime, args, env)).toMatch(/^IN_PROGRESS at .+\nPRODUCED at kiosk WIS00001\. .+$/);
  });

  it("the installed program explains a code and prints its version", async () => {
    const run = (...args: readonly string[]) => runInstalled(runtime, [...options, program, ...args]);
    expect(await run("explain", "PRT_COVER_OPEN")).toContain("The printer's cover is open.");
    expect(await run("--version")).toBe(manifest.version);
  });
});
