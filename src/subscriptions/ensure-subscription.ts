import { PRODUCTION_EVENT_TYPE } from "../schemas/webhook-event.js";
import {
  afterCreate,
  afterDelete,
  afterList,
  afterVanished,
  beginEnsure,
  type EnsurePolicy,
  type EnsureStep,
} from "./choose-subscription.js";
import { withTimes } from "./creation-times.js";
import type { KioskSubscription } from "./kiosk-subscription.js";
import { matchingSubscriptions } from "./matching-subscriptions.js";
import type { WantedSubscription } from "./subscription-request.js";

/** The subscription that `ensure` found or created. */
export interface EnsuredSubscription {
  /** The subscription of the kiosk event for the URL and version. */
  readonly subscription: KioskSubscription;
  /**
   * Whether this call created it. If the response to the request was lost and another process created one at the same moment,
   * it may be the other one's.
   */
  readonly created: boolean;
  /**
   * The other subscriptions of the kiosk event: for other URLs or versions, and duplicates from before this call. Each delivers
   * every event once more. Delete those that no receiver needs.
   */
  readonly others: readonly KioskSubscription[];
}

/** The result of a request to create a subscription. */
export interface CreatedSubscription {
  readonly subscription: KioskSubscription;
  /** Until when a request in doubt may still arrive, by `now`, in milliseconds; `undefined` if none is in doubt. */
  readonly doubtUntilMs: number | undefined;
}

/** What `ensure` does at Wise. */
export interface EnsureActions {
  list(): Promise<readonly KioskSubscription[]>;
  /** Resolves with `undefined` if there is no such subscription. */
  get(id: string): Promise<KioskSubscription | undefined>;
  create(): Promise<CreatedSubscription>;
  /** Resolves even if the subscription is already deleted. */
  delete(id: string): Promise<void>;
  wait(ms: number): Promise<void>;
  /** The time of a clock that is never set back, in milliseconds. */
  now(): number;
  /** Returns the error of a call whose subscriptions someone else deletes. */
  giveUp(): Error;
}

/**
 * Finds or creates the only subscription of the kiosk event for a URL and version: performs one step after another.
 * `choose-subscription.ts` decides the next one.
 */
export async function ensureSubscription(
  actions: EnsureActions,
  wanted: WantedSubscription,
  policy: EnsurePolicy,
): Promise<EnsuredSubscription> {
  const times = new Map<string, string | null>();
  /** As the responses to the requests show them: with the time of creation, which a list may lack. */
  const created = new Map<string, KioskSubscription>();
  let listed: readonly KioskSubscription[] = [];
  let progress = beginEnsure();
  let step: EnsureStep = { do: "list", waitMs: 0 };
  for (;;) {
    switch (step.do) {
      case "list": {
        if (step.waitMs > 0) await actions.wait(step.waitMs);
        const atMs = actions.now();
        listed = await actions.list();
        const shown = matchingSubscriptions(listed, wanted);
        const matching = await withTimes(actions.get, shown, times);
        const gone = shown.filter(({ id }) => !matching.some((each) => each.id === id));
        listed = listed.filter((each) => !gone.includes(each));
        [progress, step] = afterList(policy, progress, matching, atMs);
        break;
      }
      case "create": {
        const { subscription, doubtUntilMs } = await actions.create();
        created.set(subscription.id, subscription);
        [progress, step] = afterCreate(progress, subscription, actions.now(), doubtUntilMs);
        break;
      }
      case "get": {
        const { id } = step;
        const found = await actions.get(id);
        if (found !== undefined) return { subscription: found, created: true, others: findOthers(listed, id) };
        [progress, step] = afterVanished(progress, id);
        break;
      }
      case "delete":
        await actions.delete(step.id);
        [progress, step] = afterDelete(progress, step.id);
        break;
      case "resolve": {
        const { id } = step.subscription;
        const subscription = created.get(id) ?? step.subscription;
        return { subscription, created: step.created, others: findOthers(listed, id) };
      }
      case "give-up":
        throw actions.giveUp();
    }
  }
}

function findOthers(listed: readonly KioskSubscription[], id: string): readonly KioskSubscription[] {
  return listed.filter((other) => other.triggerOn === PRODUCTION_EVENT_TYPE && other.id !== id);
}
