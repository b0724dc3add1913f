import { beforeAll, describe, expect, it, vi } from "vitest";
import { compileCommand, parseLines, runCommand } from "../support/command-program.js";
import { countPrints, NAMED_CARD, openCommandStage } from "../support/command-stage.js";
import { CARD } from "../support/transports.js";

const PRODUCE = ["produce", NAMED_CARD, "WIS00001"];

beforeAll(async () => void (await compileCommand()));

describe("produce", () => {
  it("produce exits with 1 and says what to do if Wise refuses the kiosk", async () => {
    const { env } = await openCommandStage();
    const ended = await runCommand(["produce", NAMED_CARD, "WIS00009"], { env });
    expect(ended).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/^REQUEST_ERROR \(KIOSK_ID_NOT_FOUND\).+ send a corrected request\. .+\n$/),
      stderr: "",
    });
  });

  it("produce exits with 3 if the print may start later, so that a script does not print again", async () => {
    const { simulator, env } = await openCommandStage();
    const body = { status: "REQUEST_ERROR", errorCode: "REQUEST_CREATED_BUT_NOT_STARTED" };
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 422, body } });
    const { exitCode, stdout } = await runCommand(PRODUCE, { env });
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining("Do not produce the card again")]);
  });

  it("produce exits with 3 and says what to do if no response shows whether the card prints", async () => {
    const { simulator, env } = await openCommandStage();
    const fault = { httpStatus: 504, headers: { "retry-after": "120" } };
    simulator.injectFault({ operation: "produceCard", fault, takesEffect: true });
    const { exitCode, stdout, stderr } = await runCommand(PRODUCE, { env });
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^wise-card-kiosk: .+the card may be printing: read the status before you produce it again/);
  });

  it("produce exits with 4 and does not say that the card may be printing if Wise refuses the token", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 403 } });
    const { exitCode, stdout } = await runCommand([...PRODUCE, "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([4, [{ code: "ERR_PERMISSION", mayHaveTakenEffect: false }]]);
  });

  it("produce with --json reports that the card may be printing", async () => {
    const { simulator, env } = await openCommandStage();
    const fault = { httpStatus: 504, headers: { "retry-after": "120" } };
    simulator.injectFault({ operation: "produceCard", fault, takesEffect: true });
    const { exitCode, stdout, stderr } = await runCommand([...PRODUCE, "--json"], { env });
    expect([exitCode, stderr]).toEqual([3, ""]);
    expect(parseLines(stdout)).toMatchObject([{ code: "ERR_SERVER", mayHaveTakenEffect: true, httpStatus: 504 }]);
  });

  it("produce prints one card if the response to its request is lost", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const { exitCode, stdout } = await runCommand(PRODUCE, { env });
    expect([exitCode, stdout, countPrints(simulator)]).toEqual([0, expect.stringMatching(/^IN_PROGRESS/), 1]);
  });

  it("produce prints the state of the card and what to do next", async () => {
    const { env } = await openCommandStage();
    expect(await runCommand(PRODUCE, { env })).toEqual({
      exitCode: 0,
      stdout: "IN_PROGRESS at kiosk WIS00001. The kiosk is producing the card. Wait for the result.\n",
      stderr: "",
    });
  });

  it("produce with --json prints the production and the advice in one object", async () => {
    const { env } = await openCommandStage();
    const { exitCode, stdout, stderr } = await runCommand([...PRODUCE, "--json"], { env });
    expect([exitCode, stderr]).toEqual([0, ""]);
    const [result, ...more] = parseLines(stdout);
    expect(result).toMatchObject({ status: "IN_PROGRESS", kioskId: "WIS00001", nextStep: "check-status" });
    expect(more).toEqual([]);
  });
});

