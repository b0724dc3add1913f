import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { KioskArgumentError } from "wise-card-kiosk";
import { parseMaxWait } from "../../src/command/commands/wait-for-end.js";
import type { ProgramIo } from "../../src/command/definition/program-io.js";
import { withOptionNames } from "../../src/command/definition/with-option-names.js";
import { runInProcess } from "../support/command-in-process.js";
import { parseLines } from "../support/command-program.js";
import { NAMED_CARD } from "../support/command-stage.js";

const SECRET = "a-secret-of-visible-ascii-0123456789";

/** Leads nowhere, so that a request would fail with another exit code. */
const ENV = { WISE_BASE_URL: "http://127.0.0.1:9", WISE_API_TOKEN: SECRET };

/** A card of a seed. */
const SEEDED = { profileId: 1, cardToken: "a" };

const folder = mkdtempSync(`${tmpdir()}/wrong-use-`);
afterAll(() => rmSync(folder, { recursive: true }));

function writeInput(name: string, content: string): string {
  writeFileSync(`${folder}/${name}`, content);
  return `${folder}/${name}`;
}

const run = (args: readonly string[], env: ProgramIo["env"] = ENV, input = "") => runInProcess(args, env, input);

const STATUS = ["status", NAMED_CARD];

describe("a command line that is wrong", () => {
  it.each<readonly [string, readonly string[], string]>([
    ["no command", [], "COMMAND is missing: the commands are sandbox, produce, status"],
    ["an unknown command", ["print"], "COMMAND does not exist: the commands are"],
    ["a misspelt command", ["prodce", NAMED_CARD], "COMMAND does not exist. Did you mean produce?"],
    ["an option instead of a command", ["--environment", "sandbox"], "COMMAND is missing"],
    [
      "an unknown option",
      [...STATUS, "--verbose"],
      "the options are --environment, --base-url, --token-file, --json, --help, --version\n",
    ],
    [
      "a misspelt option",
      [...STATUS, "--base-ulr=x"],
      "--base-ulr is not a known option of this command. Did you mean --base-url?",
    ],
    [
      "a short unknown option",
      [...STATUS, "--colour"],
      "--colour is not a known option of this command: the options are",
    ],
    ["an unknown short option", [...STATUS, "-x"], "-x is not a known option"],
    ["an option of another command", [...STATUS, "--wait"], "--wait is not a known option of this command"],
    ["an option without its value", [...STATUS, "--base-url"], "--base-url needs a value: --base-url URL"],
    ["an option followed by another", [...STATUS, "--base-url", "--help"], "--base-url needs a value"],
    ["an option with an empty value", [...STATUS, "--base-url="], "--base-url needs a value"],
    ["a flag with a value", ["produce", NAMED_CARD, "WIS00001", "--wait=yes"], "--wait takes no value"],
    ["an option twice", [...STATUS, "--environment=sandbox", "--environment=production"], "must be given only once"],
    ["a missing card", ["status"], "PROFILE:TOKEN is missing: wise-card-kiosk status PROFILE:TOKEN"],
    ["a missing kiosk", ["produce", NAMED_CARD], "KIOSK is missing"],
    [
      "one argument too many",
      [...STATUS, SECRET],
      "status takes fewer arguments: wise-card-kiosk status PROFILE:TOKEN",
    ],
    ["a card without a profile", ["status", "ca0c8154"], "PROFILE:TOKEN must be the id of a profile, a colon"],
    ["a card without a colon, of digits only", ["status", "1234567"], "PROFILE:TOKEN must be"],
    ["a card of a profile in words", ["status", "bank:ca0c8154"], "PROFILE:TOKEN must be"],
    ["a card without a token", ["status", "123456:"], "PROFILE:TOKEN must be"],
    ["a card that would change the path", ["status", "123456:.."], "PROFILE:TOKEN must be"],
    [
      "a card with the end of a line from Windows",
      ["status", `${NAMED_CARD}\r`],
      "the token of a card, such as 123456:ca0c8154-1e14-4464-a1ce-dcea7dc3de52, without whitespace around either\n",
    ],
    ["an empty kiosk", ["produce", NAMED_CARD, ""], "KIOSK must be the id of a kiosk"],
    [
      "a kiosk with spaces around it",
      ["produce", NAMED_CARD, " WIS00001"],
      "KIOSK must be the id of a kiosk, such as WIS00001, without whitespace",
    ],
    [
      "an unknown environment",
      [...STATUS, "--environment", "prod"],
      "--environment must be sandbox or production. Did you mean production?",
    ],
    ["a base URL of plain http", [...STATUS, "--base-url", "http://wise.example"], "--base-url must be an https URL"],
    [
      "a base URL with credentials",
      [...STATUS, "--base-url", `https://me:${SECRET}@wise.example`],
      "--base-url must be",
    ],
    [
      "a wait of zero seconds",
      ["wait", NAMED_CARD, "--max-wait", "0"],
      "--max-wait must be a number of seconds above 0",
    ],
    ["a wait in words", ["wait", NAMED_CARD, "--max-wait", "1m"], "up to 2147483.647, such as 60 or 0.5"],
    [
      "a wait that ends with an exponent",
      ["wait", NAMED_CARD, "--max-wait", "1e3"],
      "--max-wait must be a number of seconds",
    ],
    ["a wait of 25 days", ["wait", NAMED_CARD, "--max-wait", "2147484"], "--max-wait must be"],
    ["a limit without a wait", ["produce", NAMED_CARD, "WIS00001", "--max-wait", "5"], "--max-wait needs --wait"],
    ["a misspelt PRODUCED", ["simulate", NAMED_CARD, "PRODUCD"], "Did you mean PRODUCED?"],
    [
      "a misspelt code in lower case",
      ["simulate", NAMED_CARD, "prd_hoper_jam"],
      "PRODUCED|CODE must be PRODUCED or an error code of the kiosk. Did you mean PRD_HOPPER_JAM?",
    ],
    [
      "a code of a refusal",
      ["simulate", NAMED_CARD, "KIOSK_ID_NOT_FOUND"],
      "must be PRODUCED or an error code of the kiosk\n",
    ],
    [
      "a misspelt code",
      ["explain", "PRD_HOPER_JAM"],
      "CODE must be an error code of Wise that this version knows. Did you mean PRD_HOPPER_JAM?",
    ],
    ["text that resembles no code", ["explain", "?"], "CODE must be an error code of Wise that this version knows\n"],
    [
      "a blank signature",
      ["verify-webhook", "-", "--public-key-file", "key.pem", "--signature", " \r"],
      "--signature is missing: --signature BASE64",
    ],
    ["an unknown shell", ["completion", "powershell"], "SHELL must be bash, zsh or fish\n"],
    ["a misspelt shell", ["completion", "bsh"], "Did you mean bash?"],
    [
      "a port in words",
      ["sandbox", "--port", "http"],
      "--port must be a whole number, 0 or more, of at most 10 digits",
    ],
    ["a port with an exponent", ["sandbox", "--port", "1e5"], "--port must be a whole number"],
    ["a port that does not exist", ["sandbox", "--port", "65536"], "--port must be an integer from 0"],
    ["a sandbox card without a profile", ["sandbox", "--card", "ca0c8154"], "--card must be the id of a profile"],
    [
      "a sandbox with a delay below zero",
      ["sandbox", "--production-delay=-1"],
      "--production-delay must be a whole number",
    ],
    [
      "a sandbox kiosk without a name",
      ["sandbox", "--kiosk", " "],
      "--kiosk must be the id of a kiosk, such as WIS00001",
    ],
    [
      "a sandbox card that is given twice",
      ["sandbox", "--card", NAMED_CARD, "--card", NAMED_CARD],
      "--card must name each token of a card only once",
    ],
    [
      "a sandbox with a read lag that no timer can wait for",
      ["sandbox", "--read-lag", "2147483648", "--seed", writeInput("lag.json", '{"readLagMs":0}')],
      "--read-lag must be",
    ],
    [
      "a sandbox with a delay that no timer can wait for",
      ["sandbox", "--production-delay", "2147483648"],
      "--production-delay must be",
    ],
    [
      "a webhook URL of another protocol",
      ["sandbox", "--port", "0", "--webhook-url", "ftp://127.0.0.1"],
      "--webhook-url must be",
    ],
    [
      "a seed file that does not exist",
      ["sandbox", "--seed", `${folder}/none.json`],
      "--seed must name a file that can be read (ENOENT)",
    ],
    ...[["readLagMs", -1] as const, ["productionDelayMs", -1] as const, ["webhookUrl", "ftp://127.0.0.1"] as const].map(
      ([name, value]) =>
        [
          `a seed with an invalid ${name}`,
          ["sandbox", "--port", "0", "--seed", writeInput(`${name}.json`, JSON.stringify({ [name]: value }))],
          `wise-card-kiosk: ${name} must be`,
        ] as const,
    ),
    [
      "a seed with the name of an option",
      ["sandbox", "--seed", writeInput("name.json", '{"token":"x"}')],
      "wise-card-kiosk: seed.token is not a known option",
    ],
    [
      "a card that the seed has, too",
      ["sandbox", "--card", "1:a", "--seed", writeInput("card.json", JSON.stringify({ cards: [SEEDED] }))],
      "--card a already exists",
    ],
    [
      "a seed with the same card twice",
      ["sandbox", "--seed", writeInput("cards.json", JSON.stringify({ cards: [SEEDED, SEEDED] }))],
      "cards.1.cardToken a already exists",
    ],
    ["a seed that is not JSON", ["sandbox", "--seed", writeInput("open.json", "{")], "--seed must contain JSON"],
    [
      "a seed and a token that are both on the standard input",
      ["sandbox", "--seed", "-", "--token-file", "-"],
      "--seed cannot be stdin (-) if --token-file is",
    ],
    ["a webhook without a signature", ["verify-webhook", "-"], "--signature is missing: --signature BASE64"],
    [
      "a webhook with a key and an environment",
      ["verify-webhook", "-", "--signature", "AA==", "--public-key-file", `${folder}/key`, "--environment", "foo"],
      "--environment cannot be combined with --public-key-file",
    ],
    [
      "a webhook and a key that are both on the standard input",
      ["verify-webhook", "-", "--signature", "AA==", "--public-key-file", "-"],
      "--public-key-file cannot be stdin (-) if FILE is",
    ],
    [
      "a webhook without a body",
      ["verify-webhook", "-", "--signature", "AA==", "--environment", "sandbox"],
      "FILE is empty. It must hold the body exactly as it arrived\n",
    ],
    ["a webhook without a key", ["verify-webhook", "-", "--signature", "AA=="], "unless --public-key-file is given"],
  ])("refuses %s", async (_, args, message) => {
    const { exitCode, stdout, stderr } = await run(args);
    expect([exitCode, stdout, stderr]).toEqual([2, "", expect.stringContaining(message)]);
    expect(stderr).toMatch(/^wise-card-kiosk: /);
    expect(stderr).not.toContain(SECRET);
    const json = await run([...args, "--json"]);
    expect([json.exitCode, json.stderr]).toEqual([2, ""]);
    expect(parseLines(json.stdout)).toEqual([
      expect.objectContaining({ code: "ERR_ARGUMENT", mayHaveTakenEffect: false, message: expect.any(String) }),
    ]);
    expect(json.stdout).not.toContain(SECRET);
  });
});

