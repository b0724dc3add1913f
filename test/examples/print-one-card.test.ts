import type { ChildProcess } from "node:child_process";
import { describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulatorOptions, type SimulatedCardOptions } from "wise-card-kiosk/testing";
import { runExample, type Start } from "../support/run-example.js";

/** Each test starts a program. */
vi.setConfig({ testTimeout: 60_000 });

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const ARGS = ["--profile", "123456", "--card", card.cardToken, "--kiosk", "WIS00001"];

/** Starts a simulator with one card on loopback, and returns it with the program that prints the card. */
async function branch(options: Partial<SimulatedCardOptions> = {}, more: KioskSimulatorOptions = {}) {
  const simulator = createKioskSimulator({ cards: [{ ...card, ...options }], token: "user-token", ...more });
  const server = await simulator.listen();
  const env = { WISE_ENVIRONMENT: "sandbox", WISE_BASE_URL: server.url, WISE_API_TOKEN: "user-token" };
  const print = (start: Start = {}) => runExample("print-one-card.ts", { args: ARGS, env, ...start });
  const puts = () => simulator.requests.filter(({ method }) => method === "PUT").length;
  return { simulator, env, print, puts, [Symbol.asyncDispose]: () => server.close() };
}

describe.concurrent("printing one card from a shell", () => {
  it("exits with 0 if the card is produced, and prints a line for each state", async () => {
    await using wise = await branch({ outcomes: ["PRODUCED"], productionDelayMs: 500 });
    const { exitCode, stdout, stderr } = await wise.print();
    expect(stdout.trim().split("\n")).toEqual([
      "READY. The card is ready for production. Produce it at a kiosk.",
      "IN_PROGRESS at kiosk WIS00001. The kiosk is producing the card. Wait for the result.",
      "PRODUCED at kiosk WIS00001. The card is produced and collected. No further action is needed.",
    ]);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  it("exits with 0 and sends no production request if the card was produced before", async () => {
    await using wise = await branch();
    wise.simulator.card(card.cardToken).produce().complete();
    expect((await wise.print()).exitCode).toBe(0);
    expect(wise.puts()).toBe(0);
  });

  it("follows a card that is already printing, and does not print it again", async () => {
    await using wise = await branch();
    wise.simulator.card(card.cardToken).produce();
    const printing = wise.print();
    await vi.waitFor(() => expect(wise.simulator.requests.length).toBeGreaterThan(0), 30_000);
    wise.simulator.card(card.cardToken).complete();
    expect((await printing).exitCode).toBe(0);
    expect(wise.puts()).toBe(0);
  });

  it("prints again after a failure, and does not end on the earlier failure", async () => {
    await using wise = await branch({ outcomes: ["PRODUCED"] });
    const body = wise.simulator.card(card.cardToken).produce().fail("PRD_HOPPER_JAM").production;
    wise.simulator.onDelivery(() => {
      const isFirst = wise.simulator.deliveries.length === 3;
      if (isFirst) wise.simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 200, body } });
    });
    expect((await wise.print()).exitCode).toBe(0);
    expect(wise.puts()).toBe(1);
    wise.simulator.assertNoPendingFaults();
  });

  it("prints again after a failure, even if the first request is lost in transit", async () => {
    await using wise = await branch({ outcomes: ["PRODUCED"] });
    wise.simulator.card(card.cardToken).produce().fail("PRD_HOPPER_JAM");
    wise.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    expect((await wise.print()).exitCode).toBe(0);
    expect(wise.puts()).toBe(2);
  });

  it("exits with 1 if the kiosk fails, and prints what to do in the last line", async () => {
    await using wise = await branch({ outcomes: ["PRT_RIBBON_ENDED"] });
    const { exitCode, stdout } = await wise.print();
    expect(stdout.trim().split("\n").at(-1)).toBe(
      "PRODUCTION_ERROR (PRT_RIBBON_ENDED) at kiosk WIS00001. The printer's ribbon has run out. Check the machine and its reject box for a card. Fix this at the kiosk, then produce the card again.",
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    ["KIOSK_ID_NOT_FOUND", 1],
    ["UNABLE_TO_ACCEPT_REQUEST", 1],
    ["REQUEST_CREATED_BUT_NOT_STARTED", 3],
    ["A_CODE_OF_NEXT_YEAR", 3],
  ])("a request refused with %s makes the program exit with %i", async (refuse, expected) => {
    await using wise = await branch({ outcomes: [{ refuse }] });
    const { exitCode, stdout } = await wise.print();
    expect(stdout).toContain(`REQUEST_ERROR (${refuse})`);
    expect(exitCode).toBe(expected);
  });

  it.each([
    ["no environment", { env: {} }, "KioskArgumentError: environment"],
    ["no card", { args: ["--profile", "123456"] }, "KioskArgumentError: cardToken"],
    ["no kiosk", { args: ARGS.slice(0, 4) }, "KioskArgumentError: kioskId"],
    ["an unknown option", { args: ["--printer", "1"] }, "--printer"],
  ])("exits with 2 and prints the usage: %s", async (_, start, reason) => {
    await using wise = await branch();
    const { exitCode, stderr } = await wise.print(start);
    expect(stderr).toContain(reason);
    expect(stderr).toContain("Exit code:");
    expect(exitCode).toBe(2);
    expect(wise.puts()).toBe(0);
  });

  it("exits with 3 if interrupted while the kiosk prints", async () => {
    await using wise = await branch();
    const { exitCode, stderr } = await wise.print({
      onStart: (child) =>
        child.stdout?.on("data", (line: Buffer) => line.includes("IN_PROGRESS") && child.kill("SIGINT")),
    });
    expect(stderr).toContain("Interrupted.");
    expect(exitCode).toBe(3);
  });

  it("exits with 3 if interrupted before Wise has responded", async () => {
    await using wise = await branch();
    wise.simulator.injectFault({ operation: "produceCard", fault: "timeout" });
    let program: ChildProcess | undefined;
    const printing = wise.print({
      onStart: (child) => {
        program = child;
      },
    });
    await vi.waitFor(() => expect(wise.puts()).toBe(1), 30_000);
    program?.kill("SIGINT");
    const { exitCode, stderr } = await printing;
    expect(stderr).toContain("Interrupted.");
    expect(exitCode).toBe(3);
  });

  it("exits with 3 if Wise rejects the token while the kiosk prints", async () => {
    await using wise = await branch();
    const { exitCode, stderr } = await wise.print({
      onStart: (child) =>
        child.stdout?.on("data", (line: Buffer) => {
          const fault = { httpStatus: 401, body: { error: "invalid_token" } };
          if (line.includes("IN_PROGRESS")) wise.simulator.injectFault({ fault, times: Number.POSITIVE_INFINITY });
        }),
    });
    expect(stderr).toContain("KioskAuthenticationError");
    expect(exitCode).toBe(3);
  });

  it("exits with 3 if no response arrives and reads do not reconcile the outcome", async () => {
    await using wise = await branch();
    wise.simulator.injectFault({ operation: "produceCard", fault: "connection-reset", times: 3 });
    const { exitCode, stderr } = await wise.print();
    expect(stderr).toContain("KioskConnectionError: produceCard");
    expect(exitCode).toBe(3);
    expect(wise.puts()).toBe(3);
  });

  it("exits with 4 if Wise rejects the token, and never prints it", async () => {
    await using wise = await branch();
    const { exitCode, stdout, stderr } = await wise.print({ env: { ...wise.env, WISE_API_TOKEN: "expired-token" } });
    expect(stderr).toContain("KioskAuthenticationError");
    expect(stdout + stderr).not.toContain("expired-token");
    expect(exitCode).toBe(4);
  });
});
