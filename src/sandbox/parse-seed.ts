import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { type OptionNames, parseNestedOptions } from "../arguments/parse-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { isCardToken } from "../production/card-token.js";
import type { KioskSimulatorOptions, SimulatedCardOptions } from "../testing/simulator/simulator-options.js";
import { A_TIME, toTime } from "../testing/simulator/to-time.js";
import { parseJson } from "../text/parse-json.js";
import { CARD_TOKEN_FAULT } from "./state/card-token-fault.js";

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
  for (const [index, card] of (seed.cards ?? []).entries()) {
    const { cardToken, createdAt } = Object(card) as Partial<SimulatedCardOptions>;
    if (typeof cardToken === "string" && !isCardToken(cardToken)) {
      throw new KioskArgumentError(`cards.${index}.cardToken`, CARD_TOKEN_FAULT);
    }
    if (typeof createdAt === "string" && toTime(createdAt) === undefined) {
      throw mustBe(`cards.${index}.createdAt`, A_TIME, quoteValue(createdAt));
    }
  }
  return seed;
}
