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
import { createFeed } from "../support/event-feed.js";
import { CARD } from "../support/transports.js";

const RUNS = 300;

/** What happens in one step to the card and to the deliveries that are held back. */
const step = fc.record({
  act: fc.constantFrom("produce", "fail", "nothing"),
  /** How far Wise's clock advances, in milliseconds. */
  afterMs: fc.constantFrom(1, 200, 999, 1000, 5000),
  /** How long the test waits, in milliseconds, so that reads happen in between. */
  pauseMs: fc.constantFrom(0, 0, 1, 4),
  /** Which held deliveries arrive now: none, all, or some of them in this order, perhaps twice. */
  release: fc.oneof(fc.constant("none" as const), fc.constant("all" as const), fc.array(fc.nat(5), { maxLength: 6 })),
});

const story = fc.record({
  schemaVersion: fc.constantFrom("2.0.0" as const, "4.0.0" as const),
  occurredAtOfResult: fc.constantFrom("sent" as const, "result" as const),
  latencyMs: fc.constantFrom(0, 2, 6),
  readLagMs: fc.constantFrom(0, 1000),
  intervalMs: fc.constantFrom(1, 5, 1000),
  steps: fc.array(step, { minLength: 1, maxLength: 10 }),
  /** Whether an event reports the end; otherwise a read must find it. */
  isEndDelivered: fc.boolean(),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** Plays a story with a card, from READY to PRODUCED. */
async function play(simulator: KioskSimulator, card: SimulatedCard, { steps, isEndDelivered }: Story): Promise<void> {
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
  simulator.advanceTime(1000);
  if (isEndDelivered) held.release((all) => all.toReversed());
}

function start({ schemaVersion, occurredAtOfResult, latencyMs, readLagMs }: Story) {
  const assumptions = { occurredAtOfResult };
  const now = "2026-01-01T12:00:00.250Z";
  const webhooks = { schemaVersion };
  const simulator = createKioskSimulator({ cards: [CARD], webhooks, assumptions, latencyMs, readLagMs, now });
  const kiosk = new WiseKioskClient(simulator.clientOptions());
  return { simulator, kiosk, card: simulator.card(CARD.cardToken), events: createFeed(simulator) };
}

/** Returns the index of a state in the history of a card; -1 if it is not there. */
const indexIn = (history: readonly Production[], production: Production) =>
  history.findIndex((each) => isSameProduction(each, production));

it("yields only states of the card, in order and without repetition, up to the last one", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(story, async (script) => {
      const { simulator, kiosk, card, events } = start(script);
      // Without an event for the end, only a read finds it.
      const intervalMs = script.isEndDelivered ? script.intervalMs : Math.min(script.intervalMs, 5);
      const states = kiosk.watchProduction(CARD, { intervalMs, events, maxWaitMs: 5000 });
      const seen: Production[] = [];
      const watch = (async () => {
        for await (const production of states) seen.push(production);
      })();
      await Promise.all([watch, play(simulator, card, script)]);
      const indexes = seen.map((production) => indexIn(card.history, production));
      expect(indexes).not.toContain(-1);
      expect(indexes).toEqual([...new Set(indexes)].toSorted((one, other) => one - other));
      expect(seen.at(-1)?.status).toBe("PRODUCED");
    }),
    { numRuns: RUNS },
  ),
);

it("never ends a wait for a retry with the failure before it", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(story, fc.boolean(), async (script, isDeliveredFirst) => {
      const { simulator, kiosk, card, events } = start(script);
      const held = simulator.holdDeliveries();
      const previous = card.produce().fail("PRD_HOPPER_JAM").production as Production;
      if (isDeliveredFirst) held.release();
      else held.release(() => []);
      const late = simulator.deliveries.slice();
      simulator.advanceTime(1000);
      const intervalMs = Math.min(script.intervalMs, 5);
      const wait = kiosk.waitForProduction(CARD, { previous, intervalMs, events, maxWaitMs: 5000 });
      const played = play(simulator, card, script);
      for (const { deliveryId } of late) simulator.redeliver(deliveryId);
      const [end] = await Promise.all([wait, played]);
      expect(["PRODUCED", "PRODUCTION_ERROR"]).toContain(end.status);
      expect(indexIn(card.history, end)).toBeGreaterThan(indexIn(card.history, previous));
    }),
    { numRuns: RUNS },
  ),
);
