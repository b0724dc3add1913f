import {
  adviceFor,
  describeProduction,
  type Exchange,
  isKioskError,
  WiseKioskClient,
  type WiseKioskClientOptions,
} from "wise-card-kiosk";
import type { Dice } from "../../support/dice.js";
import { CARD, PRODUCE } from "../../support/transports.js";
import { checkOutcome, mustHold, outcomeOf, refuseSecrets } from "../check-outcome.js";
import { readCorpus } from "../corpus.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { type GeneratedResponse, generateResponse } from "../http-responses.js";
import { ERROR_FIELDS, objectText, PRODUCTION_FIELDS } from "../json-texts.js";
import type { RunSecrets } from "../run-secrets.js";
import { fuzzDispatcher, fuzzFetch } from "../sending.js";

const corpus = readCorpus("responses");

/** Generates the response to a call of the client. It quotes no secret if it will be damaged. */
export function callResponse(dice: Dice, secrets: RunSecrets, willBeDamaged = false): GeneratedResponse {
  return generateResponse(dice, {
    corpus,
    body: (bodyDice) => objectText(bodyDice, bodyDice.chance(0.85) ? PRODUCTION_FIELDS : ERROR_FIELDS),
    quote: willBeDamaged ? undefined : () => secrets.quote(dice, [secrets.token]),
  });
}

/** Calls the client with options, and checks what the call leads to. */
export async function checkCall(
  dice: Dice,
  secrets: RunSecrets,
  options: Partial<WiseKioskClientOptions>,
): Promise<void> {
  const exchanges: Exchange[] = [];
  const client = new WiseKioskClient({
    baseUrl: "http://127.0.0.1:9",
    token: secrets.token,
    maxRetries: 0,
    onExchange: (exchange) => void exchanges.push(exchange),
    ...options,
  } as WiseKioskClientOptions);
  const outcome = await outcomeOf(() => dice.pick(CALLS)(client, dice));
  checkOutcome(outcome, secrets);
  // On a busy machine, the deadline of a call can pass before its first attempt.
  const isLate = "thrown" in outcome && isKioskError(outcome.thrown) && outcome.thrown.code === "ERR_TIMEOUT";
  mustHold(exchanges.length > 0 || isLate, "a call without an exchange");
  refuseSecrets(exchanges, secrets);
}

type Call = (client: WiseKioskClient, dice: Dice) => Promise<unknown>;

const readStatus: Call = async (client) => {
  const production = await client.getProductionStatus(CARD);
  return [adviceFor(production), describeProduction(production)];
};
const produce: Call = async (client) => {
  const production = await client.produceCard(PRODUCE);
  return [adviceFor(production), describeProduction(production)];
};

const CALLS: readonly Call[] = [
  readStatus,
  readStatus,
  produce,
  produce,
  (client) => client.produceCard({ ...PRODUCE, onIntent: () => {} }),
  (client) => client.simulateProductionStatus({ ...CARD, status: "PRODUCED" }),
  (client, dice) =>
    client.reconcileProduction(
      {
        profileId: "123456",
        cardToken: CARD.cardToken,
        kioskId: "WIS00001",
        correlationId: "a-call",
        previous: dice.pick([null, { ...READY }]),
        requestedAt: "2026-11-25T12:00:00.000Z",
        sendBy: "2026-11-25T12:00:05.000Z",
        expiresAt: "2026-11-25T12:00:35.000Z",
        ...dice.pick([
          { wiseAt: null, wiseAtOurs: null },
          { wiseAt: "2026-11-25T12:00:00.000Z", wiseAtOurs: "2026-11-25T11:59:59.000Z" },
        ]),
        requests: 1,
      },
      { deadlineMs: 20, reconcileWindowMs: 0 },
    ),
];

const READY = {
  status: "READY",
  kioskId: null,
  occurredAt: "2024-01-01T12:24:56.124Z",
  errorCode: null,
  description: null,
} as const;

/** One request for each call. */
export const clientTarget: FuzzTarget = {
  name: "client",
  share: 390,
  run: (dice, secrets) => {
    const respond = () => callResponse(dice, secrets);
    const quote = () => secrets.quote(dice, [secrets.token]);
    const sending = dice.chance(0.7)
      ? { dispatcher: fuzzDispatcher(dice, respond, quote) }
      : { fetch: fuzzFetch(dice, respond, quote) };
    return checkCall(dice, secrets, sending);
  },
};

/** Calls with retries, reads after a request in doubt, and waits, for a few milliseconds each. */
export const retriesTarget: FuzzTarget = {
  name: "retries",
  share: 4,
  run: async (dice, secrets) => {
    const quote = () => secrets.quote(dice, [secrets.token]);
    const dispatcher = fuzzDispatcher(dice, () => callResponse(dice, secrets), quote);
    const limits = { maxRetries: 3, reconcileWindowMs: 0, deadlineMs: 15 };
    if (dice.chance(0.8)) return checkCall(dice, secrets, { dispatcher, ...limits });
    const { token } = secrets;
    const client = new WiseKioskClient({ baseUrl: "http://127.0.0.1:9", token, dispatcher });
    checkOutcome(await outcomeOf(() => client.waitForProduction(CARD, { maxWaitMs: 15 })), secrets);
  },
};
