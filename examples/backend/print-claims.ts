import { randomUUID } from "node:crypto";

/**
 * Stands for two columns of the bank's table of cards, `print_id` and `print_until`. A claim lets one request at a time print
 * a card. Claiming is one short statement that is committed before Wise is called:
 *
 *     update kiosk_card set print_id = $2, print_until = now() + interval '5 minutes'
 *      where card_token = $1 and (print_until is null or print_until < now())
 *
 * If it changes no row, somebody else prints the card. Never hold a row lock while you call Wise: the webhook needs the same
 * row, and Wise waits for it for only 5 seconds.
 */
const claims = new Map<string, { readonly id: string; readonly until: number }>();

/** Longer than reading, producing and waiting can take together, so that no claim ends while its request is under way. */
const CLAIM_MS = 5 * 60_000;

/** Claims a card and returns the claim's id, or `undefined` if somebody else has a claim on it. */
export function claimPrint(cardToken: string): string | undefined {
  const now = Date.now();
  if ((claims.get(cardToken)?.until ?? 0) > now) return undefined;
  const id = randomUUID();
  claims.set(cardToken, { id, until: now + CLAIM_MS });
  return id;
}

/**
 * Ends a claim. Do so only if the outcome is known: a claim that stays behind, because a request is in doubt or the process
 * died, ends by itself.
 */
export function releasePrint(cardToken: string, id: string): void {
  if (claims.get(cardToken)?.id === id) claims.delete(cardToken);
}
