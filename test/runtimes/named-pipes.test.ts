import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, it, onTestFinished, vi } from "vitest";
import { runCommand } from "../support/command-program.js";
import { NAMED_CARD, openCommandStage } from "../support/command-stage.js";

/** Longer than a busy machine needs to start a program. */
const START_LIMIT = { timeout: 20_000, interval: 20 };

// These tests run on Linux only: Windows has no such pipes, and macOS no `/proc`.

/** Creates a named pipe, and removes it after the test. */
function createPipe(): string {
  const folder = mkdtempSync(`${tmpdir()}/interruption-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync("mkfifo", [`${folder}/pipe`]);
  return `${folder}/pipe`;
}

/** Opens a pipe to write as soon as a program reads it. */
function openWriter(pipe: string): Promise<number> {
  return vi.waitFor(() => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK), START_LIMIT);
}

it.each([
  ["SIGTERM", 3, ["status", NAMED_CARD, "--token-file"]],
  ["SIGINT", 3, ["produce", NAMED_CARD, "WIS00001", "--token-file"]],
  ["SIGTERM", 0, ["sandbox", "--port", "0", "--token-file"]],
  ["SIGTERM", 0, ["sandbox", "--port", "0", "--seed"]],
] as const)("%s ends a command that reads a pipe with %d: %j", async (signal, exitCode, args) => {
  const { env } = await openCommandStage();
  const pipe = createPipe();
  const ended = await runCommand([...args, pipe], {
    env,
    onStart: (child) =>
      void openWriter(pipe).then((writer) => {
        onTestFinished(() => closeSync(writer));
        child.kill(signal);
      }),
  });
  const stderr = exitCode === 0 ? "" : `wise-card-kiosk: Interrupted by ${signal}.\n`;
  expect(ended).toEqual({ exitCode, stdout: "", stderr });
});

it("SIGTERM ends a command that reads a pipe without a writer", async () => {
  const { env } = await openCommandStage();
  const pipe = createPipe();
  const ended = await runCommand(["status", NAMED_CARD, "--token-file", pipe], {
    env,
    onStart: (child) =>
      void vi.waitFor(() => {
        const files = readdirSync(`/proc/${child.pid}/fd`).map((fd) => `/proc/${child.pid}/fd/${fd}`);
        expect(files.map((file) => readlinkSync(file))).toContain(pipe);
        child.kill("SIGTERM");
      }, START_LIMIT),
  });
  expect(ended).toEqual({ exitCode: 3, stdout: "", stderr: "wise-card-kiosk: Interrupted by SIGTERM.\n" });
});

it("a token comes through a pipe, also if its writer is late", async () => {
  const { env } = await openCommandStage();
  const pipe = createPipe();
  const { exitCode, stderr } = await runCommand(["status", NAMED_CARD, "--token-file", pipe], {
    env: { WISE_BASE_URL: env.WISE_BASE_URL },
    onStart: () =>
      void openWriter(pipe).then((writer) => {
        writeSync(writer, env.WISE_API_TOKEN);
        closeSync(writer);
      }),
  });
  expect([exitCode, stderr]).toEqual([0, ""]);
});
