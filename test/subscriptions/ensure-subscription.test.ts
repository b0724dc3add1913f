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
  /** Until when the request to create one may still arrive. Default: its response is not lost. */
  readonly doubtUntilMs?: number;
}

/** Performs `ensure`, and returns what it resolves with and its steps. Time passes only while it waits. */
async function perform({ lists, found = {}, agreementMs = 0, doubtUntilMs }: Story) {
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
      return { subscription: own, doubtUntilMs };
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
    undo: async ({ id }, mismatches) => new Error(`${id} has another ${mismatches}`),
  };
  const policy = { agreementMs, reconcileWindowMs: 0, maxRetries: 0 };
  return { ensured: await ensureSubscription(actions, WANTED, policy), steps };
}

it.each([
  [0, ["list", "list", "get first"]],
  [1000, ["list", "wait 1001", "list", "get first"]],
])("ensure waits between two lists that agree only if agreementMs is not 0: %i", async (agreementMs, steps) => {
  expect(await perform({ lists: [[first]], found: { first }, agreementMs })).toEqual({
    ensured: { subscription: first, created: false, others: [] },
    steps,
  });
});

it("ensure returns none that was deleted between the list and the read of its time", async () => {
  const dated = { ...second, createdAt: "2026-01-01T00:00:00Z" };
  expect(await perform({ lists: [[first, second, elsewhere]], found: { second: dated } })).toEqual({
    ensured: { subscription: dated, created: false, others: [elsewhere] },
    steps: ["list", "get first", "get second", "list", "get first", "get second"],
  });
});

it("ensure forgets one that a list shows although a read does not find it, and creates one", async () => {
  expect(await perform({ lists: [[first, elsewhere], [first, elsewhere], [first], [first, own, elsewhere]] })).toEqual({
    ensured: { subscription: own, created: true, others: [elsewhere] },
    steps: ["list", "list", "get first", "list", "create", "list", "list"],
  });
});

it("ensure returns another one if a read does not find the one that wins", async () => {
  const later = { ...second, createdAt: "2026-01-01T00:00:01Z" };
  const deleted = { ...first, createdAt: "2026-01-01T00:00:00Z" };
  expect(await perform({ lists: [[deleted, later]], found: { second: later } })).toEqual({
    ensured: { subscription: later, created: false, others: [] },
    steps: ["list", "list", "get first", "list", "list", "get second"],
  });
});

const NO_DELIVERY = { version: null, url: null, mtlsEnabled: null };

it("ensure reads a subscription once whose delivery, and perhaps event, a list leaves out", async () => {
  const brief = { ...first, delivery: NO_DELIVERY };
  const briefer = { ...second, triggerOn: null, delivery: { ...second.delivery, url: null } };
  const versionless = { ...elsewhere, delivery: { ...elsewhere.delivery, version: null } };
  const found = {
    first: { ...first, createdAt: "2026-01-01T00:00:00Z" },
    second: subscription("second", "https://b/"),
    elsewhere,
  };
  const other = { ...elsewhere, id: "other", triggerOn: "transfers#state-change", delivery: NO_DELIVERY };
  expect(await perform({ lists: [[brief, briefer, versionless, other]], found })).toEqual({
    ensured: { subscription: found.first, created: false, others: [found.second, elsewhere] },
    steps: ["list", "get first", "get second", "get elsewhere", "list", "get first"],
  });
});

it("ensure finds the subscription whose event alone a list leaves out, and lists the others of the event", async () => {
  const [eventless, other] = [first, elsewhere].map((one) => ({ ...one, triggerOn: null }));
  const foreign = { ...first, id: "foreign", triggerOn: "transfers#state-change" };
  const lists = [[eventless, other, foreign] as KioskSubscription[]];
  expect(await perform({ lists, found: { first, elsewhere } })).toEqual({
    ensured: { subscription: first, created: false, others: [elsewhere] },
    steps: ["list", "get first", "get elsewhere", "list", "get first"],
  });
});

it("ensure drops a subscription whose delivery a list leaves out if a read does not find it", async () => {
  const brief = { ...first, delivery: NO_DELIVERY };
  expect(await perform({ lists: [[brief], [brief, own]] })).toEqual({
    ensured: { subscription: own, created: true, others: [] },
    steps: ["list", "get first", "create", "list", "get first", "list", "get first"],
  });
});

it("ensure reads no more than 50 subscriptions whose delivery a list leaves out, besides its own", async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `other-${index}`);
  const brief = [...ids.map((id) => subscription(id, "https://other.example/")), own].map((each) => ({
    ...each,
    delivery: NO_DELIVERY,
  }));
  const found = Object.fromEntries(
    [...ids.map((id) => subscription(id, "https://other.example/")), own].map((each) => [each.id, each]),
  );
  const { ensured, steps } = await perform({ lists: [brief.slice(0, -1), brief], found });
  expect(ensured).toMatchObject({ subscription: own, created: true, others: { length: 60 } });
  expect(steps).toEqual(["list", ...ids.slice(0, 50).map((id) => `get ${id}`), "create", "list", "get own", "list"]);
});

it.each<[string, KioskSubscription, string]>([
  ["version", { ...own, delivery: { ...own.delivery, version: "4.1.0" } }, "delivery.version"],
  ["URL", subscription("own", "https://bank.example/wise/"), "delivery.url"],
  ["event", { ...own, triggerOn: "cards#card-status-change" }, "trigger_on"],
  ["version and URL", { ...own, delivery: NO_DELIVERY }, "delivery.version,delivery.url"],
])(
  "ensure undoes what it created, and names the field, if lists and a read show another %s",
  async (_what, shown, fields) => {
    await expect(perform({ lists: [[], [shown]], found: { own: shown } })).rejects.toThrow(`own has another ${fields}`);
  },
);

it("ensure does not undo what another process may have created", async () => {
  const shown = { ...own, delivery: { ...own.delivery, version: "4.1.0" } };
  const { ensured, steps } = await perform({ lists: [[], [shown]], found: { own: shown }, doubtUntilMs: 0 });
  expect(ensured).toEqual({ subscription: shown, created: true, others: [] });
  expect(steps).toEqual(["list", "create", "list", "get own"]);
});

it("ensure undoes what it created if only a read shows it, and with another version", async () => {
  const shown = { ...own, delivery: { ...own.delivery, version: "4.1.0" } };
  await expect(perform({ lists: [[]], found: { own: shown } })).rejects.toThrow("own has another delivery.version");
});

it("ensure returns what it created if a list shows another version, but a read shows the right one", async () => {
  const shown = { ...own, delivery: { ...own.delivery, version: "4.1.0" } };
  expect(await perform({ lists: [[], [shown]], found: { own } })).toEqual({
    ensured: { subscription: own, created: true, others: [] },
    steps: ["list", "create", "list", "get own", "list"],
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
