import { TIMER_GRAIN_MS } from "../calls/read-schedule.js";
import type { KioskSubscription } from "./kiosk-subscription.js";
import { inWinningOrder } from "./matching-subscriptions.js";

/** The wait before a list that may show what an earlier one did not, in milliseconds. */
const LAG_PAUSE_MS = 250;

/** How often lists may change before `ensure` gives up. They change while other processes create and delete theirs. */
const MAX_CHANGES = 100;

/** How patient `ensure` is. */
export interface EnsurePolicy {
  /** How far apart two lists that agree must be, in milliseconds. */
  readonly agreementMs: number;
  /**
   * How long a list may lack a subscription that exists, how late a request in doubt may arrive, and how long another process
   * may take to delete its own, in milliseconds.
   */
  readonly reconcileWindowMs: number;
  /** How often it creates another one after the one that it created was deleted. */
  readonly maxRetries: number;
}

/** A subscription that this call created, or may have created. */
interface Creation {
  /** When the response, or the first list that showed the subscription, arrived, in milliseconds. */
  readonly atMs: number;
  /** Whether the response to the request is known. If not, another process may have created the subscription. */
  readonly isCertain: boolean;
}

/** What `ensure` has done and seen so far. */
export interface EnsureProgress {
  /** What it created and has not deleted, by id. */
  readonly own: ReadonlyMap<string, Creation>;
  /** How many it has created. */
  readonly creations: number;
  /** Whether Wise has refused to create one, because one exists. */
  readonly isRefused: boolean;
  /** The ids of subscriptions that lists may still show, although a read has not found them. */
  readonly gone: ReadonlySet<string>;
  /** Until when a request in doubt may still arrive, in milliseconds; `undefined` if none is in doubt. */
  readonly doubtUntilMs: number | undefined;
  /** The ids in the first list; `undefined` before it. */
  readonly first: ReadonlySet<string> | undefined;
  /** The ids in the latest list, and when the first list with just these ids began; `undefined` if the next list is the first. */
  readonly agreement: { readonly ids: string; readonly sinceMs: number } | undefined;
  /** How many lists differed from the one before. */
  readonly changes: number;
}

/** What `ensure` does next. */
export type EnsureStep =
  | { readonly do: "create" }
  | { readonly do: "list"; readonly waitMs: number }
  /** Read a subscription, and resolve with it if it exists. */
  | { readonly do: "get"; readonly id: string }
  | { readonly do: "delete"; readonly id: string }
  /** Resolve with a subscription that this call certainly created. */
  | { readonly do: "resolve"; readonly subscription: KioskSubscription }
  /** Whatever this call creates or finds does not stay, or Wise refuses to create one. */
  | { readonly do: "give-up" };

/** What is known after a step, and the next step. */
export type EnsureNext = readonly [EnsureProgress, EnsureStep];

/** Returns what is known before the first list. */
export function beginEnsure(): EnsureProgress {
  return {
    own: new Map(),
    creations: 0,
    isRefused: false,
    gone: new Set(),
    doubtUntilMs: undefined,
    first: undefined,
    agreement: undefined,
    changes: 0,
  };
}

/**
 * Decides what to do after a list of the subscriptions of the wanted event, URL and version:
 *
 * | the list shows | what to do |
 * | --- | --- |
 * | not yet, or no longer, a subscription that this call created | list again within the reconcile window, then read it |
 * | nothing, and this call created nothing that may still appear | create, or give up if it has done so too often or was refused |
 * | one of our own that another one wins over | delete our own |
 * | something else than the list before | list again after `agreementMs` |
 * | a loser that the first list did not show | list again within the reconcile window, until its creator has deleted it |
 * | the same again, `agreementMs` later | read the winner, because a list may show one that is deleted, and resolve with it |
 *
 * Of several, the earliest wins, then the one with the smallest id. The winner of a list is never deleted, so at least one stays. A
 * subscription that is created later loses, because its time is later by then: `agreementMs` is at least the second in which Wise
 * counts. So all processes find the same winner, and each deletes its own.
 *
 * While a request is in doubt, the call does not know which subscription is its own. Once that request can no longer arrive, and
 * `agreementMs` later, when lists show what it created, the call deletes every loser. All of them were created after it had listed
 * none, so their creators delete them too.
 *
 * @param atMs when the list began.
 */
