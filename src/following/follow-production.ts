import type { ReadProduction } from "../answer/judge-answer.js";
import { timeoutErrorOf } from "../answer/judge-failure.js";
import type { Verdict } from "../answer/verdict.js";
import type { KioskError } from "../errors/kiosk-error.js";
import { KioskWaitTimeoutError } from "../errors/wait-timeout-error.js";
import type { Production } from "../production/production.js";
import { isFinal } from "../production/production-flow.js";
import { type Deadline, withinLimits } from "../transport/time-limit.js";
import { believeEvent, isReadNews } from "./believe.js";
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

/** What was seen. */
type Observation =
  | { readonly kind: "read"; readonly verdict: Verdict<ReadProduction> }
  | { readonly kind: "event"; readonly production: Production }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Gives each new state of a card, from reads and events alike, up to `PRODUCED`.
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
  const observations = new Observations<Observation>();
  const poller = new Poller(intervalMs, signal);
  poller
    .run(
      () => card.read(signal),
      async (verdict) => {
        await observations.add({ kind: "read", verdict });
        return verdict.kind === "done" || mayPass(verdict);
      },
    )
    .catch((error: unknown) => observations.add({ kind: "failed", error }));
  const stopListening = listen(events, card, (production) => void observations.add({ kind: "event", production }));

  const end = performance.now() + maxWaitMs;
  const deadline = Math.min(end, card.deadline ?? Number.POSITIVE_INFINITY);
  let known: Production | undefined;
  let lastFailure: unknown;
  try {
    while (known === undefined || !isFinal(known)) {
      const seen = await withinLimits({ deadline, signal }, () => observations.next());
      if (seen.kind === "passed") throw overdue(card, deadline < end, known, lastFailure);
      const observation = seen.value;
      if (observation.kind === "failed") throw observation.error;
      if (observation.kind === "event") {
        const belief = believeEvent(known, observation.production);
        if (belief === "read") poller.nudge();
        if (belief === "believe") {
          known = observation.production;
          yield known;
        }
      } else if (observation.verdict.kind === "done") {
        const { production } = observation.verdict.value;
        if (isReadNews(known, production)) {
          known = production;
          yield known;
        }
      } else {
        lastFailure = observation.verdict.error({ mayHaveTakenEffect: false, productionAfter: known });
        if (!mayPass(observation.verdict)) throw lastFailure;
      }
    }
  } finally {
    stopListening();
  }
}

function mayPass({ kind }: Verdict<unknown>): boolean {
  return kind === "not-taken" || kind === "ambiguous";
}

function overdue(
  { operation }: Followed,
  isDeadline: boolean,
  known: Production | undefined,
  cause: unknown,
): KioskError {
  const productionAfter = known;
  const details = cause === undefined ? {} : { cause };
  if (isDeadline) {
    return timeoutErrorOf(operation, "deadlineMs", true)({ mayHaveTakenEffect: false, productionAfter });
  }
  const state = known === undefined ? "nothing was read" : `the last state is ${known.status}`;
  return new KioskWaitTimeoutError(`${operation}: maxWaitMs passed; ${state}`, known, details);
}
