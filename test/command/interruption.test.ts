import { once } from "node:events";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { BrokenPipe, Interruption } from "../../src/command/definition/program-io.js";
import { runCommandLine } from "../../src/command/run-command-line.js";
import { parseLines, runCommand } from "../support/command-program.js";
import { countPrints, NAMED_CARD, openCommandStage } from "../support/command-stage.js";
import { CARD } from "../support/transports.js";

const PRODUCE = ["produce", NAMED_CARD, "WIS00001"];

/** Longer than a busy machine needs to start a program. */
const START_LIMIT = { timeout: 20_000 };

it.each([
  ["SIGINT", "wait"],
  ["SIGTERM", "wait"],
  ["SIGINT", "status"],
] as const)("%s ends %s with 3 and one line", async (signal, command) => {
  const { simulator, env } = await openCommandStage();
  simulator.injectFault({ operation: "getProductionStatus", fault: "timeout" });
  const ended = await runCommand([command, NAMED_CARD], {
    env,
    onStart: (child) =>
      void vi.waitFor(() => expect(simulator.requests).toHaveLength(1), START_LIMIT).then(() => child.kill(signal)),
  });
  expect(ended).toEqual({ exitCode: 3, stdout: "", stderr: `wise-card-kiosk: Interrupted by ${signal}.\n` });
});

it("SIGINT during the request of produce reports that the card may be printing", async () => {
  const { simulator, env } = await openCommandStage();
  simulator.injectFault({ operation: "produceCard", fault: "timeout", takesEffect: true });
  const { exitCode, stdout, stderr } = await runCommand([...PRODUCE, "--json"], {
    env,
    onStart: (child) =>
      void vi.waitFor(() => expect(countPrints(simulator)).toBe(1), START_LIMIT).then(() => child.kill("SIGINT")),
  });
  expect([exitCode, stderr, parseLines(stdout)]).toEqual([
    3,
    "",
    [{ name: "Interruption", message: "Interrupted by SIGINT", code: "ERR_INTERRUPTED", mayHaveTakenEffect: true }],
  ]);
});

it("SIGINT before the request of produce reports that nothing happened", async () => {
  const { simulator, env } = await openCommandStage();
  simulator.injectFault({ operation: "getProductionStatus", fault: "timeout" });
  const { exitCode, stdout } = await runCommand([...PRODUCE, "--json"], {
    env,
    onStart: (child) =>
      void vi.waitFor(() => expect(simulator.requests).toHaveLength(1), START_LIMIT).then(() => child.kill("SIGINT")),
  });
  expect([exitCode, parseLines(stdout)]).toMatchObject([3, [{ code: "ERR_INTERRUPTED", mayHaveTakenEffect: false }]]);
  expect(countPrints(simulator)).toBe(0);
});

it("SIGINT while produce waits says that the card may be printing", async () => {
  const { simulator, env } = await openCommandStage();
  const { exitCode, stdout, stderr } = await runCommand([...PRODUCE, "--wait"], {
    env,
    onStart: (child) => void once(child.stdout ?? child, "data").then(() => child.kill("SIGINT")),
  });
  expect([exitCode, stdout.split(" ")[0], countPrints(simulator)]).toEqual([3, "IN_PROGRESS", 1]);
  expect(stderr).toBe(
    "wise-card-kiosk: Interrupted by SIGINT.\nThe card may be printing: read its status before you produce it again.\n",
  );
});

it("SIGINT during the request of simulate reports that it may have taken effect", async () => {
  const { simulator, env } = await openCommandStage();
  simulator.card(CARD.cardToken).produce();
  simulator.injectFault({ operation: "simulateProductionStatus", fault: "timeout" });
  const { exitCode, stdout } = await runCommand(["simulate", NAMED_CARD, "PRODUCED", "--json"], {
    env,
    onStart: (child) =>
      void vi.waitFor(() => expect(simulator.requests).toHaveLength(1), START_LIMIT).then(() => child.kill("SIGINT")),
  });
  expect([exitCode, parseLines(stdout)]).toMatchObject([3, [{ code: "ERR_INTERRUPTED", mayHaveTakenEffect: true }]]);
});

/** Runs a command in this process, until `reason` ends it. */
async function runUntil(reason: Error, args: readonly string[], env = {}) {
  let stdout = "";
  let stderr = "";
  const controller = new AbortController();
  const ended = runCommandLine(args, {
    stdout: { write: (line) => (stdout += line) },
    stderr: { write: (line) => (stderr += line) },
    stdin: new PassThrough(),
    env,
    signal: controller.signal,
  });
  controller.abort(reason);
  return { exitCode: await ended, stdout, stderr };
}

it("SIGTERM ends a sandbox that waits for its token on the standard input with 0", async () => {
  const args = ["sandbox", "--port", "0", "--token-file", "-"];
  expect(await runUntil(new Interruption("SIGTERM"), args)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

it.each([
  ["status", ["status", NAMED_CARD, "--token-file", "-"]],
  ["verify-webhook", ["verify-webhook", fileURLToPath(import.meta.url), "--signature", "AA=="]],
])("SIGINT ends %s while it reads its input", async (_, args) => {
  const { env } = await openCommandStage();
  expect(await runUntil(new Interruption("SIGINT"), args, { ...env, WISE_ENVIRONMENT: "sandbox" })).toEqual({
    exitCode: 3,
    stdout: "",
    stderr: "wise-card-kiosk: Interrupted by SIGINT.\n",
  });
});

it("a command whose output no one reads ends with 3 and no message", async () => {
  const { env } = await openCommandStage();
  const ended = await runUntil(new BrokenPipe("No one reads the output"), ["wait", NAMED_CARD], env);
  expect(ended).toEqual({ exitCode: 3, stdout: "", stderr: "" });
});