export function afterList(
  policy: EnsurePolicy,
  before: EnsureProgress,
  matching: readonly KioskSubscription[],
  atMs: number,
): EnsureNext {
  const ordered = inWinningOrder(matching);
  const agreement = nextAgreement(before, ordered, atMs);
  const progress = {
    ...before,
    agreement,
    changes: before.changes + Number(agreement !== before.agreement),
    first: before.first ?? new Set(ordered.map(({ id }) => id)),
  };
  const absent = [...progress.own].find(([id]) => !ordered.some((subscription) => subscription.id === id));
  if (absent !== undefined) {
    const [id, creation] = absent;
    const mayStillAppear = atMs - creation.atMs < policy.reconcileWindowMs;
    return [progress, mayStillAppear ? { do: "list", waitMs: LAG_PAUSE_MS } : { do: "get", id }];
  }
  const [winner, ...losers] = ordered;
  if (winner === undefined) {
    const mayCreate = !progress.isRefused && progress.creations <= policy.maxRetries;
    return [progress, { do: mayCreate ? "create" : "give-up" }];
  }
  const ownLoser = losers.find(({ id }) => progress.own.get(id)?.isCertain);
  if (ownLoser !== undefined) return [progress, { do: "delete", id: ownLoser.id }];
  if (progress.changes > MAX_CHANGES) return [progress, { do: "give-up" }];
  const untilMs = Math.max(agreement.sinceMs, progress.doubtUntilMs ?? 0) + policy.agreementMs;
  if (untilMs > atMs) return [progress, { do: "list", waitMs: untilMs - atMs + TIMER_GRAIN_MS }];
  if (before.agreement !== progress.agreement) return [progress, { do: "list", waitMs: 0 }];
  const [loser] = losers;
  if (loser !== undefined && progress.doubtUntilMs !== undefined) return [progress, { do: "delete", id: loser.id }];
  const isNew = losers.some(({ id }) => !progress.first.has(id));
  if (isNew && atMs - agreement.sinceMs < policy.reconcileWindowMs) {
    return [progress, { do: "list", waitMs: Math.max(LAG_PAUSE_MS, policy.agreementMs) }];
  }
  const isCertain = progress.own.get(winner.id)?.isCertain;
  return [progress, isCertain ? { do: "resolve", subscription: winner } : { do: "get", id: winner.id }];
}

/** Returns what is known after a subscription was created. `doubtUntilMs` is defined if the response to a request was lost. */
export function afterCreate(
  progress: EnsureProgress,
  { id }: KioskSubscription,
  atMs: number,
  doubtUntilMs: number | undefined,
): EnsureNext {
  const own = new Map(progress.own).set(id, { atMs, isCertain: doubtUntilMs === undefined });
  return [
    {
      ...progress,
      own,
      creations: progress.creations + 1,
      doubtUntilMs: doubtUntilMs ?? progress.doubtUntilMs,
      agreement: undefined,
    },
    { do: "list", waitMs: 0 },
  ];
}

/** Returns what is known after Wise refused to create a subscription because one exists: another process has created it. */
export function afterConflict({ agreementMs }: EnsurePolicy, progress: EnsureProgress): EnsureNext {
  return [
    { ...progress, isRefused: true, agreement: undefined },
    { do: "list", waitMs: agreementMs },
  ];
}

/** Returns what is known after a read has not found a subscription. Lists that lag may still show it. */
export function afterGone(progress: EnsureProgress, id: string): EnsureNext {
  return afterDelete({ ...progress, gone: new Set(progress.gone).add(id) }, id);
}

/** Returns what is known after the call has deleted a subscription. */
export function afterDelete(progress: EnsureProgress, id: string): EnsureNext {
  const own = new Map(progress.own);
  own.delete(id);
  return [
    { ...progress, own, agreement: undefined },
    { do: "list", waitMs: 0 },
  ];
}

function nextAgreement(
  { agreement }: EnsureProgress,
  ordered: readonly KioskSubscription[],
  atMs: number,
): NonNullable<EnsureProgress["agreement"]> {
  const ids = JSON.stringify(ordered.map(({ id }) => id));
  return agreement?.ids === ids ? agreement : { ids, sinceMs: atMs };
}
