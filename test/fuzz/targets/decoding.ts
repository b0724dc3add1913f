import {
  adviceFor,
  canProduce,
  describeErrorCode,
  describeProduction,
  isFinal,
  parseProduction,
} from "wise-card-kiosk";
import * as schemas from "wise-card-kiosk/schemas";
import {
  applyProductionEvent,
  applyProductionRead,
  eventKey,
  type KioskProductionEvent,
  type ProductionState,
} from "wise-card-kiosk/webhooks";
import type { Dice } from "../../support/dice.js";
import { CARD } from "../../support/transports.js";
import { checkError, mustHold, outcomeOf, refuseSecrets } from "../check-outcome.js";
import type { FuzzTarget } from "../fuzz-target.js";
import { anyText, eventText, objectText, PRODUCTION_FIELDS } from "../json-texts.js";
import type { RunSecrets } from "../run-secrets.js";

/** Values that did not come from JSON. */
const ODD_VALUES: readonly unknown[] = [
  undefined,
  Number.NaN,
  10n,
  Symbol("status"),
  () => "READY",
  new Date(Number.NaN),
  new Map([["status", "READY"]]),
  Object.create(null),
  Object.create({ status: "READY" }),
  Object.freeze({ status: "READY" }),
  Object.assign([], { status: "READY" }),
  new (class Ready {
    readonly status = "READY";
  })(),
  { status: new String("READY") },
  { status: "READY", kioskId: Symbol("k"), occurredAt: 10n, errorCode: () => {}, description: new Date(0) },
  cyclic(),
];

function cyclic(): unknown {
  const value: Record<string, unknown> = { status: "READY" };
  value["description"] = value;
  return value;
}

/** Generates a value: almost what suits, parsed from JSON, or something odd. */
function generateValue(dice: Dice, text: (dice: Dice) => string): unknown {
  if (dice.chance(0.05)) return dice.pick(ODD_VALUES);
  try {
    return JSON.parse(dice.chance(0.9) ? text(dice) : anyText(dice));
  } catch {
    return undefined;
  }
}

const productionText = (dice: Dice) => objectText(dice, PRODUCTION_FIELDS);

/** Every schema, and `parseProduction`, with values of any shape. */
export const decodingTarget: FuzzTarget = {
  name: "decoding",
  share: 60,
  run: async (dice, secrets) => {
    const value = generateValue(dice, dice.chance(0.5) ? productionText : eventText);
    const schema = dice.pick(Object.values(schemas));
    schema.safeParse(value);
    await checkProduction(value, secrets);
  },
};

async function checkProduction(value: unknown, secrets: RunSecrets): Promise<void> {
  const outcome = await outcomeOf(() => parseProduction(value));
  if ("thrown" in outcome) {
    checkError(outcome.thrown);
    return refuseSecrets(outcome.thrown, secrets);
  }
  const production = outcome.value as ReturnType<typeof parseProduction>;
  const again = parseProduction(JSON.parse(JSON.stringify(production)));
  mustHold(JSON.stringify(again) === JSON.stringify(production), "a production that changes when it is parsed again");
  mustHold(describeProduction(production).length > 0, "a production without a description");
  mustHold(adviceFor(production).canProduce === canProduce(production), "advice that contradicts canProduce");
  mustHold(!(isFinal(production) && canProduce(production)), "a final production that can be produced");
  for (const kind of ["production", "request"] as const) describeErrorCode(kind, production.errorCode);
}

/** `applyProductionEvent` and `applyProductionRead`, with valid states and events, and with what careless callers pass. */
export const applyingTarget: FuzzTarget = {
  name: "applying",
  share: 60,
  run: async (dice) => {
    const first = generateEvent(dice);
    const second = generateEvent(dice);
    if (dice.chance(0.2)) {
      const odd = generateValue(dice, dice.pick([productionText, eventText]));
      await checkRefusal(() => applyProductionEvent(odd as ProductionState, first));
      await checkRefusal(() => applyProductionEvent(null, odd as KioskProductionEvent));
      await checkRefusal(() => applyProductionRead(null, odd as ProductionState, first.production));
      await checkRefusal(() => applyProductionRead(odd as ProductionState, CARD, odd as never));
      await checkRefusal(() => eventKey(odd as KioskProductionEvent));
      return;
    }
    const forth = applyBoth(first, second);
    const back = applyBoth(second, first);
    mustHold(JSON.stringify(forth) === JSON.stringify(back), "a state that depends on the order of arrival");
    const read = applyProductionRead(forth ?? null, CARD, second.production);
    mustHold(read.state !== undefined, "a read without a state");
  },
};

function applyBoth(first: KioskProductionEvent, second: KioskProductionEvent): ProductionState | undefined {
  return applyProductionEvent(applyProductionEvent(null, first).state, second).state;
}

async function checkRefusal(run: () => unknown): Promise<void> {
  const outcome = await outcomeOf(run);
  if ("thrown" in outcome) checkError(outcome.thrown);
}

function generateEvent(dice: Dice): KioskProductionEvent {
  const value = generateValue(dice, productionText);
  return {
    type: "cards#card-production-status-change",
    subscriptionId: null,
    schemaVersion: "4.0.0",
    sentAt: null,
    profileId: CARD.profileId,
    cardToken: dice.chance(0.95) ? CARD.cardToken : null,
    clientId: null,
    production: isDecodable(value) ? parseProduction(value) : parseProduction({ status: "READY" }),
    deliveryId: null,
    isTest: false,
  };
}

function isDecodable(value: unknown): boolean {
  return schemas.productionBodySchema.safeParse(value).success;
}