it("an error of --json with a value is JSON, too", async () => {
  const { exitCode, stdout, stderr } = await run([...STATUS, "--json=1"]);
  expect([exitCode, stderr]).toEqual([2, ""]);
  expect(parseLines(stdout)).toMatchObject([{ argument: "--json", message: "--json takes no value" }]);
});

it("--json after -- is a value, and so is --json within one", async () => {
  for (const args of [
    ["explain", "--", "--json"],
    ["explain", "x--json"],
  ]) {
    const { exitCode, stdout, stderr } = await run(args);
    expect([exitCode, stdout, stderr]).toEqual([2, "", expect.stringMatching(/^wise-card-kiosk: CODE must be/)]);
  }
});

it("a flag may be given twice", async () => {
  const { exitCode, stdout } = await run(["explain", "PRD_HOPPER_JAM", "--json", "--json"]);
  expect([exitCode, parseLines(stdout)]).toMatchObject([0, [{ code: "PRD_HOPPER_JAM" }]]);
});

it("simulate refuses Wise's production that WISE_ENVIRONMENT names", async () => {
  const env = { WISE_ENVIRONMENT: "production", WISE_API_TOKEN: SECRET };
  const { exitCode, stderr } = await run(["simulate", NAMED_CARD, "PRODUCED"], env);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--environment must not be Wise's production")]);
});

