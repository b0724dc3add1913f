import { expect, it } from "vitest";
import type { ProgramIo } from "../../src/command/definition/program-io.js";
import { runInProcess } from "../support/command-in-process.js";
import { runCommand } from "../support/command-program.js";
import { NAMED_CARD } from "../support/command-stage.js";

const TOKEN = "3f0c9a52-7b1e-4d2a-9c55-0a1b2c3d4e5f";
const DIGITS = "31415926535897932384";

/** Leads nowhere, so that a request would fail with another exit code. */
const ENV = { WISE_BASE_URL: "http://127.0.0.1:9", WISE_API_TOKEN: "sandbox" };

const STATUS = ["status", NAMED_CARD];
const OPTIONS = "the options are --environment, --base-url, --token-file, --json, --help, --version";

const MISPLACED: readonly (readonly [string, readonly string[], string, ProgramIo["env"]?])[] = [
  ["in WISE_ENVIRONMENT", STATUS, "WISE_ENVIRONMENT must be sandbox or production", { WISE_ENVIRONMENT: TOKEN }],
  [
    "after a part of an environment",
    STATUS,
    "WISE_ENVIRONMENT must be sandbox or production. Did you mean sandbox?",
    { WISE_ENVIRONMENT: `sandbox-${TOKEN}` },
  ],
  ["as --environment", [...STATUS, "--environment", TOKEN], "--environment must be sandbox or production"],
  ["in WISE_BASE_URL", STATUS, "WISE_BASE_URL must be an https URL", { WISE_BASE_URL: TOKEN }],
  ["as a command", [TOKEN], "COMMAND does not exist: the commands are sandbox, produce"],
  ["as an option", [...STATUS, `--${TOKEN}`], `OPTION does not exist: ${OPTIONS}`],
  ["as short options", [...STATUS, `-${TOKEN}`], "-3 is not a known option of this command"],
  ["as an option with a value", [...STATUS, `--${TOKEN}=x`], "OPTION does not exist: the options are"],
  ["as a part of an option", ["sandbox", `--host${TOKEN}`], "OPTION does not exist. Did you mean --host?"],
  ["as the value of a flag", ["sandbox", `--auto=${TOKEN}`], "--auto takes no value"],
  ["as --max-wait", ["wait", NAMED_CARD, "--max-wait", TOKEN], "--max-wait must be a number of seconds above 0"],
  ["as --port", ["sandbox", "--port", TOKEN], "--port must be a whole number, 0 or more, of at most 10 digits"],
  ["of digits as --port", ["sandbox", "--port", DIGITS], "--port must be a whole number, 0 or more, of at most 10"],
  ["as --read-lag", ["sandbox", "--read-lag", TOKEN], "--read-lag must be a whole number"],
  ["as --host", ["sandbox", "--host", TOKEN], "set WISE_SANDBOX_TOKEN or --token-file"],
  [
    "as --host of a sandbox with a token",
    ["sandbox", "--port", "0", "--host", TOKEN],
    "--host must be an address of this machine",
    { WISE_SANDBOX_TOKEN: "another-token" },
  ],
  [
    "in brackets as --host",
    ["sandbox", "--host", `[${TOKEN}]`],
    "--host must be an IP address or host name of this machine",
    { WISE_SANDBOX_TOKEN: "another-token" },
  ],
  ["as --seed", ["sandbox", "--seed", TOKEN], "--seed must name a file that can be read (ENOENT)"],
  ["as --webhook-url", ["sandbox", "--port", "0", "--webhook-url", TOKEN], "--webhook-url must be an absolute"],
];

it.each(MISPLACED.map(([where, args, message, env = {}]) => [where, args, message, env] as const))(
  "a token %s is refused and not shown",
  async (_, args, message, env) => {
    for (const format of [[], ["--json"]]) {
      const { exitCode, stdout, stderr } = await runInProcess([...args, ...format], { ...ENV, ...env });
      expect([exitCode, stdout + stderr]).toEqual([2, expect.stringContaining(message)]);
      expect(stdout + stderr).not.toContain(TOKEN);
      expect(stdout + stderr).not.toContain(DIGITS.slice(0, 10));
    }
  },
);

it("the program does not show a token that was mistaken for the environment", async () => {
  const { exitCode, stdout, stderr } = await runCommand(STATUS, {
    env: { WISE_ENVIRONMENT: TOKEN, WISE_API_TOKEN: "sandbox" },
  });
  expect([exitCode, stdout, stderr]).toEqual([
    2,
    "",
    "wise-card-kiosk: WISE_ENVIRONMENT must be sandbox or production\n",
  ]);
});
