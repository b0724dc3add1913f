import { describeValue, mustBe } from "../arguments/found-value.js";
import { type OptionNames, parseNestedOptions } from "../arguments/parse-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { KioskSimulatorOptions, SimulatedCardOptions } from "../testing/simulator/simulator-options.js";
import { parseJson } from "../text/parse-json.js";
import { CARD_TOKEN_RULE, type InputRule, KIOSK_ID_RULE, TIME_RULE } from "./state/input-rules.js";

/** The initial state of a sandbox, as a file in JSON describes it. */
export interface Seed
  extends Pick<
    KioskSimulatorOptions,
    "kiosks" | "cards" | "webhooks" | "assumptions" | "productionDelayMs" | "readLagMs" | "latencyMs" | "now"
  > {
  /** Whether each print becomes `PRODUCED` without further action. Default: `false`. */
  readonly auto?: boolean | undefined;
  /** The receiver of the webhooks. Default: none. */
  readonly webhookUrl?: string | undefined;
}

const SEED_NAMES: OptionNames<Seed> = {
  kiosks: true,
  cards: true,
  webhooks: true,
  assumptions: true,
  productionDelayMs: true,
  readLagMs: true,
  latencyMs: true,
  now: true,
  auto: true,
  webhookUrl: true,
};

/**
 * Parses the text of a seed file. The simulator checks the values that belong to it.
 *
 * @throws {KioskArgumentError} if the text is not JSON, a name in it is unknown, or a value breaks a rule of the sandbox.
 */
export function parseSeed(text: string): Seed {
  const value = parseJson(text);
  if (value === undefined) throw new KioskArgumentError("seed", "must contain JSON");
  const seed = parseNestedOptions("seed", value as Seed, SEED_NAMES);
  for (const name of ["cards", "kiosks"] as const) {
    if (seed[name] !== undefined && !Array.isArray(seed[name]))
      throw mustBe(name, "an array", describeValue(seed[name]));
  }
  if (seed.auto !== undefined && typeof seed.auto !== "boolean") {
    throw mustBe("auto", "true or false", describeValue(seed.auto));
  }
  for (const [index, kiosk] of (seed.kiosks ?? []).entries()) checkText(`kiosks.${index}`, kiosk, KIOSK_ID_RULE);
  for (const [index, card] of (seed.cards ?? []).entries()) {
    const { cardToken, createdAt } = Object(card) as Partial<SimulatedCardOptions>;
    checkText(`cards.${index}.cardToken`, cardToken, CARD_TOKEN_RULE);
    checkText(`cards.${index}.createdAt`, createdAt, TIME_RULE);
  }
  checkText("now", seed.now, TIME_RULE);
  return seed;
}

/** Checks a text. The simulator refuses other values, and says which are missing. */
function checkText(name: string, value: unknown, { accepts, fault }: InputRule): void {
  if (typeof value === "string" && !accepts(value)) throw new KioskArgumentError(name, fault);
}
