import { expect, it, onTestFinished } from "vitest";
import { KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { runToEnd } from "../support/run-example.js";

const RECEIVER_URL = "http://127.0.0.1:9/wise";

it.each([
  ["are quick", 0],
  ["are slow, so that all processes create a subscription", 400],
])(
  "eight processes return the same subscription, and leave no other, if responses %s",
  { timeout: 120_000 },
  async (_how, latencyMs) => {
    // The clock is stopped, so all subscriptions are created at the same time.
    const simulator = createKioskSimulator({ now: "2026-01-01T12:00:00Z", latencyMs });
    const server = await simulator.listen();
    onTestFinished(() => server.close());
    const start = () =>
      runToEnd(process.execPath, ["--import", "tsx", "test/subscriptions/programs/ensure.ts"], {
        env: { WISE_URL: server.url, RECEIVER_URL },
      });
    const ended = await Promise.all(Array.from({ length: 8 }, start));
    expect(ended.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== "")).toEqual([]);
    const results = ended.map(({ stdout }) => stdout.split(" "));
    const left = await new KioskSubscriptions(simulator.subscriptionOptions()).list();
    expect(left).toHaveLength(1);
    expect(results.map(([id]) => id)).toEqual(Array.from(ended, () => left[0]?.id));
    expect(results.filter(([, created]) => created === "true")).toHaveLength(1);
  },
);
