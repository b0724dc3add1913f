import type { Production } from "../production/production.js";
import { isEarlierState } from "../production/production-order.js";
import { isSameProduction, mayBeSameProduction } from "../production/same-production.js";
import { type Limits, withTimeout } from "../time/time-limit.js";

/** The validated options that decide when a wait ends. */
export interface WaitEnd {
  /** Whether a state ends the wait. */
  readonly until: (production: Production) => boolean;
  /** A state that does not end the wait; neither do earlier ones, which a lagging read may show. */
  readonly previous: Production | undefined;
  /** Called with each new state, and awaited. */
  readonly onChange: (production: Production) => unknown;
}

/** Resolves with the first state that ends the wait. `PRODUCED` ends every wait, because nothing follows it. */
export async function waitForProduction(
  states: AsyncIterableIterator<Production, void, void>,
  { until, previous, onChange }: WaitEnd,
  limits: Pick<Limits, "deadline" | "signal">,
): Promise<Production> {
  let last: Production | undefined;
  let hasLeftPrevious = false;
  for await (const production of states) {
    last = production;
    // It is called even if a limit has passed. A hanging one is abandoned when that happens, and unless this state ends the wait,
    // `states` then throws the reason.
    const handled = Promise.resolve(onChange({ ...production }));
    handled.catch(() => {});
    await withTimeout(limits, () => handled);
    const isOld: boolean = previous !== undefined && isUpTo(previous, production, hasLeftPrevious);
    hasLeftPrevious ||= !isOld;
    if (until(production) && !isOld) return production;
  }
  return last as Production;
}

/**
 * Returns whether a state is `previous`, or comes before it. A state that lacks a detail of `previous`, or has one that `previous`
 * lacks, is taken for it until another state has been seen.
 */
function isUpTo(previous: Production, production: Production, hasLeftPrevious: boolean): boolean {
  const isSame = hasLeftPrevious ? isSameProduction : mayBeSameProduction;
  return isSame(production, previous) || isEarlierState(production, previous);
}
