import { type Exchange, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import type { Dice } from "../../support/dice.js";
import { checkOutcome, outcomeOf, refuseSecrets } from "../check-outcome.js";
import { readCorpus } from "../corpus.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { generateResponse } from "../http-responses.js";
import { ERROR_FIELDS, objectText, SUBSCRIPTION_FIELDS } from "../json-texts.js";
import { fuzzDispatcher } from "../sending.js";

const corpus = readCorpus("subscriptions");
const URL = "https://bank.example/wise";
const ID = "72195556-e5cb-495e-a010-b37a4f2a3043";

const CALLS: readonly ((subscriptions: KioskSubscriptions) => Promise<unknown>)[] = [
  (subscriptions) => subscriptions.list(),
  (subscriptions) => subscriptions.list(),
  (subscriptions) => subscriptions.get(ID),
  (subscriptions) => subscriptions.create({ url: URL }),
  (subscriptions) => subscriptions.delete(ID),
  (subscriptions) => subscriptions.sendTest(ID),
  (subscriptions) => subscriptions.ensure({ url: URL }, { deadlineMs: 15 }),
];

/** Responses to the operations on subscriptions. */
export const subscriptionsTarget: FuzzTarget = {
  name: "subscriptions",
  share: 30,
  run: async (dice, secrets) => {
    const quote = () => secrets.quote(dice, [secrets.token]);
    const respond = () => generateResponse(dice, { corpus, body: bodyText, quote });
    const exchanges: Exchange[] = [];
    const subscriptions = new KioskSubscriptions({
      baseUrl: "http://127.0.0.1:9",
      clientKey: "your-bank",
      token: secrets.token,
      maxRetries: 0,
      agreementMs: 0,
      reconcileWindowMs: 0,
      dispatcher: fuzzDispatcher(dice, respond, quote),
      onExchange: (exchange) => void exchanges.push(exchange),
    });
    checkOutcome(await outcomeOf(() => dice.pick(CALLS)(subscriptions)), secrets);
    refuseSecrets(exchanges, secrets);
  },
};

function bodyText(dice: Dice): string {
  if (dice.chance(0.2)) return objectText(dice, ERROR_FIELDS);
  if (dice.chance(0.3)) return objectText(dice, SUBSCRIPTION_FIELDS);
  if (dice.chance(0.2))
    return `[${objectText(dice, { delivery_id: [`"${ID}"`], created_at: ['"2019-03-28T11:22:33Z"'] })}]`;
  const count = dice.chance(0.02) ? 200 : dice.below(4);
  return `[${Array.from({ length: count }, () => objectText(dice, SUBSCRIPTION_FIELDS)).join()}]`;
}
