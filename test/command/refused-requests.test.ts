import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import type { StateView } from "../../src/sandbox/view/view-schemas.js";
import { parseLines, runCommand } from "../support/command-program.js";
import { NAMED_CARD, openCommandStage } from "../support/command-stage.js";

const STATUS = ["status", NAMED_CARD];
const WRONG_TOKEN = "another-token-of-visible-ascii-9876543210";

const folder = mkdtempSync(`${tmpdir()}/refused-requests-`);
afterAll(() => rmSync(folder, { recursive: true }));

describe("the exit code", () => {
  it("a token that Wise does not accept exits with 4, and is not shown", async () => {
    const { env } = await openCommandStage();
    const ended = await runCommand(STATUS, { env: { ...env, WISE_API_TOKEN: WRONG_TOKEN } });
    expect(ended).toEqual({
      exitCode: 4,
      stdout: "",
      stderr: expect.stringMatching(/^wise-card-kiosk: .+HTTP 401.+\n$/),
    });
    expect(ended.stderr).not.toContain(WRONG_TOKEN);
  });

  it.each([
    [403, 4, "ERR_PERMISSION"],
    [404, 1, "ERR_NOT_FOUND"],
    [422, 1, "ERR_UNPROCESSABLE"],
    [418, 1, "ERR_API"],
  ])("HTTP %d exits with %d and %s", async (httpStatus, exitCode, code) => {
    const { simulator, env } = await openCommandStage();
    // A server may repeat what it was sent.
    const body = { message: `no access for ${env.WISE_API_TOKEN}` };
    simulator.injectFault({ fault: { httpStatus, body } });
    const ended = await runCommand([...STATUS, "--json"], { env });
    expect([ended.exitCode, ended.stderr]).toEqual([exitCode, ""]);
    expect(parseLines(ended.stdout)).toMatchObject([{ code, httpStatus, mayHaveTakenEffect: false }]);
    expect(ended.stdout).not.toContain(env.WISE_API_TOKEN);
  });

  it("a server that fails again and again exits with 1", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.injectFault({ fault: { httpStatus: 500, headers: { "retry-after": "0" } }, times: 3 });
    const { exitCode, stdout } = await runCommand([...STATUS, "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([1, [{ code: "ERR_SERVER" }]]);
  });

  it("a body that is not a production exits with 3", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.injectFault({ fault: { httpStatus: 200, body: { status: 1 } } });
    const { exitCode, stdout } = await runCommand([...STATUS, "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([3, [{ code: "ERR_DECODE" }]]);
  });

  it("a Wise that cannot be reached exits with 3", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.injectFault({ fault: "connection-refused" });
    const { exitCode, stdout } = await runCommand(["simulate", NAMED_CARD, "PRODUCED", "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([
      3,
      [{ code: "ERR_CONNECTION", requestSent: false, mayHaveTakenEffect: false }],
    ]);
  });
});

describe("credentials and destinations", () => {
  it("a token file takes precedence over WISE_API_TOKEN, and its last line break is ignored", async () => {
    const { env } = await openCommandStage();
    const file = `${folder}/token`;
    writeFileSync(file, `${env.WISE_API_TOKEN}\r\n`);
    const others = { ...env, WISE_API_TOKEN: WRONG_TOKEN };
    const fromFile = await runCommand([...STATUS, "--token-file", file], { env: others });
    const fromInput = await runCommand([...STATUS, "--token-file", "-"], {
      env: others,
      input: `${env.WISE_API_TOKEN}\n`,
    });
    expect([fromFile.exitCode, fromInput.exitCode]).toEqual([0, 0]);
  });

  it("--base-url takes precedence over WISE_BASE_URL, and a base URL over an environment", async () => {
    const { env } = await openCommandStage();
    const args = [...STATUS, `--base-url=${env.WISE_BASE_URL}`, "--environment", "sandbox"];
    const { exitCode } = await runCommand(args, { env: { ...env, WISE_BASE_URL: "http://127.0.0.1:9" } });
    expect(exitCode).toBe(0);
  });

  it("--environment is refused if WISE_BASE_URL would send requests elsewhere, and nothing is sent", async () => {
    const { simulator, env } = await openCommandStage();
    for (const args of [STATUS, ["produce", NAMED_CARD, "WIS00001"], ["wait", NAMED_CARD]]) {
      const { exitCode, stdout, stderr } = await runCommand([...args, "--environment", "sandbox"], { env });
      expect([exitCode, stdout, stderr]).toEqual([
        2,
        "",
        "wise-card-kiosk: --environment cannot be combined with the variable WISE_BASE_URL, which takes precedence over the " +
          "environment. Pass --base-url as well, or unset WISE_BASE_URL\n",
      ]);
    }
    expect(simulator.requests).toEqual([]);
  });

  it("whitespace around the destination is ignored, such as the end of a line from Windows", async () => {
    const { env } = await openCommandStage();
    const padded = { WISE_ENVIRONMENT: " sandbox\r", WISE_BASE_URL: ` ${env["WISE_BASE_URL"]}\r` };
    const { exitCode, stderr } = await runCommand(STATUS, { env: { ...env, ...padded } });
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it("WISE_BASE_URL takes precedence over WISE_ENVIRONMENT", async () => {
    const { env } = await openCommandStage();
    const { exitCode } = await runCommand(STATUS, { env: { ...env, WISE_ENVIRONMENT: "production" } });
    expect(exitCode).toBe(0);
  });

  it("the sandbox takes its token from WISE_SANDBOX_TOKEN, its cards from --card, and exits with 0 after SIGTERM", async () => {
    const token = "a-sandbox-token-of-visible-ascii-0123456789";
    const args = [
      "sandbox",
      "--port",
      "0",
      "--card",
      NAMED_CARD,
      "--kiosk",
      "WIS00007",
      "--production-delay",
      "0",
      "--auto",
      "--json",
    ];
    let printed = "";
    const ended = await runCommand(args, {
      env: { WISE_SANDBOX_TOKEN: token },
      onStart(child) {
        child.stdout?.on("data", async (chunk) => {
          if (printed !== "") return;
          const { url } = JSON.parse(String(chunk));
          printed = url;
          const env = { WISE_BASE_URL: url, WISE_API_TOKEN: token };
          const print = await runCommand(["produce", NAMED_CARD, "WIS00007", "--wait", "--json"], { env });
          printed = print.stdout;
          child.kill("SIGTERM");
        });
      },
    });
    expect(parseLines(printed).at(-1)).toMatchObject({ status: "PRODUCED", kioskId: "WIS00007" });
    expect([ended.exitCode, ended.stderr]).toEqual([0, ""]);
    expect(Object.keys(parseLines(ended.stdout)[0] ?? {})).toEqual(
      expect.arrayContaining(["url", "subscriptionId", "publicKey"]),
    );
  });

  it.each([
    ["its options", {}, { cards: ["1:b", "2:c"], kiosks: ["K2"], auto: false }],
    [
      "its seed and its options",
      { cards: [{ profileId: "1", cardToken: "a" }], kiosks: ["K1"], auto: true },
      { cards: ["1:a", "1:b", "2:c"], kiosks: ["K1", "K2"], auto: true },
    ],
  ])("the sandbox takes cards, kiosks and settings from %s", async (_, seed, expected) => {
    const file = `${folder}/seed.json`;
    writeFileSync(file, JSON.stringify(seed));
    const args = ["--port", "0", "--json", "--seed", file, "--card", "1:b", "--card", "2:c", "--kiosk", "K2"];
    const states: StateView[] = [];
    await runCommand(["sandbox", ...args], {
      onStart(child) {
        child.stdout?.once("data", async (chunk) => {
          const { url, token } = JSON.parse(String(chunk));
          const response = await fetch(`${url}/_sandbox/state`, { headers: { authorization: `Bearer ${token}` } });
          states.push((await response.json()) as StateView);
          child.kill("SIGTERM");
        });
      },
    });
    const found = states.map(({ cards, kiosks, settings }) => ({
      cards: cards.map(({ profileId, cardToken }) => `${profileId}:${cardToken}`),
      kiosks,
      auto: settings.auto,
    }));
    expect(found).toEqual([expected]);
  });

  it("the sandbox refuses an address outside loopback without a token of the user's own", async () => {
    const { exitCode, stderr } = await runCommand(["sandbox", "--port", "0", "--host", "0.0.0.0"]);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/^wise-card-kiosk: --token-file must be your own.+WISE_SANDBOX_TOKEN/),
    ]);
  });
});
