import { expect, it } from "vitest";
import { PRODUCTION_EVENT_TYPE } from "../../src/schemas/webhook-event.js";
import { type EnsureActions, ensureSubscription } from "../../src/subscriptions/ensure-subscription.js";
import type { KioskSubscription } from "../../src/subscriptions/kiosk-subscription.js";

const WANTED = { url: "https://bank.example/wise", version: "4.0.0", name: "Kiosks", mtlsEnabled: undefined };

function subscription(id: string, url = WANTED.url): KioskSubscription {
  const delivery = { version: WANTED.version, url, mtlsEnabled: null };
  return { id, name: null, triggerOn: PRODUCTION_EVENT_TYPE, delivery, scope: null, createdBy: null, createdAt: null };
}

const [first, second, own] = [subscription("first"), subscription("second"), subscription("own")];
const elsewhere = subscription("elsewhere", "https://other.example/");

/** What happens at Wise. */
interface Story {
  /** What the lists show, one after another. The last one is repeated. */
  readonly lists: readonly (readonly KioskSubscription[])[];
  /** What reads of a subscription find, by id. */
  readonly found?: Readonly<Record<string, KioskSubscription>>;
  readonly agreementMs?: number;
}

/** Performs `ensure`, and returns what it resolves with and its steps. Time passes only while it waits. */
async function perform({ lists, found = {}, agreementMs = 0 }: Story) {
  const steps: string[] = [];
  const left = [...lists];
  let nowMs = 0;
  const actions: EnsureActions = {
    async list() {
      steps.push("list");
      return (left.length > 1 ? left.shift() : left[0]) ?? [];
    },
    async get(id) {
      steps.push(`get ${id}`);
      return found[id];
    },
    async create() {
      steps.push("create");
      return { subscription: own, doubtUntilMs: undefined };
    },
    async delete(id) {
      steps.push(`delete ${id}`);
    },
    async wait(ms) {
      steps.push(`wait ${ms}`);
      nowMs += ms;
    },
    now: () => nowMs,
    giveUp: () => new Error("vanished"),
  };
  const policy = { agreementMs, reconcileWindowMs: 0, maxRetries: 0 };
  return { ensured: await ensureSubscription(actions, WANTED, policy), steps };
}

it.each([
  [0, ["list", "list"]],
  [1000, ["list", "wait 1001", "list"]],
])("ensure waits between two lists that agree only if agreementMs is not 0: %i", async (agreementMs, steps) => {
  expect(await perform({ lists: [[first]], agreementMs })).toEqual({
    ensured: { subscription: first, created: false, others: [] },
    steps,
  });
});

it("ensure returns none that was deleted between the list and the read of its time", async () => {
  const dated = { ...second, createdAt: "2026-01-01T00:00:00Z" };
  expect(await perform({ lists: [[first, second, elsewhere]], found: { second: dated } })).toEqual({
    ensured: { subscription: dated, created: false, others: [elsewhere] },
    steps: ["list", "get first", "get second", "list", "get first"],
  });
});

it("ensure creates one if all that a list shows were deleted before their times were read", async () => {
  expect(await perform({ lists: [[first, second], [own]] })).toEqual({
    ensured: { subscription: own, created: true, others: [] },
    steps: ["list", "get first", "get second", "create", "list", "list"],
  });
});

it("ensure returns what it created if a read finds it, although no list shows it within the reconcile window", async () => {
  const dated = { ...own, createdAt: "2026-01-01T00:00:00Z" };
  expect(await perform({ lists: [[elsewhere]], found: { own: dated } })).toEqual({
    ensured: { subscription: dated, created: true, others: [elsewhere] },
    steps: ["list", "create", "list", "get own"],
  });
});
