import fc from "fast-check";
import { Agent, type Dispatcher } from "undici";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { type Exchange, isKioskError, type Production, parseProduction, WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator, type Fault, type SimulatedCard } from "wise-card-kiosk/testing";
import { OTHER_KIOSK, OUR_KIOSK } from "./kiosk-world.js";
import { PROPERTY_SEED } from "./property-seed.js";

const RETRIES = 2;
const PROFILE_ID = 123456;
const CARD_TOKEN = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";

/** How long reads lag and requests are delayed at most, and the reconcile window of the client. */
export interface Lateness {
  readonly lagMs: number;
  readonly delayMs: number;
  readonly windowMs: number;
  /** Whether Wise may decide requests by the state that a read shows. */
  readonly decideByLaggingState: readonly boolean[];
}

/** The fate of one request: its fault, if any, and whether it takes effect nevertheless. */
interface Fate {
  readonly fault: Fault | undefined;
  readonly takesEffect?: boolean;
}

/** What happens to the card between two requests. */
type Act = "complete" | "fail" | "other process, our kiosk" | "other process, other kiosk";

interface History {
  readonly begin: "READY" | "IN_PROGRESS" | "PRODUCED" | "PRODUCTION_ERROR";
  readonly isPreviousKnown: boolean;
  readonly lagMs: number;
  readonly decideByLaggingState: boolean;
  /** The fates of the requests in order, including reads. Later requests have no fault. */
  readonly fates: readonly Fate[];
  /** What happens after each request. */
  readonly acts: readonly (readonly Act[])[];
}

/** The request certainly has no effect. */
const deniedFate: fc.Arbitrary<Fate> = fc.record({
  fault: fc.constantFrom<Fault[]>(
    "connection-refused",
    { httpStatus: 401, body: { error: "invalid_token" } },
    { httpStatus: 429 },
    { httpStatus: 429, headers: { "retry-after": "0" } },
  ),
});
const doubtfulFate: fc.Arbitrary<Fate> = fc.record({
  takesEffect: fc.boolean(),
  fault: fc.constantFrom<Fault[]>(
    "connection-reset",
    "timeout",
    { httpStatus: 302, headers: { location: "/elsewhere" } },
    { httpStatus: 408 },
    { httpStatus: 421 },
    { httpStatus: 500 },
    { httpStatus: 502, body: "<html>Bad Gateway</html>" },
    { httpStatus: 503 },
    { httpStatus: 503, headers: { "retry-after": "0" } },
    { httpStatus: 504 },
  ),
});
const mutilatedFate: fc.Arbitrary<Fate> = fc.record({
  takesEffect: fc.constant(true),
  fault: fc.constantFrom<Fault[]>("lost-response", "truncated-body", "malformed-json"),
});
const goodFate = fc.constant<Fate>({ fault: undefined });

function delayedFate(delayMs: number): fc.Arbitrary<Fate> {
  return fc.record({ fault: fc.record({ arrivesAfterMs: fc.integer({ min: 0, max: delayMs }) }) });
}

function histories({ lagMs, delayMs, decideByLaggingState }: Lateness): fc.Arbitrary<History> {
  return fc.record({
    begin: fc.constantFrom("READY", "READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR"),
    isPreviousKnown: fc.boolean(),
    lagMs: fc.constantFrom(0, Math.ceil(lagMs / 2), lagMs),
    decideByLaggingState: fc.constantFrom(...decideByLaggingState),
    fates: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: doubtfulFate },
        { weight: 2, arbitrary: delayedFate(delayMs) },
        { weight: 1, arbitrary: mutilatedFate },
        { weight: 1, arbitrary: deniedFate },
        { weight: 2, arbitrary: goodFate },
      ),
      { minLength: 1, maxLength: 6 },
    ),
    acts: fc.array(
      fc.array(
        fc.constantFrom<Act[]>("complete", "fail", "fail", "other process, our kiosk", "other process, other kiosk"),
        { maxLength: 2 },
      ),
      { maxLength: 4 },
    ),
  });
}

/** The card, and which of its prints were begun by others. */
class Witness {
  readonly #card: SimulatedCard;
  readonly #byOthers = new Set<string | null>();

  constructor(card: SimulatedCard) {
    this.#card = card;
    for (const { occurredAt } of card.history) this.#byOthers.add(occurredAt);
  }

  act(act: Act): void {
    const { status } = this.#card.production ?? {};
    if (act === "complete" || act === "fail") {
      if (status !== "IN_PROGRESS") return;
      if (act === "complete") this.#card.complete();
      else this.#card.fail("PRD_HOPPER_JAM");
    } else if (status === "READY" || status === "PRODUCTION_ERROR") {
      this.#card.produce(act === "other process, our kiosk" ? OUR_KIOSK : OTHER_KIOSK);
      this.#byOthers.add(this.#card.production?.occurredAt ?? null);
    }
  }

  /** How many prints the call under test has begun. */
  get printsOfCall(): number {
    return this.#card.history.filter((state) => state.status === "IN_PROGRESS" && this.isOfCall(state)).length;
  }

  /** Whether the call under test caused a state. Each print has its own time. */
  isOfCall({ status, occurredAt }: Production): boolean {
    return status !== "REQUEST_ERROR" && !this.#byOthers.has(occurredAt);
  }
}

/** A production that a response with status 200 showed. */
interface Shown {
  readonly method: string;
  readonly production: Production;
}

