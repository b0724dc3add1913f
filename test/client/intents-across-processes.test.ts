import { expect, it, onTestFinished, vi } from "vitest";
import { createKioskSimulator, type FaultInjection, type KioskSimulator } from "../../src/testing/index.js";
import { runToEnd } from "../support/run-example.js";
import { CARD } from "../support/transports.js";

const MINUTE = 60_000;

/** What remains after the death of a process. */
interface Aftermath {
  readonly simulator: KioskSimulator;
  /** The intent that the process stored, as text. */
  readonly intent: string;
  /** Runs another process, on a machine whose clock is wrong, and returns the outcome or the code of its error. */
  reconcile(intent: string, clockAheadMs: number, deadlineMs?: number): Promise<string>;
}

/** Kills a process on a machine whose clock is wrong, while its request is under way. */
async function killDuringRequest(injection: FaultInjection, clockAheadMs: number): Promise<Aftermath> {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const server = await simulator.listen();
  onTestFinished(() => server.close());
  const injected = simulator.injectFault({ operation: "produceCard", ...injection });
  const start = (name: string, env: NodeJS.ProcessEnv, kill?: (stop: () => void) => void) =>
    runToEnd(process.execPath, ["--import", "tsx", `test/client/programs/${name}.ts`], {
      env: { WISE_URL: server.url, WISE_TOKEN: simulator.clientOptions().token, ...env },
      onStart: (child) => kill?.(() => child.kill("SIGKILL")),
    });
  const died = await start("produce-and-die", { CLOCK_AHEAD_MS: String(clockAheadMs) }, (stop) => {
    vi.waitFor(() => expect(injected.remaining).toBe(0), { timeout: 20_000 }).then(stop, stop);
  });
  expect(died).toMatchObject({ exitCode: null, stderr: "" });
  return {
    simulator,
    intent: died.stdout,
    async reconcile(intent, aheadMs, deadlineMs) {
      const limit = deadlineMs === undefined ? {} : { DEADLINE_MS: String(deadlineMs) };
      const ended = await start("reconcile", { INTENT: intent, CLOCK_AHEAD_MS: String(aheadMs), ...limit });
      expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
      return ended.stdout;
    },
  };
}

const prints = ({ requests }: KioskSimulator) => requests.filter(({ method }) => method === "PUT").length;

it("another process finds the print of a process that was killed", { timeout: 60_000 }, async () => {
  const fault = { fault: "timeout", takesEffect: true } as const;
  const { simulator, intent, reconcile } = await killDuringRequest(fault, -MINUTE);
  expect(await reconcile(intent, MINUTE)).toBe("ours");
  expect(prints(simulator)).toBe(1);
});

it("another process waits for a request that arrives after its sender was killed", { timeout: 60_000 }, async () => {
  const delayed = { fault: { arrivesAfterMs: 15_000 } };
  const { simulator, intent, reconcile } = await killDuringRequest(delayed, -MINUTE);
  const readsBefore = simulator.requests.length;
  const outcome = reconcile(intent, MINUTE);
  await vi.waitFor(() => expect(simulator.requests.length).toBeGreaterThan(readsBefore + 1), { timeout: 20_000 });
  simulator.advanceTime(15_000);
  expect(await outcome).toBe("ours");
  expect(prints(simulator)).toBe(1);
});

it.each([
  [-MINUTE, MINUTE],
  [MINUTE, -MINUTE],
])(
  "another process finds only after the window that nothing was printed, if the clocks differ from Wise's by %d and %d ms",
  { timeout: 60_000 },
  async (writerMs, readerMs) => {
    const { simulator, intent, reconcile } = await killDuringRequest({ fault: "connection-reset" }, writerMs);
    expect(await reconcile(intent, readerMs, 1000)).toBe("ERR_TIMEOUT");
    simulator.advanceTime(MINUTE);
    expect(await reconcile(intent, readerMs)).toBe("not-taken");
    expect(prints(simulator)).toBe(1);
  },
);
