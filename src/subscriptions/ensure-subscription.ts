import { PRODUCTION_EVENT_TYPE } from "../schemas/webhook-event.js";
import {
  afterConflict,
  afterCreate,
  afterDelete,
  afterGone,
  afterList,
  beginEnsure,
  type EnsurePolicy,
  type EnsureStep,
} from "./choose-subscription.js";
import type { KioskSubscription } from "./kiosk-subscription.js";
import { findMismatches, lacksDetails, matchingSubscriptions } from "./matching-subscriptions.js";
import { withDetails, withTimes } from "./missing-details.js";
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

/** How many subscriptions of others are read because a list shows only parts of them. */
const MAX_DETAILS = 50;

/** What `ensure` does at Wise. */
export interface EnsureActions {
  list(): Promise<readonly KioskSubscription[]>;
  /** Resolves with `undefined` if there is no such subscription. */
  get(id: string): Promise<KioskSubscription | undefined>;
  /** Resolves with `undefined` if Wise refuses to create one because one exists. */
  create(): Promise<CreatedSubscription | undefined>;
  /** Resolves even if the subscription is already deleted. */
  delete(id: string): Promise<void>;
  wait(ms: number): Promise<void>;
  /** The time of a clock that is never set back, in milliseconds. */
  now(): number;
  /** Returns the error of a call if whatever it creates or finds does not stay, or Wise refuses to create one. */
  giveUp(): Error;
  /** Deletes what Wise created otherwise than requested, and returns the error. */
  undo(created: KioskSubscription, mismatches: readonly string[]): Promise<Error>;
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
  /** What reads have found in place of what lists do not show. */
  const details = new Map<string, KioskSubscription>();
  /** What it certainly created, as the responses show it: with the time of creation, which a list may lack. */
  const created = new Map<string, KioskSubscription>();
  const isIncomplete = (one: KioskSubscription) => {
    if (created.has(one.id)) return findMismatches(one, wanted).length > 0;
    return lacksDetails(one) && (details.has(one.id) || details.size < MAX_DETAILS);
  };
  const checkCreated = async (one: KioskSubscription) => {
    const mismatches = created.has(one.id) ? findMismatches(one, wanted) : [];
    if (mismatches.length > 0) throw await actions.undo(one, mismatches);
  };
  let listed: readonly KioskSubscription[] = [];
  let progress = beginEnsure();
  let step: EnsureStep = { do: "list", waitMs: 0 };
  /** Lists all subscriptions, completed by reads, and those that match. A subscription that a read has not found is in neither. */
  const readList = async () => {
    const { gone } = progress;
    const present = (await actions.list()).filter(({ id }) => !gone.has(id));
    const known = await withDetails(actions.get, present, isIncomplete, details);
    for (const one of known) await checkCreated(one);
    const shown = matchingSubscriptions(known, wanted);
    const matching = await withTimes(actions.get, shown, details);
    const deleted = shown.filter(({ id }) => !matching.some((each) => each.id === id));
    return { listed: known.filter((each) => !deleted.includes(each)), matching };
  };
  for (;;) {
    switch (step.do) {
      case "list": {
        if (step.waitMs > 0) await actions.wait(step.waitMs);
        const atMs = actions.now();
        const list = await readList();
        listed = list.listed;
        [progress, step] = afterList(policy, progress, list.matching, atMs);
        break;
      }
      case "create": {
        const creation = await actions.create();
        if (creation === undefined) {
          [progress, step] = afterConflict(policy, progress);
          break;
        }
        const { subscription, doubtUntilMs } = creation;
        if (doubtUntilMs === undefined) created.set(subscription.id, subscription);
        [progress, step] = afterCreate(progress, subscription, actions.now(), doubtUntilMs);
        break;
      }
      case "get": {
        const { id } = step;
        const found = await actions.get(id);
        if (found !== undefined) {
          await checkCreated(found);
          return { subscription: found, created: progress.own.has(id), others: findOthers(listed, id) };
        }
        [progress, step] = afterGone(progress, id);
        break;
      }
      case "delete":
        await actions.delete(step.id);
        [progress, step] = afterDelete(progress, step.id);
        break;
      case "resolve": {
        const { id } = step.subscription;
        const subscription = created.get(id) ?? step.subscription;
        return { subscription, created: true, others: findOthers(listed, id) };
      }
      case "give-up":
        throw actions.giveUp();
    }
  }
}

function findOthers(listed: readonly KioskSubscription[], id: string): readonly KioskSubscription[] {
  return listed.filter((other) => other.triggerOn === PRODUCTION_EVENT_TYPE && other.id !== id);
}
