import { isCardToken } from "../../production/card-token.js";
import { KIOSK_ID_PATTERN } from "../../production/kiosk-id.js";
import { parseTimestamp } from "../../production/timestamp.js";

/** A rule for a text that people or programs give to a sandbox. */
export interface InputRule {
  readonly accepts: (text: string) => boolean;
  /** What is wrong with a text that breaks the rule, as the end of a sentence that begins with its name. */
  readonly fault: string;
}

/** A sandbox accepts no card that the client and the command line could not name. */
export const CARD_TOKEN_RULE: InputRule = {
  accepts: isCardToken,
  fault: "must be the token of a card, without whitespace around it, and not '.' or '..'",
};

export const KIOSK_ID_RULE: InputRule = {
  accepts: (text) => KIOSK_ID_PATTERN.test(text),
  fault: "must be the id of a kiosk, without whitespace around it",
};

/** A date is its midnight in UTC. What `toISOString` returns is accepted in any year, because the clock shows it. */
export const TIME_RULE: InputRule = {
  accepts: (text) =>
    new Date(text).toJSON() === text || parseTimestamp(text.replace(/^\d{4}-\d\d-\d\d$/, "$&T00:00:00Z")) !== undefined,
  fault: "must be a time in ISO 8601 with its time zone",
};