it.each([
  ["0.0001", 1],
  ["0.001", 1],
  ["1.25", 1250],
  ["2147483.647", 2_147_483_647],
])("--max-wait %s is a wait of %d ms", (seconds, ms) => {
  expect(parseMaxWait(seconds)).toBe(ms);
});

it("an error keeps its name unless an option names its argument", async () => {
  const errors = [
    new KioskArgumentError("host", "must be a name"),
    Object.assign(new Error("in use"), { argument: "port" }),
  ];
  for (const error of errors) {
    await expect(withOptionNames({ port: "--port" }, () => Promise.reject(error))).rejects.toBe(error);
  }
});

it("a byte order mark at the start of a token file or a seed is ignored", async () => {
  const tokenFile = writeInput("marked-token", `\uFEFF${SECRET}\n`);
  const status = await run([...STATUS, "--token-file", tokenFile]);
  expect([status.exitCode, status.stderr]).toEqual([3, expect.stringContaining("ECONNREFUSED")]);
  const sandbox = await run(["sandbox", "--seed", writeInput("marked.json", '\uFEFF{"readLagMs":-1}')]);
  expect(sandbox.stderr).toContain("readLagMs must be");
});

describe("an access token", () => {
  it.each<readonly [string, readonly string[]]>([
    ["--token", [...STATUS, "--token", SECRET]],
    ["--token before the command", ["--token", SECRET, ...STATUS]],
    ["--token=", [...STATUS, `--token=${SECRET}`]],
    ["a misspelt --token", [...STATUS, `--tokn=${SECRET}`]],
    ["--api-token", [...STATUS, "--api-token", SECRET]],
    ["the name of the variable", [...STATUS, "--WISE_API_TOKEN", SECRET]],
    ["--token without a separator", [...STATUS, `--token${SECRET}`]],
    ["--bearer", [...STATUS, "--bearer", SECRET]],
  ])("refuses a token on the command line and says why: %s", async (_, args) => {
    const { exitCode, stderr } = await run(args, { WISE_BASE_URL: ENV.WISE_BASE_URL });
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("every user of this machine can read the command line"),
    ]);
    expect(stderr).toContain("Set WISE_API_TOKEN, or use --token-file FILE");
    expect(stderr).not.toContain(SECRET);
  });

  it("a token on the command line of the sandbox is refused with the variable that the sandbox reads", async () => {
    const { exitCode, stderr } = await run(["sandbox", "--token", SECRET]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("Set WISE_SANDBOX_TOKEN, or use --token-file FILE"),
    ]);
    expect(stderr).not.toContain(SECRET);
  });

  it.each<readonly [string, readonly string[], ProgramIo["env"], string]>([
    ["no token", STATUS, {}, "WISE_API_TOKEN must be set to the access token"],
    ["an empty token", STATUS, { WISE_API_TOKEN: "" }, "WISE_API_TOKEN must be set to the access token"],
    ["a token with Bearer", STATUS, { WISE_API_TOKEN: `Bearer ${SECRET}` }, "pass the token alone"],
    ["a token with a line break", STATUS, { WISE_API_TOKEN: `${SECRET}\n` }, "WISE_API_TOKEN must be an access token"],
    [
      "a file that does not exist",
      [...STATUS, "--token-file", `/${SECRET}`],
      {},
      "--token-file must name a file that can be read (ENOENT)",
    ],
    ["a folder", [...STATUS, "--token-file", "/"], {}, "--token-file must name a file that can be read (EISDIR)"],
    [
      "an empty file",
      [...STATUS, "--token-file", writeInput("empty", "\n")],
      {},
      "--token-file must be an access token, not an empty string",
    ],
    [
      "a file of two lines",
      [...STATUS, "--token-file", writeInput("two", `${SECRET}\n${SECRET}`)],
      {},
      "with a line break",
    ],
    [
      "an empty standard input",
      [...STATUS, "--token-file", "-"],
      {},
      "--token-file must be an access token, not an empty string",
    ],
  ])("refuses %s without a request", async (_, args, env, message) => {
    const { exitCode, stderr } = await run(args, { WISE_BASE_URL: ENV.WISE_BASE_URL, ...env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).not.toContain(SECRET);
  });
});

describe("an environment variable that is wrong", () => {
  it.each<readonly [string, ProgramIo["env"], string]>([
    [
      "no destination",
      {},
      "--environment must be sandbox or production (there is no default) unless --base-url is given",
    ],
    [
      "an empty destination",
      { WISE_BASE_URL: "", WISE_ENVIRONMENT: "" },
      "--environment must be sandbox or production",
    ],
    ["an unknown environment", { WISE_ENVIRONMENT: "live" }, "WISE_ENVIRONMENT must be sandbox or production\n"],
    ["a base URL without a scheme", { WISE_BASE_URL: "wise.example" }, "WISE_BASE_URL must be an https URL"],
    [
      "a misspelt environment",
      { WISE_ENVIRONMENT: "sandbx" },
      "WISE_ENVIRONMENT must be sandbox or production. Did you mean sandbox?",
    ],
  ])("names %s", async (_, env, message) => {
    const { exitCode, stderr } = await run(STATUS, { WISE_API_TOKEN: SECRET, ...env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
