import type { ReadProduction } from "../answer/judge-answer.js";
import { timeoutErrorOf } from "../answer/judge-failure.js";
import type { Verdict } from "../answer/verdict.js";
import type { KioskError } from "../errors/kiosk-error.js";
import { KioskWaitTimeoutError } from "../errors/wait-timeout-error.js";
import type { Production } from "../production/production.js";
import { type Deadline, withinLimits } from "../transport/time-limit.js";
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
  /** When the whole call has to be over. */
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
  const end = performance.now() + maxWaitMs;
  const deadline = Math.min(end, card.deadline ?? Number.POSITIVE_INFINITY);
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
    lastFailure = verdict.error({ mayHaveTakenEffect: false, productionAfter: known });
    if (verdict.kind !== "not-taken" && verdict.kind !== "ambiguous") throw lastFailure;
    return verdict.retryAfterMs;
  };
  const hear = (production: Production) =>
    observations.add({ production, belief: () => believeEvent(known, production) });
  const next = async () => {
    const seen = observations.take();
    if (seen !== undefined) return seen;
    const bounded = await withinLimits({ deadline, signal }, () => observations.next());
    if (bounded.kind === "passed") throw overdue(card, deadline < end, known, lastFailure);
    return bounded.value;
  };

  const poller = new Poller(intervalMs, signal);
  poller.run(() => observations.wanted(), look).catch((error: unknown) => observations.add({ error }));
  const stopListening = listen(events, card, hear);
  try {
    for (;;) {
      const observation = await next();
      if ("error" in observation) throw observation.error;
      const belief = observation.belief();
      if (belief === "read") poller.nudge();
      if (belief !== "believe") continue;
      known = observation.production;
      yield known;
    }
  } finally {
    stopListening();
  }
}

function overdue(
  { operation }: Followed,
  isDeadline: boolean,
  known: Production | undefined,
  cause: KioskError | undefined,
): KioskError {
  if (isDeadline) {
    return timeoutErrorOf(operation, "deadlineMs", true)({ mayHaveTakenEffect: false, productionAfter: known });
  }
  const state = known === undefined ? "nothing was read" : `the last state is ${known.status}`;
  const details = cause === undefined ? {} : { cause };
  return new KioskWaitTimeoutError(`${operation}: maxWaitMs passed; ${state}`, known, details);
}
