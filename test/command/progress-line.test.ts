import { PassThrough } from "node:stream";
import { afterEach, expect, it, vi } from "vitest";
import { parseProduction } from "wise-card-kiosk";
import { ProgressLine } from "../../src/command/commands/progress-line.js";
import type { Output } from "../../src/command/definition/program-io.js";
import { runCommandLine } from "../../src/command/run-command-line.js";
import { NAMED_CARD, openCommandStage } from "../support/command-stage.js";
import { CARD } from "../support/transports.js";

const CLEAR = "\r\u001b[K";

afterEach(() => void vi.useRealTimers());

/** Returns what the line of a command writes that waits for two seconds, and reads two states meanwhile. */
function watchLine(output: Pick<Output, "isTTY" | "columns">): string[] {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  vi.advanceTimersByTime(5000);
  const written: string[] = [];
  const line = new ProgressLine({ ...output, write: (text) => written.push(text) });
  line.show(parseProduction({ status: "READY" }));
  vi.advanceTimersByTime(1500);
  line.show(parseProduction({ status: "IN_PROGRESS", kioskId: "WIS00001" }));
  vi.advanceTimersByTime(1000);
  line.end();
  vi.advanceTimersByTime(5000);
  return written;
}

it("the progress line says what was read and for how long the command waits, and is cleared at its end", () => {
  const advice = "Ctrl+C ends the wait, not the print.";
  expect(watchLine({ isTTY: true, columns: 200 })).toEqual([
    `${CLEAR}Reading the status, 0 s. ${advice}`,
    `${CLEAR}READY, 0 s. ${advice}`,
    `${CLEAR}READY, 1 s. ${advice}`,
    `${CLEAR}IN_PROGRESS at kiosk WIS00001, 1 s. ${advice}`,
    `${CLEAR}IN_PROGRESS at kiosk WIS00001, 2 s. ${advice}`,
    CLEAR,
  ]);
});

it.each([
  [20, 20],
  [undefined, 80],
])("the progress line is shorter than a terminal of %s columns", (columns, width) => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const written: string[] = [];
  const line = new ProgressLine({ isTTY: true, columns, write: (text) => written.push(text) });
  line.show(parseProduction({ status: "IN_PROGRESS", kioskId: "K".repeat(100) }));
  line.end();
  expect(written[1]).toHaveLength(CLEAR.length + width - 1);
});

it.each([false, undefined])("no progress line is written if isTTY is %s", (isTTY) => {
  expect(watchLine({ isTTY })).toEqual([]);
});

it("wait shows its progress on a terminal, and clears it before the result", async () => {
  const { simulator, env } = await openCommandStage();
  simulator.card(CARD.cardToken).produce();
  const shown: string[] = [];
  const ended = runCommandLine(["wait", NAMED_CARD], {
    stdout: { write: (line) => shown.push(line) },
    stderr: { write: (line) => shown.push(line), isTTY: true },
    stdin: new PassThrough(),
    env,
    signal: new AbortController().signal,
  });
  await vi.waitFor(() => expect(shown.join("")).toContain("IN_PROGRESS at kiosk WIS00001, "), { timeout: 20_000 });
  simulator.card(CARD.cardToken).complete();
  expect(await ended).toBe(0);
  expect(shown[0]).toContain("Reading the status, ");
  expect(shown.slice(-2)).toEqual([CLEAR, expect.stringMatching(/^PRODUCED at kiosk WIS00001\./)]);
});
