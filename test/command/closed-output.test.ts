import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { compileCommand, parseLines, startCommand } from "../support/command-program.js";
import { NAMED_CARD, openCommandStage } from "../support/command-stage.js";
import { findFreePort } from "../support/free-port.js";
import { CARD } from "../support/transports.js";

describe("a pipe that is closed", () => {
  it("produce ends quietly with the exit code of the print if no one reads its second line", async () => {
    const { simulator, env } = await openCommandStage();
    const child = await startCommand(["produce", NAMED_CARD, "WIS00001", "--wait"], { env });
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

describe("a pipe that is full, and that no one reads", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("the sandbox ends with 0 at %s", async (signal) => {
    const port = await findFreePort();
    const child = await startInto([openFullPipe(), "ignore"], ["sandbox", "--port", String(port)]);
    const ended = once(child, "close");
    await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/_sandbox/health`), { timeout: 20_000 });
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });

  it.each([
    ["wait --json, whose error is a result,", ["wait", NAMED_CARD, "--json"], "stdout"],
    ["wait, whose error is a message,", ["wait", NAMED_CARD], "stderr"],
    ["simulate", ["simulate", NAMED_CARD, "PRODUCED"], "stderr"],
  ] as const)("%s ends with 3 at SIGINT", async (_, args, full) => {
    const { simulator, env } = await openCommandStage();
    simulator.injectFault({ fault: "timeout" });
    const pipe = openFullPipe();
    const child = await startInto(full === "stdout" ? [pipe, "ignore"] : ["ignore", pipe], args, env);
    const ended = once(child, "close");
    await vi.waitFor(() => expect(simulator.requests).toHaveLength(1), { timeout: 20_000 });
    child.kill("SIGINT");
    expect(await ended).toEqual([3, null]);
  });

  it("a command that has written its result ends with the code of the result at SIGTERM", async () => {
    const { simulator, env } = await openCommandStage();
    simulator.card(CARD.cardToken).produce();
    const args = ["simulate", NAMED_CARD, "PRODUCED"];
    const child = await startInto([openFullPipe(), "pipe"], args, env, [
      "--import",
      `data:text/javascript,${ANNOUNCED}`,
    ]);
    const ended = once(child, "close");
    await once(child.stderr as Readable, "data");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

/** Says on stderr that something is written to stdout. */
const ANNOUNCED =
  "const{stdout,stderr}=process;const{write}=stdout;stdout.write=(text)=>{stderr.write('.');return write.call(stdout,text)}";

it.each([
  ["all of its lines", 50],
  ["the first megabyte of its lines, and how many were dropped", 200],
])("a reader that only begins when the sandbox ends gets %s", async (_, requests) => {
  const child = await startCommand(["sandbox", "--port", "0", "--json"]);
  const ended = once(child, "close");
  const [first] = await once(child.stdout, "data");
  child.stdout.pause();
  const { url } = JSON.parse(String(first));
  for (let sent = 0; sent < requests; sent += 1) await fetch(`${url}/${sent}/${"x".repeat(10_000)}`);
  child.kill("SIGTERM");
  const lines = parseLines(await text(child.stdout));
  const paths = lines.filter(({ type }) => type === "request").map(({ path }) => String(path).split("/")[1]);
  expect(paths).toEqual(Array.from({ length: paths.length }, (_request, sent) => `${sent}`));
  const dropped = { type: "dropped", lines: requests - paths.length };
  expect(lines.slice(paths.length)).toEqual(requests === 50 ? [] : [dropped]);
  expect(Math.min(paths.length, 100)).toBe(Math.min(requests, 100));
  expect(await ended).toEqual([0, null]);
});

/** Opens a pipe for writing that takes no byte more, and that stays open for reading. */
function openFullPipe(): number {
  const folder = mkdtempSync(`${tmpdir()}/full-pipe-`);
  const path = `${folder}/pipe`;
  execFileSync("mkfifo", [path]);
  const both = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const pipe = openSync(path, "w");
  onTestFinished(() => {
    closeSync(pipe);
    closeSync(both);
    rmSync(folder, { recursive: true });
  });
  const write = (bytes: number): void => {
    try {
      while (true) writeSync(both, Buffer.alloc(bytes));
    } catch (error) {
      expect(error).toMatchObject({ code: "EAGAIN" });
    }
  };
  write(65_536);
  write(1);
  return pipe;
}

/** Starts the command line with these streams as stdout and stderr, for at most 60 seconds. */
async function startInto(
  output: readonly (number | "ignore" | "pipe")[],
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  nodeArgs: readonly string[] = [],
) {
  return spawn(process.execPath, [...nodeArgs, await compileCommand(), ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", ...output],
    timeout: 60_000,
  });
}

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
