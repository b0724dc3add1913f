import type { Production } from "../production/production.js";
import { isSameProduction } from "../production/same-production.js";
import { type Limits, withTimeout } from "../time/time-limit.js";

/** What ends a wait. */
export interface WaitEnd {
  readonly until: (production: Production) => boolean;
  readonly previous: Production | undefined;
  readonly onChange: (production: Production) => void | Promise<void>;
}

/** Waits for the first state that ends the wait. `PRODUCED` ends every wait: nothing follows it. */
export async function waitForProduction(
  states: AsyncIterableIterator<Production, void, void>,
  { until, previous, onChange }: WaitEnd,
  limits: Pick<Limits, "deadline" | "signal">,
): Promise<Production> {
  let last: Production | undefined;
  for await (const production of states) {
    last = production;
    // One that hangs is given up at the moment at which the states end too, which then say why.
    await withTimeout(limits, async () => onChange(production));
    if (until(production) && !(previous !== undefined && isSameProduction(production, previous))) return production;
  }
  return last as Production;
}
