import type { ReadProduction } from "../answer/judge-answer.js";
import { timeoutErrorOf } from "../answer/judge-failure.js";
import type { CallHistory, Verdict } from "../answer/verdict.js";
import type { KioskError } from "../errors/kiosk-error.js";
import { KioskWaitTimeoutError } from "../errors/wait-timeout-error.js";
import type { Production } from "../production/production.js";
import type { Clock } from "../time/clock.js";
import { Deadline, earlierDeadline } from "../time/deadline.js";
import { withinLimits } from "../time/time-limit.js";
import { type Belief, believeEvent, believeRead } from "./believe.js";
import type { FollowSettings } from "./follow-options.js";
import { listen } from "./listen.js";
import { Observations } from "./observations.js";
import { Poller } from "./poller.js";

/** The card that is followed. */
export interface Followed {
  readonly operation: string;
  readonly profileId: string;
  readonly cardToken: string;
  readonly correlationId: string;
  /** Counts the timers of reads and of the waits between them. */
  readonly clock: Clock;
  /** When the whole call must be over. */
  readonly deadline: Deadline | undefined;
  /** Reads the status. The signal ends the read. */
  read(signal: AbortSignal): Promise<Verdict<ReadProduction>>;
}

/** What was seen: a state, and what it means beside what is known by then, or the end of looking. */
type Observation = { readonly production: Production; readonly belief: () => Belief } | { readonly error: unknown };

/**
 * Gives each new state of a card, from reads and events alike, until it is left. It reads only while somebody waits for the next
 * state.
 *
 * @param signal ends it at once, and everything that it started.
 * @throws {KioskWaitTimeoutError} when `maxWaitMs` passed, {KioskTimeoutError} when `deadlineMs` passed, the error of a read
 * that another read would not mend, or the reason of the signal.
 */
export async function* followProduction(
  card: Followed,
  { maxWaitMs, intervalMs, events }: FollowSettings,
  signal: AbortSignal,
): AsyncGenerator<Production, void, void> {
  const end = new Deadline(card.clock, maxWaitMs);
  const deadline = earlierDeadline(end, card.deadline);
  const observations = new Observations<Observation>();
  let known: Production | undefined;
  let lastFailure: KioskError | undefined;

  const look = async () => {
    const knownBefore = known;
    const verdict = await card.read(signal);
    if (verdict.kind === "done") {
      const { production } = verdict.value;
      observations.add({ production, belief: () => believeRead(known, production, known !== knownBefore) });
      lastFailure = undefined;
      return null;
    }
    lastFailure = verdict.error(historyOf(card, known));
    if (verdict.kind !== "not-taken" && verdict.kind !== "ambiguous") throw lastFailure;
    return verdict.retryAfterMs;
  };
  const hear = (production: Production) =>
    observations.add({ production, belief: () => believeEvent(known, production) });
  const takeNews = (): Production | undefined => {
    for (let seen = observations.take(); seen !== undefined; seen = observations.take()) {
      if ("error" in seen) throw seen.error;
      const belief = seen.belief();
      if (belief === "read") poller.nudge();
      if (belief === "believe") return seen.production;
    }
    return undefined;
  };
  const waitForNews = async (): Promise<Production> => {
    for (;;) {
      await observations.waitForOne();
      const production = takeNews();
      if (production !== undefined) return production;
    }
  };
  const poller = new Poller(intervalMs, card.clock, signal);
  poller.run(() => observations.wanted(), look).catch((error: unknown) => observations.add({ error }));
  const stopListening = listen(events, card, hear);
  try {
    for (;;) {
      let news = takeNews();
      if (news === undefined) {
        // One timer, however many observations are ignored: under mocked timers each new one would begin from zero.
        const bounded = await withinLimits({ deadline, signal }, waitForNews);
        if (bounded.kind === "passed") throw overdue(card, deadline !== end, known, lastFailure);
        news = bounded.value;
      }
      known = news;
      yield news;
    }
  } finally {
    stopListening();
    end.end();
    card.deadline?.end();
  }
}

function overdue(
  card: Followed,
  isDeadline: boolean,
  known: Production | undefined,
  cause: KioskError | undefined,
): KioskError {
  if (isDeadline) {
    return timeoutErrorOf(card.operation, "deadlineMs", true)(historyOf(card, known));
  }
  const state = known === undefined ? "nothing was read" : `the last state is ${known.status}`;
  const details = { ...historyOf(card, known), ...(cause === undefined ? {} : { cause }) };
  return new KioskWaitTimeoutError(`${card.operation}: maxWaitMs passed; ${state}`, known, details);
}

/** Reading and waiting change nothing at Wise. */
function historyOf({ operation, correlationId }: Followed, known: Production | undefined): CallHistory {
  return { operation, correlationId, mayHaveTakenEffect: false, productionAfter: known };
}
