import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compileCommand, startCommand } from "../support/command-program.js";
import { NAMED_CARD, openCommandStage } from "../support/command-stage.js";
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
