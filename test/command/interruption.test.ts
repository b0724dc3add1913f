import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { PassThrough, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { Interruption } from "../../src/command/definition/program-io.js";
import { runCommandLine } from "../../src/command/run-command-line.js";
import { compileCommand, parseLines, runCommand, startCommand } from "../support/command-program.js";
import { countPrints, NAMED_CARD, openCommandStage } from "../support/command-stage.js";
import { CARD } from "../support/transports.js";

const PRODUCE = ["produce", NAMED_CARD, "WIS00001"];

/** Longer than a busy machine needs to start a program. */
const START_LIMIT = { timeout: 20_000 };

describe("a signal", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("%s ends a wait with 3 and one line", async (signal) => {
    const { simulator, env } = await openCommandStage();
    const ended = await runCommand(["wait", NAMED_CARD], {
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

  it("SIGTERM ends a sandbox that waits for its token on the standard input with 0", async () => {
    let written = "";
    const output = { write: (line: string) => (written += line) };
    const controller = new AbortController();
    const ended = runCommandLine(["sandbox", "--port", "0", "--token-file", "-"], {
      stdout: output,
      stderr: output,
      stdin: new PassThrough(),
      env: {},
      signal: controller.signal,
    });
    controller.abort(new Interruption("SIGTERM"));
    expect([await ended, written]).toEqual([0, ""]);
  });

  it("SIGINT ends a command that waits for a token on the standard input", async () => {
    const { env } = await openCommandStage();
    let stderr = "";
    const controller = new AbortController();
    const ended = runCommandLine(["status", NAMED_CARD, "--token-file", "-"], {
      stdout: { write: () => {} },
      stderr: { write: (line) => (stderr += line) },
      stdin: new PassThrough(),
      env,
      signal: controller.signal,
    });
    controller.abort(new Interruption("SIGINT"));
    expect([await ended, stderr]).toEqual([3, "wise-card-kiosk: Interrupted by SIGINT.\n"]);
  });
});

describe("a pipe that is closed", () => {
  it("produce ends quietly with the exit code of the print if no one reads its second line", async () => {
    const { simulator, env } = await openCommandStage();
    const child = await startCommand([...PRODUCE, "--wait"], { env });
    const ended = once(child, "close");
    const stderr = text(child.stderr);
    await once(child.stdout, "data");
    child.stdout.destroy();
    simulator.card(CARD.cardToken).fail("PRD_HOPPER_JAM");
    expect([await stderr, await ended]).toEqual(["", [1, null]]);
  });

  it("the sandbox ends quietly with 0 if no one reads its lines", async () => {
    const child = await startCommand(["sandbox", "--port", "0", "--json"]);
    const ended = once(child, "close");
    const stderr = text(child.stderr);
    const [first] = await once(child.stdout, "data");
    const { url } = JSON.parse(String(first));
    child.stdout.destroy();
    // Each request is a line.
    const requests = setInterval(() => fetch(`${url}/v3/spend/profiles/1/cards/2/production`).catch(() => {}), 100);
    try {
      expect([await stderr, await ended]).toEqual(["", [0, null]]);
    } finally {
      clearInterval(requests);
    }
  });
});

it.each([
  ["a result", ["explain", "PRD_HOPPER_JAM"]],
  ["the first line of the sandbox", ["sandbox", "--port", "0"]],
])("%s that cannot be written is an unknown outcome", async (_, args) => {
  const onlyForReading = openSync(fileURLToPath(import.meta.url), "r");
  const child = spawn(process.execPath, [await compileCommand(), ...args], {
    stdio: ["ignore", onlyForReading, "pipe"],
    timeout: 60_000,
  });
  const ended = once(child, "close");
  expect([await text(child.stderr as Readable), await ended]).toEqual([
    "wise-card-kiosk: The output cannot be written (EBADF).\n",
    [3, null],
  ]);
  closeSync(onlyForReading);
});

describe("the progress line", () => {
  it("wait shows its progress on a terminal, and clears it before the result", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.card(CARD.cardToken).produce();
    const shown: string[] = [];
    const ended = runCommandLine(["wait", NAMED_CARD], {
      stdout: { write: (line) => shown.push(line) },
      stderr: { write: (line) => shown.push(line), isTTY: true, columns: 60 },
      stdin: new PassThrough(),
      env,
      signal: new AbortController().signal,
    });
    await vi.waitFor(() => expect(shown.join("")).toMatch(/IN_PROGRESS at kiosk WIS00001, [1-9]/), START_LIMIT);
    simulator.card(CARD.cardToken).complete();
    expect(await ended).toBe(0);
    const lines = shown.map((line) => line.replace("\r\u001b[K", ""));
    expect(lines[0]).toMatch(/^Reading the status, \d+ s\. Ctrl\+C ends the wait, not the pri/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^IN_PROGRESS at kiosk WIS00001, \d+ s\. Ctrl\+C ends the wait/),
    );
    expect(shown.slice(0, -1).every((line) => line.startsWith("\r\u001b[K") && line.length <= 59 + 4)).toBe(true);
    expect(shown.slice(-2)).toEqual(["\r\u001b[K", expect.stringMatching(/^PRODUCED at kiosk WIS00001\./)]);
  });
});