describe("produce --wait", () => {
  it("produce with --wait exits with 1 if the kiosk fails", async () => {
    const { env } = await openCommandStage({
      cards: [{ ...CARD, outcomes: ["PRD_HOPPER_JAM"] }],
      productionDelayMs: 500,
    });
    const { exitCode, stdout, stderr } = await runCommand([...PRODUCE, "--wait", "--json"], { env });
    expect([exitCode, stderr]).toEqual([1, ""]);
    expect(parseLines(stdout)).toMatchObject([
      { status: "IN_PROGRESS" },
      { status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM", mayLeaveCard: true },
    ]);
  });

  it("produce with --wait does not take an earlier failure, which reads still show, for the result", async () => {
    const { simulator, env } = await openCommandStage({
      cards: [{ ...CARD, outcomes: ["PRD_HOPPER_JAM", "PRODUCED"] }],
      readLagMs: 1500,
    });
    await runCommand(PRODUCE, { env });
    await vi.waitFor(async () => expect(simulator.deliveries).toHaveLength(2), { timeout: 10_000 });
    await runCommand(["wait", NAMED_CARD], { env });
    const { exitCode, stdout } = await runCommand([...PRODUCE, "--wait", "--json"], { env });
    expect([exitCode, parseLines(stdout).at(-1)]).toMatchObject([0, { status: "PRODUCED" }]);
  });

  it("produce with --wait does not wait after a refusal", async () => {
    const { simulator, env } = await openCommandStage();
    const { exitCode, stdout } = await runCommand(["produce", NAMED_CARD, "WIS00009", "--wait"], { env });
    expect([exitCode, stdout.split("\n")]).toEqual([1, [expect.stringMatching(/^REQUEST_ERROR/), ""]]);
    expect(simulator.requests.map(({ method }) => method)).toEqual(["GET", "PUT"]);
  });

  it("produce with --wait says that the card may be printing if the wait takes too long", async () => {
    const { env } = await openCommandStage();
    const args = [...PRODUCE, "--wait", "--max-wait", "0.1"];
    const readable = await runCommand(args, { env });
    expect(readable).toMatchObject({ exitCode: 3, stdout: expect.stringMatching(/^IN_PROGRESS/) });
    expect(readable.stderr).toMatch(
      /^wise-card-kiosk: --max-wait passed .+\n.+\nThe card may be printing: read its status/,
    );
  });

  it("produce with --wait --json reports that the card may be printing if the token expires during the wait", async () => {
    const { simulator, env } = await openCommandStage();
    const [read] = [{ operation: "getProductionStatus", fault: { httpStatus: 401 } } as const];
    const started = runCommand([...PRODUCE, "--wait", "--json"], { env });
    await vi.waitFor(() => expect(countPrints(simulator)).toBe(1), { timeout: 20_000 });
    simulator.injectFault(read);
    const { exitCode, stdout } = await started;
    expect(exitCode).toBe(3);
    expect(parseLines(stdout).at(-1)).toMatchObject({ code: "ERR_AUTHENTICATION", mayHaveTakenEffect: true });
  });
});

describe("status, wait and simulate", () => {
  it.each(["READY", "PRODUCTION_ERROR"])("status exits with 0 if the card is %s", async (status) => {
    const { simulator, env } = await openCommandStage();
    if (status === "PRODUCTION_ERROR") simulator.card(CARD.cardToken).produce().fail();
    const { exitCode, stdout, stderr } = await runCommand(["status", NAMED_CARD], { env });
    expect([exitCode, stdout.split(".")[0], stderr]).toEqual([0, expect.stringMatching(`^${status}`), ""]);
  });

  it("status with --json shows a status that it does not know, and escapes what could forge lines", async () => {
    const { simulator, env } = await openCommandStage();
    const body = { status: "PAUSED", description: "first\u2028second\u009b31m\u202e" };
    simulator.injectFault({ fault: { httpStatus: 200, body } });
    const { exitCode, stdout } = await runCommand(["status", NAMED_CARD, "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([
      0,
      [{ status: "UNRECOGNIZED", rawStatus: "PAUSED", description: body.description }],
    ]);
    expect(stdout.trimEnd()).toMatch(/^[\x20-\x7e]+$/);
  });

  it("wait prints only the state in which the production ends", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.card(CARD.cardToken).produce();
    const started = runCommand(["wait", NAMED_CARD, "--json", "--max-wait", "50"], { env });
    await vi.waitFor(() => expect(simulator.requests).toHaveLength(1), { timeout: 20_000 });
    simulator.card(CARD.cardToken).complete();
    const { exitCode, stdout, stderr } = await started;
    expect([exitCode, parseLines(stdout), stderr]).toMatchObject([0, [{ status: "PRODUCED" }], ""]);
  });

  it("wait exits with 1 if the production failed", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.card(CARD.cardToken).produce().fail("PRT_COVER_OPEN");
    const { exitCode, stdout } = await runCommand(["wait", NAMED_CARD], { env });
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^PRODUCTION_ERROR \(PRT_COVER_OPEN\)/)]);
  });

  it("wait exits with 3 and the last state if --max-wait passes", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.card(CARD.cardToken).produce();
    const { exitCode, stdout } = await runCommand(["wait", NAMED_CARD, "--max-wait", "1", "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([
      3,
      [{ code: "ERR_WAIT_TIMEOUT", mayHaveTakenEffect: false, lastProduction: { status: "IN_PROGRESS" } }],
    ]);
  });

  it("wait with --json reports that nothing was read, and why the last read failed, if Wise is never reached", async () => {
    const env = { WISE_BASE_URL: "http://127.0.0.1:9", WISE_API_TOKEN: crypto.randomUUID() };
    const { exitCode, stdout } = await runCommand(["wait", NAMED_CARD, "--max-wait", "5", "--json"], { env });
    expect([exitCode, parseLines(stdout)]).toMatchObject([
      3,
      [
        {
          code: "ERR_WAIT_TIMEOUT",
          message: expect.stringContaining("nothing was read"),
          cause: { code: "ERR_CONNECTION", requestSent: false, cause: { code: "ECONNREFUSED" } },
        },
      ],
    ]);
  });

  it.each([
    ["PRODUCED\r", { status: "PRODUCED", errorCode: null }, "PRODUCED"],
    [
      "PRT_RIBBON_ENDED",
      { status: "PRODUCTION_ERROR", errorCode: "PRT_RIBBON_ENDED" },
      "PRODUCTION_ERROR (PRT_RIBBON_ENDED)",
    ],
    [
      "prt_ribbon_ended",
      { status: "PRODUCTION_ERROR", errorCode: "PRT_RIBBON_ENDED" },
      "PRODUCTION_ERROR (PRT_RIBBON_ENDED)",
    ],
  ])("simulate ends a production with %s", async (end, result, shown) => {
    const { simulator, env } = await openCommandStage();
    for (const format of [["--json"], []]) {
      simulator.reset();
      simulator.card(CARD.cardToken).produce();
      const { exitCode, stdout } = await runCommand(["simulate", NAMED_CARD, end, ...format], { env });
      expect(exitCode).toBe(0);
      if (format.length === 0) expect(stdout).toBe(`The sandbox simulates ${shown}.\n`);
      else expect(parseLines(stdout)).toEqual([result]);
      expect(simulator.card(CARD.cardToken).production).toMatchObject(result);
    }
  });

  it("simulate refuses Wise's production without a request", async () => {
    const { simulator, env } = await openCommandStage();
    const args = ["simulate", NAMED_CARD, "PRODUCED", "--environment", "production", "--base-url", env.WISE_BASE_URL];
    const { exitCode, stderr } = await runCommand(args, { env });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--environment must not be Wise's production")]);
    expect(simulator.requests).toEqual([]);
  });
});
