import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type CallOptions, type FetchLike, type Production, type WaitOptions, WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import type { KioskWebhookEvent } from "wise-card-kiosk/webhooks";
import { createFeed } from "../support/event-feed.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const hang = () => new Promise<void>(() => {});

function client(): WiseKioskClient {
  return new WiseKioskClient(createKioskSimulator({ cards: [card] }).clientOptions());
}

it.each([
  ["maxWaitMs", { maxWaitMs: 100 }, { code: "ERR_WAIT_TIMEOUT", lastProduction: { status: "READY" } }],
  ["deadlineMs", { deadlineMs: 100 }, { code: "ERR_TIMEOUT", productionAfter: { status: "READY" } }],
])("ends a wait with a hanging onChange when %s passes", async (_limit, options, error) => {
  await expect(client().waitForProduction(card, { ...options, onChange: hang })).rejects.toMatchObject(error);
});

it("ends a wait with a hanging onChange when the signal aborts", async () => {
  const controller = new AbortController();
  const reason = new Error("the customer left");
  setTimeout(() => controller.abort(reason), 50);
  const options = { signal: controller.signal, onChange: hang };
  await expect(client().waitForProduction(card, options)).rejects.toBe(reason);
});

it("resolves with a production that ends the wait even if onChange hangs", async () => {
  const simulator = createKioskSimulator({ cards: [card] });
  simulator.card(card.cardToken).produce().complete();
  const wise = new WiseKioskClient(simulator.clientOptions());
  const options = { maxWaitMs: 100, onChange: hang };
  await expect(wise.waitForProduction(card, options)).resolves.toMatchObject({ status: "PRODUCED" });
});

/** Returns a function that sets the clock ahead by an hour, so that every limit has passed. */
function createClockJump(): () => void {
  const now = Date.now.bind(Date);
  let aheadMs = 0;
  const spy = vi.spyOn(Date, "now").mockImplementation(() => now() + aheadMs);
  onTestFinished(() => spy.mockRestore());
  return () => {
    aheadMs = 3_600_000;
  };
}

it("calls onChange with a state that an event reports while it runs, even if a limit passes meanwhile", async () => {
  const simulator = createKioskSimulator({ cards: [card] });
  const wise = new WiseKioskClient(simulator.clientOptions());
  const events = createFeed(simulator);
  const passLimits = createClockJump();
  const seen: string[] = [];
  const onChange = async ({ status }: Production) => {
    if (seen.push(status) > 1) return;
    const { asked } = events;
    simulator.card(card.cardToken).complete();
    // Whoever asks for another event has queued the last one.
    await vi.waitFor(() => expect(events.asked).toBeGreaterThan(asked));
    passLimits();
  };
  const end = await wise.waitForProduction(card, { intervalMs: 600_000, events, onChange });
  expect([end.status, ...seen]).toEqual(["PRODUCED", "READY", "PRODUCED"]);
});

describe("a state that arrives together with a limit", () => {
  /** Waits for a card that is produced. A limit passes while the response to the read arrives. */
  async function waitUntilTooLate(options: WaitOptions & CallOptions) {
    const simulator = createKioskSimulator({ cards: [card] });
    simulator.card(card.cardToken).produce().complete();
    const passLimits = createClockJump();
    const fetch: FetchLike = async (url, init) => {
      const response = await simulator.fetch(url, init);
      passLimits();
      return response;
    };
    return new WiseKioskClient({ ...simulator.clientOptions(), fetch }).waitForProduction(card, options);
  }

  it.each([
    ["maxWaitMs", { maxWaitMs: 60_000 }],
    ["deadlineMs", { deadlineMs: 60_000 }],
  ])("reaches onChange before the wait resolves with it if the limit is %s", async (_limit, options) => {
    const seen: string[] = [];
    const onChange = ({ status }: Production) => void seen.push(status);
    await expect(waitUntilTooLate({ ...options, onChange })).resolves.toMatchObject({ status: "PRODUCED" });
    expect(seen).toEqual(["PRODUCED"]);
  });

  it("rejects the wait with what onChange throws", async () => {
    const failure = new Error("no");
    const onChange = () => {
      throw failure;
    };
    await expect(waitUntilTooLate({ onChange })).rejects.toBe(failure);
  });

  it("ends the wait even if onChange rejects, which is not awaited after the limit", async () => {
    const onChange = () => Promise.reject(new Error("no"));
    await expect(waitUntilTooLate({ onChange })).resolves.toMatchObject({ status: "PRODUCED" });
  });
});

it("reacts to signals while a feed always has another event", async () => {
  const foreign: KioskWebhookEvent = {
    type: "other",
    eventType: "cards#card-status-change",
    data: {},
    subscriptionId: null,
    schemaVersion: null,
    sentAt: null,
    deliveryId: null,
    isTest: false,
  };
  let yielded = 0;
  async function* replay() {
    // Bounded, so that a wait that starves everything else fails instead of hanging.
    for (; yielded < 3_000_000; yielded += 1) yield foreign;
  }
  const controller = new AbortController();
  const reason = new Error("the customer left");
  setTimeout(() => controller.abort(reason), 50);
  const waiting = client().waitForProduction(card, { signal: controller.signal, events: replay() });
  await expect(waiting).rejects.toBe(reason);
  expect(yielded).toBeLessThan(3_000_000);
});
