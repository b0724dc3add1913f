import { beginReconciliation, type Reconciliation } from "../../src/calls/reconciliation.js";
import { PRODUCTION_EVENT_TYPE } from "../../src/schemas/webhook-event.js";
import { afterCreateList } from "../../src/subscriptions/after-create-list.js";
import {
  type CreatedSubscription,
  type EnsureActions,
  type EnsuredSubscription,
  ensureSubscription,
} from "../../src/subscriptions/ensure-subscription.js";
import type { KioskSubscription } from "../../src/subscriptions/kiosk-subscription.js";
import type { Dice } from "./dice.js";

/** What may happen in a history. */
export interface EnsureTrouble {
  readonly processes: number;
  /** The longest time that a request takes to Wise, and that its response takes back, in milliseconds. */
  readonly longestTripMs: number;
  /** How far apart the processes start, in milliseconds. */
  readonly startsWithinMs: number;
  /** Whether responses to requests to create may be lost, with or without the effect. */
  readonly losesResponses: boolean;
  /** Whether a process may die at any step. */
  readonly kills: boolean;
  /** Whether lists show when a subscription was created. */
  readonly showsTimes: boolean;
  readonly agreementMs: number;
}

const WINDOW_MS = 4000;
const WANTED = { url: "https://bank.example/wise", version: "4.0.0", name: "Kiosk production", mtlsEnabled: undefined };

/** The outcome of a history. */
export interface EnsureHistory {
  /** What the processes that live resolved with. */
  readonly results: readonly EnsuredSubscription[];
  /** What is left at Wise. */
  readonly left: readonly KioskSubscription[];
  readonly deaths: number;
}

/** A virtual clock that runs what is due, one after another. */
class VirtualTime {
  readonly #due: { readonly at: number; readonly run: () => void }[] = [];
  now = 0;

  /** Resolves once that much virtual time has passed. */
  pass(ms: number): Promise<void> {
    return new Promise((run) => this.#due.push({ at: this.now + ms, run }));
  }

  async runAll(): Promise<void> {
    for (;;) {
      // Lets everything run that does not wait for virtual time.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#due.length === 0) return;
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due.shift();
      if (next === undefined) return;
      this.now = next.at;
      next.run();
    }
  }
}

/** Plays one history: processes that call `ensure` at about the same time, at a Wise whose clock counts whole seconds. */
export async function playEnsureHistory(dice: Dice, trouble: EnsureTrouble): Promise<EnsureHistory> {
  const time = new VirtualTime();
  const wise = new Map<string, KioskSubscription>();
  const results: EnsuredSubscription[] = [];
  let deaths = 0;

  const arrive = () => time.pass(dice.below(trouble.longestTripMs));
  const add = () => {
    const subscription = createSubscription(`${dice.below(1e9)}-${wise.size}`, time.now);
    wise.set(subscription.id, subscription);
    return subscription;
  };
  const show = (subscription: KioskSubscription) =>
    trouble.showsTimes ? subscription : { ...subscription, createdAt: null };

  for (let process = 0; process < trouble.processes; process += 1) {
    let left = trouble.kills && dice.below(3) === 0 ? dice.below(12) : Number.POSITIVE_INFINITY;
    /** One request: it travels, takes effect, and the response travels back. A dead process never goes on. */
    const request = async <T>(effect: () => T): Promise<T> => {
      await arrive();
      const value = effect();
      await arrive();
      left -= 1;
      if (left > 0) return value;
      deaths += 1;
      return new Promise<never>(() => {});
    };
    const list = () => request(() => [...wise.values()].map(show));
    const actions: EnsureActions = {
      list,
      get: (id) => request(() => wise.get(id)),
      delete: (id) => request(() => void wise.delete(id)),
      wait: (ms) => time.pass(ms),
      now: () => time.now,
      giveUp: () => new Error("vanished"),
      undo: async () => new Error("another version"),
      async create(): Promise<CreatedSubscription> {
        const fate = trouble.losesResponses ? dice.below(4) : 0;
        if (fate < 2) return { subscription: await request(add), doubtUntilMs: undefined };
        // The response is lost. The request arrives now, later, or never.
        if (fate === 2) void time.pass(dice.below(WINDOW_MS / 2)).then(add);
        await arrive();
        return (await reconcileCreation(list, time)) ?? { subscription: await request(add), doubtUntilMs: undefined };
      },
    };
    void time.pass(dice.below(trouble.startsWithinMs)).then(async () => {
      const policy = { agreementMs: trouble.agreementMs, reconcileWindowMs: WINDOW_MS, maxRetries: 2 };
      results.push(await ensureSubscription(actions, WANTED, policy));
    });
  }
  await time.runAll();
  return { results, left: [...wise.values()], deaths };
}

/**
 * Lists until a list shows a subscription, as `create` does, with the same decisions. Resolves with `undefined` if the request
 * must be sent again.
 */
async function reconcileCreation(
  list: () => Promise<readonly KioskSubscription[]>,
  time: VirtualTime,
): Promise<CreatedSubscription | undefined> {
  const instant = () => ({ monotonicMs: time.now, wallMs: time.now, firedMs: 0 });
  const windowBeganAt = instant();
  let known: Reconciliation = { ...beginReconciliation(undefined), sends: 1, since: windowBeganAt, windowBeganAt };
  const policy = { maxRetries: 2, reconcileWindowMs: WINDOW_MS, resend: true, retryDelayMs: () => 0 };
  for (;;) {
    const startedAt = instant();
    const listed = await list();
    const [next, step] = afterCreateList(policy, known, listed, WANTED, { startedAt, endedAt: instant() });
    known = next;
    if (step.do === "resolve") {
      const subscription = step.value as KioskSubscription;
      return { subscription, doubtUntilMs: windowBeganAt.monotonicMs + WINDOW_MS };
    }
    if (step.do !== "read") return undefined;
    await time.pass(step.waitMs);
  }
}

function createSubscription(id: string, nowMs: number): KioskSubscription {
  return {
    id,
    name: WANTED.name,
    triggerOn: PRODUCTION_EVENT_TYPE,
    delivery: { version: WANTED.version, url: WANTED.url, mtlsEnabled: null },
    scope: null,
    createdBy: null,
    createdAt: new Date(Math.floor(nowMs / 1000) * 1000).toISOString(),
  };
}
