import type { Production } from "../production/production.js";
import { isEarlierState } from "../production/production-order.js";
import { isSameProduction } from "../production/same-production.js";
import { type Limits, withTimeout } from "../time/time-limit.js";

/** The validated options that decide when a wait ends. */
export interface WaitEnd {
  /** Whether a state ends the wait. */
  readonly until: (production: Production) => boolean;
  /** A state that does not end the wait, nor does an earlier one, which a lagging read may show. */
  readonly previous: Production | undefined;
  /** Called with each new state, and awaited. */
  readonly onChange: (production: Production) => void | Promise<void>;
}

/** Resolves with the first state that ends the wait. `PRODUCED` ends every wait, because nothing follows it. */
export async function waitForProduction(
  states: AsyncIterableIterator<Production, void, void>,
  { until, previous, onChange }: WaitEnd,
  limits: Pick<Limits, "deadline" | "signal">,
): Promise<Production> {
  let last: Production | undefined;
  for await (const production of states) {
    last = production;
    // A hanging `onChange` is abandoned when a limit passes. Unless this state ends the wait, `states` then throws the reason.
    await withTimeout(limits, async () => onChange({ ...production }));
    if (until(production) && !(previous !== undefined && isUpTo(previous, production))) return production;
  }
  return last as Production;
}

/** Whether a state is `previous`, or comes before it. */
function isUpTo(previous: Production, production: Production): boolean {
  return isSameProduction(production, previous) || isEarlierState(production, previous);
}