/** Passes requests on, and records what their responses show. */
function showing(shown: Shown[]) {
  return (dispatch: Dispatcher.Dispatch): Dispatcher.Dispatch =>
    (options, handler) => {
      let status = 0;
      let body = "";
      return dispatch(options, {
        onRequestStart: (...args) => handler.onRequestStart?.(...args),
        onResponseStart: (controller, statusCode, ...rest) => {
          status = statusCode;
          handler.onResponseStart?.(controller, statusCode, ...rest);
        },
        onResponseData: (controller, chunk) => {
          body += chunk.toString();
          handler.onResponseData?.(controller, chunk);
        },
        onResponseEnd: (...args) => {
          try {
            if (status === 200) shown.push({ method: options.method, production: parseProduction(JSON.parse(body)) });
          } catch {}
          handler.onResponseEnd?.(...args);
        },
        onResponseError: (...args) => handler.onResponseError?.(...args),
      });
    };
}

function beginning(status: History["begin"]): Production {
  const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
  const details = { kioskId: OUR_KIOSK, occurredAt, description: null };
  if (status === "READY") return { status, ...details, kioskId: null, errorCode: null };
  if (status === "PRODUCTION_ERROR") return { status, ...details, errorCode: "PRT_RIBBON_ENDED" };
  return { status, ...details, errorCode: null };
}

/** Plays a history over a real connection, and checks the promises. */
async function play(history: History, windowMs: number, agent: Agent): Promise<void> {
  const { begin, isPreviousKnown, lagMs, decideByLaggingState, fates, acts } = history;
  const production = beginning(begin);
  const simulator = createKioskSimulator({
    kiosks: [OUR_KIOSK, OTHER_KIOSK],
    cards: [{ profileId: PROFILE_ID, cardToken: CARD_TOKEN, production }],
    acceptsToken: () => true,
    readLagMs: lagMs,
    assumptions: { decideByLaggingState },
  });
  await using server = await simulator.listen();
  const witness = new Witness(simulator.card(CARD_TOKEN));
  const exchanges: Exchange[] = [];
  const shown: Shown[] = [];

  const meet = (fate: Fate | undefined) => {
    if (fate?.fault === undefined) return;
    const { fault, takesEffect } = fate;
    simulator.injectFault(takesEffect === undefined ? { fault } : { fault, takesEffect });
  };
  const onExchange = (exchange: Exchange) => {
    exchanges.push(exchange);
    const number = exchanges.length;
    if (exchange.retryInMs !== undefined) for (const act of acts[number - 1] ?? []) witness.act(act);
    meet(fates[number]);
  };
  let tokens = 0;
  const client = new WiseKioskClient({
    baseUrl: server.url,
    token: () => {
      tokens += 1;
      return `token-${tokens}`;
    },
    dispatcher: agent.compose(showing(shown)),
    timeoutMs: 300,
    maxRetries: RETRIES,
    reconcileWindowMs: windowMs,
    onExchange,
  });

  meet(fates[0]);
  const previous = isPreviousKnown ? production : undefined;
  const request = { profileId: PROFILE_ID, cardToken: CARD_TOKEN, kioskId: OUR_KIOSK, previous };
  const outcome = await client.produceCard(request).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

  expect(witness.printsOfCall, "no request prints a card again").toBeLessThanOrEqual(1);
  const puts = exchanges.filter(({ method, httpStatus }) => method === "PUT" && httpStatus !== 401);
  expect(puts.length).toBeLessThanOrEqual(RETRIES + 1);
  const isAttributable = !(isPreviousKnown && begin === "IN_PROGRESS");
  const isShown = isAttributable && shown.some((one) => one.method === "GET" && witness.isOfCall(one.production));
  if ("value" in outcome) {
    const { value } = outcome;
    if (value.status === "REQUEST_ERROR") {
      expect(isShown, "no REQUEST_ERROR about a print of this call that a read has shown").toBe(false);
      expect(witness.printsOfCall, "no REQUEST_ERROR about a print of this call").toBe(0);
    } else {
      expect(shown.map((one) => one.production)).toContainEqual(value);
    }
  } else {
    const { error } = outcome;
    if (!isKioskError(error)) throw error;
    expect(isShown, "no error about a print of this call that a read has shown").toBe(false);
    if (witness.printsOfCall > 0) expect(error.mayHaveTakenEffect, "no effect is denied").toBe(true);
  }
}

let agent: Agent;

/** Prepares each test of a file that plays histories. */
export function playHistories(): void {
  beforeEach(() => {
    // A wait before a retry is a random part of some time. It is 0 here, so that thousands of histories take seconds.
    vi.spyOn(Math, "random").mockReturnValue(0);
    agent = new Agent();
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await agent.destroy();
  });
}

const SHARDS = 24;

/**
 * Plays random histories, many at a time, because they mostly wait; each shard has the next seed. Returns a report for each broken
 * promise that it found.
 */
export async function counterexamples(lateness: Lateness, count: number): Promise<readonly string[]> {
  const shard = async (_: unknown, number: number) => {
    const property = fc.asyncProperty(histories(lateness), (one) => play(one, lateness.windowMs, agent));
    const details = await fc.check(property, { numRuns: count / SHARDS, seed: PROPERTY_SEED + number });
    return details.failed ? [`${details.errorInstance}\n${fc.defaultReportMessage(details)}`] : [];
  };
  return (await Promise.all(Array.from({ length: SHARDS }, shard))).flat();
}
