import { describe, expect, it } from "vitest";
import { WiseKioskClient } from "../../src/index.js";
import { createKioskSimulator, type Fault, type KioskSimulator } from "../../src/testing/index.js";

const CARD = { profileId: 123456, cardToken: "card" };
const READ_LAG_MS = 300;

/** Returns a client that expects reads to lag by `expectedLagMs`, and a simulator in which they lag by `readLagMs`. */
function laggingWorld(expectedLagMs: number, readLagMs: number, decideByLaggingState: boolean) {
  const simulator = createKioskSimulator({ cards: [CARD], assumptions: { decideByLaggingState } });
  simulator.readLagMs = expectedLagMs;
  const kiosk = new WiseKioskClient(simulator.clientOptions());
  simulator.readLagMs = readLagMs;
  return { simulator, kiosk };
}

const countPrints = (simulator: KioskSimulator) =>
  simulator.card(CARD.cardToken).history.filter(({ status }) => status === "IN_PROGRESS");

describe.each([false, true])("a client of a simulator with lagging reads (decideByLaggingState: %s)", (lagging) => {
  it.each<[Fault, number]>([
    ["lost-response", 0],
    [{ httpStatus: 503, headers: { "Retry-After": "0" } }, 0],
    [{ arrivesAfterMs: 100 }, 100],
  ])("prints a card exactly once after %j", async (fault, lateMs) => {
    const { simulator, kiosk } = laggingWorld(READ_LAG_MS + lateMs, READ_LAG_MS, lagging);
    simulator.injectFault({ operation: "produceCard", fault, takesEffect: true });
    expect(await kiosk.produceCard({ ...CARD, kioskId: "WIS00001" })).toMatchObject({ status: "IN_PROGRESS" });
    expect(countPrints(simulator)).toHaveLength(1);
    expect(simulator.requests.filter(({ operation }) => operation === "produceCard")).toHaveLength(1);
  });
});

it("a client that trusts the first read prints a card twice if requests are decided by a lagging state", async () => {
  const { simulator, kiosk } = laggingWorld(0, 60_000, true);
  simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
  expect(await kiosk.produceCard({ ...CARD, kioskId: "WIS00001" })).toMatchObject({ status: "IN_PROGRESS" });
  expect(new Set(countPrints(simulator).map(({ occurredAt }) => occurredAt)).size).toBe(2);
});
