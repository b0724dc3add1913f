import fc from "fast-check";
import { Agent } from "undici";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Exchange, isKioskError, type Production, WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator, type Fault, type SimulatedCard } from "wise-card-kiosk/testing";

const HISTORIES = 3000;
const SEED = 20_260_101;
const MAX_RETRIES = 2;
const PROFILE_ID = 123456;
const OUR_KIOSK = "WIS00001";
const OTHER_KIOSK = "WIS00002";

/** What becomes of one request: how it is answered, if it is, and whether it takes effect now, never, or when it arrives. */
interface Fate {
  readonly fault: Fault | undefined;
  readonly effect: "now" | "never" | "later";
}

/** What happens to the card between a request and the read after it. */
type Act = "complete" | "fail" | "arrive" | "other process, our kiosk" | "other process, other kiosk";

interface History {
  readonly begin: "READY" | "IN_PROGRESS" | "PRODUCED" | "PRODUCTION_ERROR";
  readonly isPreviousKnown: boolean;
  /** The fates of the requests in turn, reads included; then nothing goes wrong any more. */
  readonly fates: readonly Fate[];
  /** What happens after each request to produce. */
  readonly acts: readonly (readonly Act[])[];
}

/** Wise says with these that it did not take the request up. */
const deniedFate = fc.record({
  effect: fc.constant("never" as const),
  fault: fc.constantFrom<Fault[]>(
    "connection-refused",
    { httpStatus: 401, body: { error: "invalid_token" } },
    { httpStatus: 429 },
    { httpStatus: 429, headers: { "retry-after": "0" } },
    { httpStatus: 503, headers: { "retry-after": "0" } },
  ),
});
const doubtfulFate = fc.record({
  effect: fc.constantFrom("now" as const, "never" as const, "later" as const),
  fault: fc.constantFrom<Fault[]>(
    "connection-reset",
    "timeout",
    { httpStatus: 302, headers: { location: "/elsewhere" } },
    { httpStatus: 408 },
    { httpStatus: 500 },
    { httpStatus: 502, body: "<html>Bad Gateway</html>" },
    { httpStatus: 503 },
    { httpStatus: 504 },
  ),
});
/** An answer came, if a mutilated one, so the request is not on its way any more. */
const mutilatedFate = fc.record({
  effect: fc.constant("now" as const),
  fault: fc.constantFrom<Fault[]>("lost-response", "truncated-body", "malformed-json"),
});
const goodFate = fc.constant<Fate>({ fault: undefined, effect: "now" });
const history: fc.Arbitrary<History> = fc.record({
  begin: fc.constantFrom("READY", "READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR"),
  isPreviousKnown: fc.boolean(),
  fates: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: doubtfulFate },
      { weight: 1, arbitrary: mutilatedFate },
      { weight: 1, arbitrary: deniedFate },
      { weight: 2, arbitrary: goodFate },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  acts: fc.array(
    fc.array(
      fc.constantFrom<Act[]>(
        "complete",
        "fail",
        "arrive",
        "arrive",
        "other process, our kiosk",
        "other process, other kiosk",
      ),
      { maxLength: 2 },
    ),
    { maxLength: 4 },
  ),
});

/** The card, and who began its prints. */
class Witness {
  readonly #card: SimulatedCard;
  /** Requests on their way: the number of each. */
  readonly onTheirWay: number[] = [];
  #seen: number;
  /** The number of the first request of ours that began a print. */
  firstPrint: number | undefined;
  /** Whether a request that was sent after that began another one. */
  printedTwice = false;
  /** Whether the card is as a request of ours made it. */
  isOurs = false;

  constructor(card: SimulatedCard) {
    this.#card = card;
    this.#seen = card.history.length;
  }

  get canProduce(): boolean {
    const status = this.#card.production?.status;
    return status === "READY" || status === "PRODUCTION_ERROR";
  }

  /** Looks whether request `number` began a print. */
  afterRequest(number: number): void {
    const begun = this.#card.history.slice(this.#seen).some(({ status }) => status === "IN_PROGRESS");
    if (begun) this.#begun(number);
    this.#seen = this.#card.history.length;
  }

  act(act: Act): void {
    if (act === "arrive") {
      const number = this.onTheirWay.shift();
      if (number === undefined || !this.canProduce) return;
      this.#card.produce(OUR_KIOSK);
      this.#begun(number);
    } else if (act === "complete" || act === "fail") {
      if (this.#card.production?.status !== "IN_PROGRESS") return;
      if (act === "complete") this.#card.complete();
      else this.#card.fail("PRD_HOPPER_JAM");
    } else if (this.canProduce) {
      this.#card.produce(act === "other process, our kiosk" ? OUR_KIOSK : OTHER_KIOSK);
      this.isOurs = false;
    }
    this.#seen = this.#card.history.length;
  }

  #begun(number: number): void {
    this.isOurs = true;
    this.printedTwice ||= this.firstPrint !== undefined && number > this.firstPrint;
    this.firstPrint ??= number;
  }
}

