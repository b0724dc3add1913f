import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { statusCommand } from "../../src/command/commands/status-command.js";
import { COMMANDS } from "../../src/command/commands.js";
import { OPTIONS } from "../../src/command/definition/options.js";
import { formatCommandHelp, formatProgramHelp } from "../../src/command/help.js";
import { parseLines, runCommand } from "../support/command-program.js";
import { productionBody, SUBSCRIPTION_ID } from "../support/event-bodies.js";
import { createSignature, rsaKeyPair, wise } from "../support/signed-delivery.js";

const folder = mkdtempSync(`${tmpdir()}/offline-`);
const bodyFile = `${folder}/body.json`;
const keyFile = `${folder}/key.pem`;
const body = productionBody();
writeFileSync(bodyFile, body);
writeFileSync(keyFile, wise.publicKey);

afterAll(() => rmSync(folder, { recursive: true }));

describe("verify-webhook", () => {
  const verify = (signature: string, ...more: readonly string[]) =>
    runCommand(["verify-webhook", bodyFile, "--signature", signature, "--public-key-file", keyFile, ...more]);

  it("verify-webhook exits with 1 if another key signed the body", async () => {
    const { exitCode, stdout, stderr } = await verify(createSignature(body, rsaKeyPair().privateKey));
    expect([exitCode, stdout, stderr]).toEqual([1, "", expect.stringMatching(/^wise-card-kiosk: .+\n$/)]);
  });

  it.each(["no-signature", "AA=="])("verify-webhook with --json reports that the signature is %s", async (text) => {
    const { exitCode, stdout, stderr } = await verify(text, "--json");
    expect([exitCode, stderr]).toEqual([1, ""]);
    expect(parseLines(stdout)).toMatchObject([
      { code: "ERR_WEBHOOK_SIGNATURE", reason: "malformed", mayHaveTakenEffect: false },
    ]);
  });

  it.each([
    ["--environment", ["--environment", "production"], {}],
    ["WISE_ENVIRONMENT", [], { WISE_ENVIRONMENT: "production" }],
  ])("verify-webhook exits with 1 if the signature is not by the key of %s", async (_, more, env) => {
    const args = ["verify-webhook", bodyFile, "--signature", createSignature(body), ...more];
    const { exitCode, stdout } = await runCommand([...args, "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([1, [{ code: "ERR_WEBHOOK_SIGNATURE", reason: "mismatch" }]]);
  });

  it("verify-webhook exits with 1 if a signed body is not an event", async () => {
    const args = ["verify-webhook", "-", "--signature", createSignature("[]"), "--public-key-file", keyFile, "--json"];
    const { exitCode, stdout } = await runCommand(args, { input: "[]" });
    expect([exitCode, parseLines(stdout)]).toMatchObject([1, [{ code: "ERR_WEBHOOK_PAYLOAD" }]]);
  });

  it("verify-webhook exits with 2 if the key is not a public key", async () => {
    const { exitCode, stderr } = await verify(createSignature(body), "--public-key-file", bodyFile);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--public-key-file must be given only once")]);
    const args = ["verify-webhook", bodyFile, "--signature", "AA==", "--public-key-file", bodyFile];
    const ended = await runCommand(args);
    expect([ended.exitCode, ended.stderr]).toEqual([
      2,
      expect.stringContaining("--public-key-file is not a single, complete RSA public key"),
    ]);
  });

  it("verify-webhook shows the event of a body on the standard input", async () => {
    const args = ["verify-webhook", "-", "--signature", createSignature(body), "--public-key-file", keyFile];
    const { exitCode, stdout, stderr } = await runCommand(args, { input: body });
    expect([exitCode, stderr]).toEqual([0, ""]);
    const { resource } = JSON.parse(body).data;
    expect(stdout.split("\n")).toEqual([
      "The signature matches.",
      expect.stringMatching(`^Card ${resource.profile_id}:${resource.card_token}\\. PRODUCED at kiosk WIS00001\\. `),
      expect.stringMatching(`^Subscription ${SUBSCRIPTION_ID}, sent at .+\\.$`),
      "",
    ]);
  });

  it("verify-webhook ignores the end of a line after the signature and the environment", async () => {
    const signature = `${createSignature(body)}\r`;
    expect(await verify(signature)).toMatchObject({ exitCode: 0, stderr: "" });
    const args = ["verify-webhook", bodyFile, "--signature", signature, "--json"];
    const { exitCode, stdout } = await runCommand(args, { env: { WISE_ENVIRONMENT: "sandbox\r" } });
    expect([exitCode, parseLines(stdout)]).toMatchObject([1, [{ reason: "mismatch" }]]);
  });

  it("verify-webhook reads the key from the standard input", async () => {
    const args = ["verify-webhook", bodyFile, "--signature", createSignature(body), "--public-key-file", "-"];
    const { exitCode, stderr } = await runCommand(args, { input: wise.publicKey });
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it("verify-webhook with --json shows what is signed, and nothing else", async () => {
    const { exitCode, stdout } = await verify(createSignature(body), "--json");
    const [event, ...more] = parseLines(stdout);
    expect([exitCode, more]).toEqual([0, []]);
    expect(event).toMatchObject({
      type: "cards#card-production-status-change",
      production: { status: expect.any(String) },
    });
    expect(event).not.toHaveProperty("isTest");
  });

  it("verify-webhook shows the type of an event that it does not decode", async () => {
    const other = JSON.stringify({ event_type: "cards#card-status-change", data: {} });
    const args = ["verify-webhook", "-", "--signature", createSignature(other), "--public-key-file", keyFile];
    const { exitCode, stdout } = await runCommand(args, { input: other });
    expect([exitCode, stdout]).toEqual([
      0,
      "The signature matches.\nEvent cards#card-status-change, which this program does not decode.\nSubscription unknown, sent at an unknown time.\n",
    ]);
  });
});

describe("explain", () => {
  it("explain says what a code means, what to do, and whether to look for a card", async () => {
    expect(await runCommand(["explain", "prd_hopper_jam"])).toEqual({
      exitCode: 0,
      stdout:
        "PRODUCTION_ERROR (PRD_HOPPER_JAM). A card is jammed in the hopper. Check the machine and its reject box for a card. " +
        "Fix this at the kiosk, then produce the card again.\n",
      stderr: "",
    });
  });

  it("explain says what the code of a refusal means, also at the end of a line from Windows", async () => {
    const { exitCode, stdout } = await runCommand(["explain", "KIOSK_ID_NOT_FOUND\r", "--json"]);
    expect([exitCode, parseLines(stdout)]).toMatchObject([
      0,
      [{ kind: "request", nextStep: "fix-request", mayLeaveCard: false }],
    ]);
  });

  it("explain has a line for each list that holds a code", async () => {
    const { stdout } = await runCommand(["explain", "UNKNOWN_ERROR"]);
    expect(stdout.split("\n").map((line) => line.split(".")[0])).toEqual([
      "REQUEST_ERROR (UNKNOWN_ERROR)",
      "PRODUCTION_ERROR (UNKNOWN_ERROR)",
      "",
    ]);
  });
});

describe("--help and --version", () => {
  it("--version prints the version of the package", async () => {
    const version = { exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" };
    expect(await runCommand(["--version"])).toEqual(version);
    expect(parseLines((await runCommand(["--version", "--json"])).stdout)).toEqual([{ version: manifest.version }]);
  });

  it("--help lists every command, variable and exit code in lines of 80 characters", async () => {
    const { exitCode, stdout, stderr } = await runCommand(["--help"]);
    expect([exitCode, stdout, stderr]).toEqual([0, `${formatProgramHelp(COMMANDS)}\n`, ""]);
    for (const { name, summary } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, "m"));
    for (const name of ["WISE_API_TOKEN", "WISE_ENVIRONMENT", "WISE_BASE_URL", "WISE_SANDBOX_TOKEN"]) {
      expect(stdout).toContain(name);
    }
    for (const code of [0, 1, 2, 3, 4]) expect(stdout).toMatch(new RegExp(`^  ${code}  `, "m"));
    for (const name of ["json", "help", "version"] as const) {
      expect(stdout).toMatch(new RegExp(`^  --${name} +${OPTIONS[name].summary}$`, "m"));
    }
    expect(parseLines((await runCommand(["--help", "--json"])).stdout)).toEqual([
      { help: formatProgramHelp(COMMANDS) },
    ]);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("the help of a command says how to type it, what it does, and what each option does, in two columns", () => {
    const { run } = statusCommand;
    const command = { name: "try", summary: "Tries", details: ["Twice."], parameters: [{ name: "CARD" }], run };
    expect(formatCommandHelp({ ...command, options: ["wait", "max-wait"] })).toBe(
      [
        "Usage: wise-card-kiosk try CARD [OPTIONS]",
        "",
        "Tries.",
        "Twice.",
        "",
        "Options:",
        `  --wait              ${OPTIONS.wait.summary}`,
        `  --max-wait SECONDS  ${OPTIONS["max-wait"].summary}`,
        `  --json              ${OPTIONS.json.summary}`,
        `  --help              ${OPTIONS.help.summary}`,
      ].join("\n"),
    );
  });

  it.each(COMMANDS)("$name --help describes its parameters and options in lines of 85 characters", async (command) => {
    const { exitCode, stdout } = await runCommand([command.name, "-h"]);
    expect([exitCode, stdout]).toEqual([0, `${formatCommandHelp(command)}\n`]);
    expect(stdout).toContain(
      ["wise-card-kiosk", command.name, ...command.parameters.map(({ name }) => name)].join(" "),
    );
    for (const name of [...command.options, "json", "help"] as const) {
      expect(stdout).toMatch(new RegExp(`^  --${name} .*${OPTIONS[name].summary.slice(0, 20)}`, "m"));
    }
    expect(stdout.split("\n").filter((line) => line.length > 85)).toEqual([]);
  });
});

it("src/command/README.md names every command, option and exit code", () => {
  const page = readFileSync(new URL("../../src/command/README.md", import.meta.url), "utf8");
  for (const { name } of COMMANDS) expect(page).toMatch(new RegExp(`^\\| \`${name}\\b`, "m"));
  for (const name of Object.keys(OPTIONS)) expect(page).toContain(`\`--${name}`);
  for (const code of [0, 1, 2, 3, 4]) expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, "m"));
});
