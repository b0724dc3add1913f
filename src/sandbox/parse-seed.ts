import { describeValue, mustBe } from "../arguments/found-value.js";
import { type OptionNames, parseNestedOptions } from "../arguments/parse-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { isCardToken } from "../production/card-token.js";
import { parseSimulatedCard } from "../testing/simulator/parse-simulator-options.js";
import type { KioskSimulatorOptions, SimulatedCardOptions } from "../testing/simulator/simulator-options.js";
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
  requireCards(seed.cards ?? []);
  return seed;
}

/** Checks the cards, because errors of the simulator do not say which one is wrong. */
function requireCards(cards: readonly SimulatedCardOptions[]): void {
  const cardTokens = new Set<string>();
  for (const [index, card] of cards.entries()) {
    try {
      cardTokens.add(parseSeedCardToken(card, cardTokens));
    } catch (error) {
      if (!(error instanceof KioskArgumentError)) throw error;
      const { argument, message } = error;
      const name = argument === "card" ? `cards.${index}` : `cards.${index}.${argument}`;
      throw new KioskArgumentError(name, message.slice(argument.length + 1));
    }
  }
}

/** Checks a card of a seed, and returns its token. */
function parseSeedCardToken(card: SimulatedCardOptions, known: ReadonlySet<string>): string {
  const given: unknown = Object(card).cardToken;
  if (typeof given === "string" && !isCardToken(given)) throw new KioskArgumentError("cardToken", CARD_TOKEN_FAULT);
  const { cardToken } = parseSimulatedCard(card, { now: new Date(), productionDelayMs: 0, precisionMs: 1 });
  if (known.has(cardToken)) throw new KioskArgumentError("cardToken", `${cardToken} already exists`);
  return cardToken;
}
