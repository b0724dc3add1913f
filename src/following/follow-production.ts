import type { KioskError } from "../errors/kiosk-error.js";
import { KioskWaitTimeoutError } from "../errors/wait-timeout-error.js";
import type { Production } from "../production/production.js";
import { isSameProduction } from "../production/same-production.js";
import type { AttemptOutcome, CallHistory, ErrorFactory } from "../response/attempt-outcome.js";
import type { ReadProduction } from "../response/classify-response.js";
import type { Clock } from "../time/clock.js";
import { Deadline, earlierDeadline } from "../time/deadline.js";
import { withTimeout } from "../time/time-limit.js";
import { AsyncQueue } from "./async-queue.js";
import { classifyEvent, classifyRead, type UpdateDecision } from "./classify-update.js";
import type { FollowSettings } from "./follow-options.js";
import { Poller } from "./poller.js";
import { subscribeToEvents } from "./subscribe-to-events.js";

/** The card to follow, and how to read its status. */
export interface WatchedCard {
  /** The method that follows the card, for error messages. */
  readonly operation: string;
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
  /** The id that all reads of this call share. */
  readonly correlationId: string;
  /** Counts the timers of reads and of the waits between them. */
  readonly clock: Clock;
  /** When the whole call must end; `undefined` if it has no `deadlineMs`. */
  readonly deadline: Deadline | undefined;
  /** Reads the status. The signal ends the read. */
  read(signal: AbortSignal): Promise<AttemptOutcome<ReadProduction>>;
  /** Creates the error for `deadline`, which knows how far the reads have come. */
  timeoutError(): ErrorFactory;
}

/** A reported state, with a function that classifies it once it is taken from the queue, or the error that ended the reads. */
type Update =
  | { readonly production: Production; readonly classify: () => UpdateDecision }
  | { readonly error: unknown };

/**
 * Yields each new state of a card, from reads and events alike, until the caller leaves the loop. It reads only while the
 * caller waits for the next state.
 *
 * @param signal stops it immediately, together with everything it started.
 * @throws {KioskWaitTimeoutError} if `maxWaitMs` passes.
 * @throws {KioskTimeoutError} if `deadlineMs` passes.
 * @throws the error of a read that a retry does not fix, or the reason of the signal.
 */
export async function* followProduction(
  card: WatchedCard,
  { maxWaitMs, intervalMs, events }: FollowSettings,
  signal: AbortSignal,
): AsyncGenerator<Production, void, void> {
  const end = new Deadline(card.clock, maxWaitMs);
  const deadline = earlierDeadline(end, card.deadline);
  const updates = new AsyncQueue<Update>();
  let known: Production | undefined;
  let lastFailure: KioskError | undefined;

  const poll = async () => {
    const knownBefore = known;
    const outcome = await card.read(signal);
    if (outcome.kind === "done") {
      const { production } = outcome.value;
      const classify = () => {
        const decision = classifyRead(known, production, known !== knownBefore);
        // A read may have a more precise time than an event of the same state.
        if (known !== undefined && isSameProduction(known, production)) known = production;
        return decision;
      };
      updates.add({ production, classify });
      lastFailure = undefined;
      return null;
    }
    lastFailure = outcome.error(toHistory(card, known));
    if (outcome.kind !== "not-taken" && outcome.kind !== "ambiguous") throw lastFailure;
    return outcome.retryAfterMs;
  };
  const onEvent = (production: Production) =>
    updates.add({ production, classify: () => classifyEvent(known, production) });
  const takeNews = (): Production | undefined => {
    for (let update = updates.take(); update !== undefined; update = updates.take()) {
      if ("error" in update) throw update.error;
      const decision = update.classify();
      if (decision === "refetch") poller.pollNow();
      if (decision === "accept") return update.production;
    }
    return undefined;
  };
  const waitForNews = async (): Promise<Production> => {
    for (;;) {
      await updates.waitForOne();
      const production = takeNews();
      if (production !== undefined) return production;
    }
  };
  const poller = new Poller(intervalMs, card.clock, signal);
  poller.run(() => updates.demanded(), poll).catch((error: unknown) => updates.add({ error }));
  const stopListening = events && subscribeToEvents(events, card, onEvent);
  try {
    for (;;) {
      let news = takeNews();
      if (news === undefined) {
        // One timer for all ignored updates: with mocked timers, a new timer for each would start from zero.
        const limited = await withTimeout({ deadline, signal }, waitForNews);
        if (limited.kind === "timed-out") throw waitTimeoutError(card, deadline !== end, known, lastFailure);
        news = limited.value;
      }
      known = news;
      // A copy, because later updates are compared with `known`.
      yield { ...news };
    }
  } finally {
    stopListening?.();
    end.end();
  }
}

function waitTimeoutError(
  card: WatchedCard,
  isDeadline: boolean,
  known: Production | undefined,
  cause: KioskError | undefined,
): KioskError {
  if (isDeadline) return card.timeoutError()(toHistory(card, known));
  const state = known === undefined ? "nothing was read" : `the last state is ${known.status}`;
  const details = { ...toHistory(card, known), ...(cause === undefined ? {} : { cause }) };
  return new KioskWaitTimeoutError(`${card.operation}: maxWaitMs passed; ${state}`, known, details);
}

/** Returns the call details for an error. `mayHaveTakenEffect` is `false`: reading and waiting change nothing at Wise. */
function toHistory({ operation, correlationId }: WatchedCard, known: Production | undefined): CallHistory {
  return { operation, correlationId, mayHaveTakenEffect: false, productionAfter: known };
}
