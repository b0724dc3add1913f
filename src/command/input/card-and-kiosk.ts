import { KioskArgumentError } from "../../errors/argument-error.js";
import { isCardToken } from "../../production/card-token.js";
import { KIOSK_ID_PATTERN } from "../../production/kiosk-id.js";
import { toProfileId } from "../../production/profile-id.js";

/** A card, as `PROFILE:TOKEN` names it. */
export interface NamedCard {
  /** The profile, in decimal digits. */
  readonly profileId: string;
  readonly cardToken: string;
}

/**
 * Parses `PROFILE:TOKEN`.
 *
 * @param argument the parameter or option, for the error. The error does not quote the value.
 * @throws {KioskArgumentError} if it does not name a card.
 */
export function parseNamedCard(argument: string, text: string): NamedCard {
  const colon = text.indexOf(":");
  const profileId = colon === -1 ? undefined : toProfileId(text.slice(0, colon));
  const cardToken = text.slice(colon + 1);
  if (profileId !== undefined && isCardToken(cardToken)) return { profileId, cardToken };
  throw new KioskArgumentError(
    argument,
    "must be the id of a profile, a colon and the token of a card, such as 123456:ca0c8154-1e14-4464-a1ce-dcea7dc3de52, " +
      "without whitespace around either",
  );
}

/**
 * Parses the id of a kiosk. The client checks it, too, but only after the command has read the status.
 *
 * @param argument the parameter or option, for the error.
 * @throws {KioskArgumentError} if it cannot be the id of a kiosk.
 */
export function parseKiosk(argument: string, text: string): string {
  if (KIOSK_ID_PATTERN.test(text)) return text;
  throw new KioskArgumentError(argument, "must be the id of a kiosk, such as WIS00001, without whitespace around it");
}
