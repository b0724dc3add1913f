import type { ReconcilePolicy } from "../../src/calls/reconciliation.js";
import { isEarlierState } from "../../src/production/production-order.js";
import { isSameProduction } from "../../src/production/same-production.js";
import {
  type CallInWorld,
  type Ending,
  proceed,
  type Scenario,
  startCall,
  stateKey,
  type Trace,
} from "./call-model.js";
import { exploreHistories } from "./explore-histories.js";
import { BEGINNING, OTHER_KIOSK, OUR_KIOSK, type Past, type WorldRules, worldAfter, worldAt } from "./kiosk-world.js";

const MAX_RETRIES = 2;
/** Long enough for a read within the window and the one that decides. */
export const WINDOW_MS = 400;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The states of the card before a call, and which of them the caller may know as the last one. */
const PASTS: readonly { readonly past: Past; readonly known: readonly (number | undefined)[] }[] = [
  { past: [[5000, "READY"]], known: [undefined, 0] },
  {
    past: [
      [2 * HOUR, "READY"],
      [HOUR + MINUTE, "IN_PROGRESS"],
      [HOUR, "PRODUCTION_ERROR"],
    ],
    known: [undefined, 0, 2],
  },
  {
    past: [
      [HOUR, "READY"],
      [30_000, "IN_PROGRESS"],
      [50, "PRODUCTION_ERROR"],
    ],
    known: [undefined, 1, 2],
  },
  {
    past: [
      [HOUR, "READY"],
      [30_000, "IN_PROGRESS"],
    ],
    known: [undefined, 1],
  },
  {
    past: [
      [HOUR, "READY"],
      [100, "IN_PROGRESS", OTHER_KIOSK],
    ],
    known: [undefined, 1],
  },
  {
    past: [
      [2 * HOUR, "READY"],
      [HOUR + MINUTE, "IN_PROGRESS"],
      [HOUR, "PRODUCED"],
    ],
    known: [undefined, 2],
  },
];

export interface Findings {
  /** The broken promises, each with the first history that broke it. */
  readonly broken: ReadonlyMap<string, readonly string[]>;
  readonly histories: number;
}

/** Explores every history of a call, with every past of the card and everything that the caller may know about it. */
export function explore(
  rules: Partial<WorldRules>,
  client: Partial<ReconcilePolicy> & Partial<Pick<Scenario, "hasOtherToken">> = {},
): Findings {
  const { hasOtherToken = false, ...options } = client;
  const policy: ReconcilePolicy = {
    maxRetries: MAX_RETRIES,
    reconcileWindowMs: WINDOW_MS,
    resend: true,
    retryDelayMs: (_retry, retryAfterMs) => retryAfterMs ?? 40,
    ...options,
  };
  const world: WorldRules = {
    lagMs: 200,
    delayMs: 200,
    decidesByLag: false,
    times: "request",
    othersPrint: 1,
    dateCutMs: 0,
    ...rules,
  };
  const broken = new Map<string, readonly string[]>();
  let histories = 0;
  for (const { past, known } of PASTS) {
    const before = worldAfter(world, past);
    for (const index of known) {
      const previous = index === undefined ? undefined : before.states[index]?.production;
      const isStale = index !== undefined && index < past.length - 1;
      const scenario: Scenario = { rules: world, policy, previous, hasOtherToken };
      const first = startCall(worldAt(world, before, BEGINNING), scenario);
      histories += exploreHistories(
        first,
        (state) => stateKey(scenario, state),
        (state, choose) => {
          const next = proceed(scenario, state, choose);
          for (const promise of brokenPromises(next, scenario, isStale)) {
            if (!broken.has(promise)) broken.set(promise, formatHistory(next, past, previous?.status));
          }
          return "end" in next ? undefined : next;
        },
      );
    }
  }
  return { broken, histories };
}

function brokenPromises(state: CallInWorld | Ending, scenario: Scenario, isStale: boolean): string[] {
  const { rules, policy, previous, hasOtherToken } = scenario;
  const { world, known, phase, requests, isShown, isRepeated } = state;
  const broken: string[] = [];
  const check = (promise: string, isKept: boolean) => {
    if (!isKept) broken.push(promise);
  };
  check("no request prints a card again", !world.printedTwice);
  check("at most maxRetries + 1 requests", requests <= policy.maxRetries + (hasOtherToken ? 2 : 1));
  const isSent = phase.of === "transit" && !("end" in state);
  check(
    "no request after one in doubt, without resending",
    policy.resend || !isSent || known.windowBeganAt === undefined,
  );
  if (!("end" in state)) return broken;
  const { end, isOfCall } = state;
  const happened = world.firstPrintAt !== undefined || world.onTheirWay.length > 0;
  if (end.do === "reject") {
    check("no error about a print of this call that a read has shown", !isShown);
    check("no call claims that nothing happened if something did", end.mayHaveTakenEffect || !happened);
    return broken;
  }
  const { status, kioskId, occurredAt } = end.value;
  if (status === "REQUEST_ERROR") {
    check("no REQUEST_ERROR about a print of this call that a read has shown", !isShown);
    check(
      "no REQUEST_ERROR about a print of this call, unless a gateway repeated the request",
      isRepeated || !happened,
    );
  }
  check("no state that the caller knew to be over", previous === undefined || !isEarlierState(end.value, previous));
  if (status !== "PRODUCED" && status !== "PRODUCTION_ERROR") return broken;
  check("no result of another kiosk", kioskId === OUR_KIOSK);
  check("no result that the caller knew", previous === undefined || !isSameProduction(end.value, previous));
  check("no result from long before the call", Date.parse(occurredAt ?? "2026") >= BEGINNING - MINUTE);
  const isAttributable = rules.times === "request" && rules.othersPrint === 0 && !isStale;
  check("no result of another call, if no one else prints", !isAttributable || isOfCall);
  return broken;
}

function formatHistory({ trace, ...state }: CallInWorld | Ending, past: Past, previous?: string): string[] {
  const events: string[] = [];
  for (let event: Trace | undefined = trace; event !== undefined; event = event.before) {
    events.unshift(`${event.at - BEGINNING} ms: ${JSON.stringify(event.what)}`);
  }
  return [`previous: ${previous}`, ...past.map(String), ...events, JSON.stringify("end" in state ? state.end : null)];
}