function beginning(status: History["begin"]): Production {
  const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
  const details = { kioskId: OUR_KIOSK, occurredAt, description: null };
  if (status === "READY") return { status, ...details, kioskId: null, errorCode: null };
  if (status === "PRODUCTION_ERROR") return { status, ...details, errorCode: "PRT_RIBBON_ENDED" };
  return { status, ...details, errorCode: null };
}

/** Plays a history over a real connection, and checks what was promised. */
async function play({ begin, isPreviousKnown, fates, acts }: History, dispatcher: Agent): Promise<void> {
  const production = beginning(begin);
  const cardToken = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";
  const simulator = createKioskSimulator({
    kiosks: [OUR_KIOSK, OTHER_KIOSK],
    cards: [{ profileId: PROFILE_ID, cardToken, production }],
    acceptsToken: () => true,
  });
  await using server = await simulator.listen();
  const card = simulator.card(cardToken);
  const witness = new Witness(card);
  const exchanges: Exchange[] = [];
  let isShown = false;
  let told: Production | undefined;

  const meet = (fate: Fate | undefined) => {
    if (fate?.fault === undefined) return;
    simulator.injectFault({
      fault: fate.fault,
      ...(fate.fault === "connection-refused" ? {} : { takesEffect: fate.effect === "now" }),
    });
  };
  const onExchange = (exchange: Exchange) => {
    exchanges.push(exchange);
    const number = exchanges.length;
    const fate = fates[number - 1];
    if (exchange.method === "PUT") {
      witness.afterRequest(number);
      if (fate?.effect === "later") witness.onTheirWay.push(number);
      told = card.production;
      if (exchange.retryInMs !== undefined) for (const act of acts[number - 1] ?? []) witness.act(act);
    } else if (exchange.httpStatus === 200 && exchange.error === undefined) {
      told = card.production;
      isShown ||= witness.isOurs && !(isPreviousKnown && begin === "IN_PROGRESS");
    }
    meet(fates[number]);
  };
  let tokens = 0;
  const client = new WiseKioskClient({
    baseUrl: server.url,
    token: () => {
      tokens += 1;
      return `token-${tokens}`;
    },
    dispatcher,
    timeoutMs: 300,
    maxRetries: MAX_RETRIES,
    onExchange,
  });

  meet(fates[0]);
  const previous = isPreviousKnown ? production : undefined;
  const outcome = await client.produceCard({ profileId: PROFILE_ID, cardToken, kioskId: OUR_KIOSK, previous }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

  expect(witness.printedTwice, "no request prints a card again").toBe(false);
  const puts = exchanges.filter(({ method, httpStatus }) => method === "PUT" && httpStatus !== 401);
  expect(puts.length).toBeLessThanOrEqual(MAX_RETRIES + 1);
  if ("value" in outcome) {
    const { value } = outcome;
    expect(isShown && value.status === "REQUEST_ERROR", "no REQUEST_ERROR where a read has shown a print of ours").toBe(
      false,
    );
    const { description: _description, ...state } = value;
    if (value.status !== "REQUEST_ERROR") expect(told, "what is resolved is true").toMatchObject(state);
  } else {
    const { error } = outcome;
    if (!isKioskError(error)) throw error;
    expect(isShown, "no error where a read has shown a print of ours").toBe(false);
    const mayHave = witness.firstPrint !== undefined || witness.onTheirWay.length > 0;
    if (mayHave) expect(error.mayHaveTakenEffect, "no effect is denied").toBe(true);
  }
}

let dispatcher: Agent;

beforeEach(() => {
  // The waits between retries are a random part of some time: none of it, so that thousands of histories take seconds.
  vi.spyOn(Math, "random").mockReturnValue(0);
  dispatcher = new Agent();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await dispatcher.destroy();
});

const SHARDS = 12;

it(`keeps its promises in ${HISTORIES} histories over real connections (seeds from ${SEED})`, {
  timeout: 300_000,
}, async () => {
  const shard = (_: unknown, number: number) =>
    fc.assert(
      fc.asyncProperty(history, (one) => play(one, dispatcher)),
      { numRuns: HISTORIES / SHARDS, seed: SEED + number },
    );
  await Promise.all(Array.from({ length: SHARDS }, shard));
});
