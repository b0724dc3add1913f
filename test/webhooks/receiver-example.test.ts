import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator, type KioskSimulator } from "wise-card-kiosk/testing";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { productionBody } from "../support/event-bodies.js";
import { serve } from "../support/webhook-loopback.js";

const CARD = { profileId: 123456, cardToken: "35050a4a-9521-426e-8109-1396e3687a3e" };

/** An event of a hypothetical later schema version that has its time in another field. */
const LATER = productionBody({
  envelope: { schema_version: "5.0.0" },
  resource: { updatedAt: "2024-01-01T12:24:56.789Z" },
  data: { status: "PRODUCTION_ERROR", error_code: "PRD_HOPPER_JAM", occurred_at: undefined },
});

const logged = vi.fn();

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(console, "error").mockImplementation(logged);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  logged.mockReset();
});

/** Starts a simulator and a bank that receives its webhooks as the examples do. */
async function openBank(readLagMs = 0) {
  const acceptsToken = (token: string) => token === "access-token";
  const simulator = createKioskSimulator({ cards: [CARD], acceptsToken, readLagMs });
  const wise = await simulator.listen();
  onTestFinished(() => wise.close());
  const { publicKeys, subscriptionIds } = simulator.webhookOptions();
  vi.stubEnv("WEBHOOK_PUBLIC_KEY", String(publicKeys[0]));
  vi.stubEnv("WISE_SUBSCRIPTION_ID", subscriptionIds[0]);
  vi.stubEnv("WISE_BASE_URL", wise.url);
  vi.stubEnv("WISE_API_TOKEN", "access-token");
  const receiver = await import("../../examples/webhooks/receiver.js");
  const events = await import("../../examples/webhooks/events.js");
  const url = await serve(nodeListener(receiver.webhooks.handler(receiver.callbacks)));
  const client = new WiseKioskClient({ baseUrl: wise.url, token: "access-token" });
  return { simulator, url, client, ...receiver, ...events };
}

const reads = (simulator: KioskSimulator): number => simulator.requests.filter(({ method }) => method === "GET").length;

describe("the receiver of the examples", () => {
  it("reads the status for an event without a time, and stores the result", async () => {
    const { simulator, url, states, done } = await openBank();
    simulator.card(CARD.cardToken).produce().fail("PRD_HOPPER_JAM");
    const target = simulator.deliverTo(url);
    simulator.deliver(LATER);
    await target.settled();
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200]);
    expect([...states.values()]).toMatchObject([{ ...CARD, production: { errorCode: "PRD_HOPPER_JAM" } }]);
    expect(states.get(CARD.cardToken)?.production.occurredAt).not.toBeNull();
    expect([reads(simulator), done.size]).toEqual([1, 1]);
  });

  it("does not store an event without a time if the read fails, so that the next delivery is handled", async () => {
    const { simulator, url, states, done } = await openBank();
    simulator.card(CARD.cardToken).produce().fail("PRD_HOPPER_JAM");
    simulator.injectFault({ operation: "getProductionStatus", times: 1, fault: { httpStatus: 403 } });
    const target = simulator.deliverTo(url, { retryDelayMs: 1 });
    simulator.deliver(LATER);
    await target.settled();
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([500, 200]);
    expect(states.get(CARD.cardToken)?.production.errorCode).toBe("PRD_HOPPER_JAM");
    expect(done.size).toBe(1);
    expect(logged).toHaveBeenCalledOnce();
  });

  it("refuses an event without a time until the status no longer lags, so that it is not lost", async () => {
    const { simulator, url, states, done } = await openBank(60_000);
    simulator.card(CARD.cardToken).produce();
    simulator.advanceTime(60_000);
    simulator.card(CARD.cardToken).complete();
    const target = simulator.deliverTo(url);
    simulator.deliver(productionBody({ data: { status: "PRODUCED", occurred_at: undefined } }));
    const statusNow = () => states.get(CARD.cardToken)?.production.status;
    const refused: unknown[] = [];
    logged.mockImplementationOnce(() => {
      refused.push(statusNow(), done.size);
      simulator.advanceTime(60_000);
    });
    await target.settled();
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([500, 200]);
    expect(refused).toEqual(["IN_PROGRESS", 0]);
    expect([statusNow(), done.size]).toEqual(["PRODUCED", 1]);
  });

  it("accepts an event without a time if the card is PRODUCED meanwhile", async () => {
    const { simulator, url, states } = await openBank();
    simulator.card(CARD.cardToken).produce().complete();
    const target = simulator.deliverTo(url);
    simulator.deliver(productionBody({ data: { status: "IN_PROGRESS", occurred_at: undefined } }));
    await target.settled();
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200]);
    expect(states.get(CARD.cardToken)?.production.status).toBe("PRODUCED");
  });

  it("handles an event once, however often it is delivered", async () => {
    const { simulator, url, done } = await openBank();
    const target = simulator.deliverTo(url);
    simulator.card(CARD.cardToken).produce();
    for (let count = 0; count < 3; count += 1) simulator.redeliver();
    await target.settled();
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200, 200, 200, 200]);
    expect(done.size).toBe(1);
  });

  it("stores the same state in whichever order two schema versions of an event arrive", async () => {
    const { simulator, url, states, done } = await openBank();
    const precise = productionBody({ data: { occurred_at: "2024-01-01T12:24:56.789Z" } });
    const whole = productionBody({ data: { occurred_at: "2024-01-01T12:24:56Z" } });
    const target = simulator.deliverTo(url);
    const stored: unknown[] = [];
    for (const bodies of [
      [precise, whole],
      [whole, precise],
    ]) {
      for (const body of bodies) simulator.deliver(body);
      await target.settled();
      stored.push([...states.values()]);
      states.clear();
      done.clear();
    }
    expect(stored[0]).toHaveLength(1);
    expect(stored[1]).toEqual(stored[0]);
  });

  it("accepts an event that names no card, and logs it", async () => {
    const { simulator, url, states } = await openBank();
    const target = simulator.deliverTo(url);
    simulator.deliver(productionBody({ resource: { card_token: null } }));
    await target.settled();
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200]);
    expect(states.size).toBe(0);
    expect(logged).toHaveBeenCalledOnce();
  });
});

