import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Production, WiseKioskClient } from "wise-card-kiosk";
import {
  createKioskSimulator,
  type HeldDeliveries,
  type KioskSimulator,
  type SimulatedCard,
} from "wise-card-kiosk/testing";
import { isSameProduction } from "../../src/production/same-production.js";
import { feedOf } from "../support/event-feed.js";
import { CARD } from "../support/transports.js";

const RUNS = 300;
const SEED = 20_260_102;

/** What happens to the card in one step, and to the deliveries that are held back. */
const step = fc.record({
  act: fc.constantFrom("produce", "fail", "nothing"),
  /** How much later it is by Wise's clock. */
  afterMs: fc.constantFrom(1, 200, 999, 1000, 5000),
  /** How long the test waits, so that reads come between. */
  pauseMs: fc.constantFrom(0, 0, 1, 4),
  /** Which of the deliveries that are held back arrive now: none, all, or some of them in this order, maybe twice. */
  release: fc.oneof(fc.constant("none" as const), fc.constant("all" as const), fc.array(fc.nat(5), { maxLength: 6 })),
});

const story = fc.record({
  schemaVersion: fc.constantFrom("2.0.0" as const, "4.0.0" as const),
  occurredAtOfResult: fc.constantFrom("sent" as const, "result" as const),
  latencyMs: fc.constantFrom(0, 2, 6),
  intervalMs: fc.constantFrom(1, 5, 1000),
  steps: fc.array(step, { minLength: 1, maxLength: 10 }),
  /** Whether the end is told by an event; where it is not, a read has to find it. */
  isEndTold: fc.boolean(),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Lets a story happen to a card, from READY to PRODUCED. */
async function tell(simulator: KioskSimulator, card: SimulatedCard, { steps, isEndTold }: Story): Promise<void> {
  let held: HeldDeliveries = simulator.holdDeliveries();
  for (const { act, afterMs, pauseMs, release } of steps) {
    simulator.advanceTime(afterMs);
    const { status } = card.production ?? {};
    if (act === "produce" && status !== "IN_PROGRESS") card.produce();
    if (act === "fail" && status === "IN_PROGRESS") card.fail("PRD_HOPPER_JAM");
    if (release !== "none") {
      held.release((all) => (release === "all" ? all : release.flatMap((index) => all[index] ?? [])));
      held = simulator.holdDeliveries();
    }
    if (pauseMs > 0) await sleep(pauseMs);
  }
  simulator.advanceTime(1000);
  card.produce().complete();
  if (isEndTold) held.release((all) => all.toReversed());
}

function start({ schemaVersion, occurredAtOfResult, latencyMs }: Story) {
  const assumptions = { occurredAtOfResult };
  const now = "2026-01-01T12:00:00.250Z";
  const simulator = createKioskSimulator({ cards: [CARD], webhooks: { schemaVersion }, assumptions, latencyMs, now });
  const kiosk = new WiseKioskClient(simulator.clientOptions());
  return { simulator, kiosk, card: simulator.card(CARD.cardToken), events: feedOf(simulator) };
}

/** Where in the history of a card a state stands. */
const placeIn = (history: readonly Production[], production: Production) =>
  history.findIndex((each) => isSameProduction(each, production));

it("a watch gives nothing but states of the card, never goes back, and ends with the last", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(story, async (told) => {
      const { simulator, kiosk, card, events } = start(told);
      // A card whose end nobody tells of is only found by reading.
      const intervalMs = told.isEndTold ? told.intervalMs : Math.min(told.intervalMs, 5);
      const states = kiosk.watchProduction(CARD, { intervalMs, events, maxWaitMs: 5000 });
      const seen: Production[] = [];
      const watch = (async () => {
        for await (const production of states) seen.push(production);
      })();
      await Promise.all([watch, tell(simulator, card, told)]);
      const places = seen.map((production) => placeIn(card.history, production));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...new Set(places)].toSorted((one, other) => one - other));
      expect(seen.at(-1)?.status).toBe("PRODUCED");
    }),
    { numRuns: RUNS, seed: SEED },
  ),
);

it("a wait for a retry never ends with the failure before it", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(story, fc.boolean(), async (told, isToldAtOnce) => {
      const { simulator, kiosk, card, events } = start(told);
      const held = simulator.holdDeliveries();
      const after = card.produce().fail("PRD_HOPPER_JAM").production as Production;
      if (isToldAtOnce) held.release();
      else held.release(() => []);
      const late = simulator.deliveries.slice();
      simulator.advanceTime(1000);
      const intervalMs = Math.min(told.intervalMs, 5);
      const wait = kiosk.waitForProduction(CARD, { previous: after, intervalMs, events, maxWaitMs: 5000 });
      const story = tell(simulator, card, told);
      for (const { deliveryId } of late) simulator.redeliver(deliveryId);
      const [end] = await Promise.all([wait, story]);
      expect(["PRODUCED", "PRODUCTION_ERROR"]).toContain(end.status);
      expect(placeIn(card.history, end)).toBeGreaterThan(placeIn(card.history, after));
    }),
    { numRuns: RUNS, seed: SEED },
  ),
);