describe("the events of the examples", () => {
  it("ends every wait immediately when an event arrives, and leaves no listener", async () => {
    const { simulator, url, client, productionEvents, waiting } = await openBank();
    const target = simulator.deliverTo(url);
    simulator.card(CARD.cardToken).produce();
    await target.settled();
    const waits = Array.from({ length: 12 }, () =>
      client.waitForProduction(CARD, { intervalMs: 60_000, events: productionEvents() }),
    );
    await vi.waitFor(() => expect(waiting()).toBe(12));
    await vi.waitFor(() => expect(reads(simulator)).toBe(12));
    simulator.card(CARD.cardToken).complete();
    expect((await Promise.all(waits)).map(({ status }) => status)).toEqual(Array.from(waits, () => "PRODUCED"));
    expect(reads(simulator)).toBe(12);
    await vi.waitFor(() => expect(waiting()).toBe(0));
  });

  it("leaves no listener after a watch that ends before the next event", async () => {
    const { client, simulator, productionEvents, waiting } = await openBank();
    simulator.card(CARD.cardToken).produce();
    for await (const { status } of client.watchProduction(CARD, { events: productionEvents() })) {
      expect(status).toBe("IN_PROGRESS");
      await vi.waitFor(() => expect(waiting()).toBe(1));
      break;
    }
    await vi.waitFor(() => expect(waiting()).toBe(0));
  });

  it("yields to each iterator the events after its creation", async () => {
    const { url, simulator, productionEvents } = await openBank();
    const target = simulator.deliverTo(url);
    const iterators = [productionEvents(), productionEvents()].map((events) => events[Symbol.asyncIterator]());
    simulator.card(CARD.cardToken).produce().complete();
    await target.settled();
    for (const iterator of iterators) {
      const seen = [await iterator.next(), await iterator.next()];
      expect(seen.map(({ value }) => value.production.status).sort()).toEqual(["IN_PROGRESS", "PRODUCED"]);
      const pending = iterator.next();
      await iterator.return?.();
      expect(await Promise.race([pending, pause(1000)])).toEqual({ done: true, value: undefined });
    }
  });
});
