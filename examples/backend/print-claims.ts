import { randomUUID } from "node:crypto";

/**
 * Stands in for two columns of the bank's table of cards, `print_id` and `print_until`. A claim lets one request at a time
 * print a card. Claim the card with one short statement, and commit it before you call Wise:
 *
 *     update kiosk_card set print_id = $2, print_until = now() + interval '5 minutes'
 *      where card_token = $1 and (print_until is null or print_until < now())
 *
 * If it changes no row, another request is printing the card. Never hold a row lock while you call Wise: the webhook needs the
 * same row, and must respond within 5 seconds.
 */
const claims = new Map<string, { readonly id: string; readonly until: number }>();

/** Longer than the read, the print request and the wait can take together, so that no claim expires before its request ends. */
const CLAIM_MS = 5 * 60_000;

/** Claims a card. Returns the id of the claim, or `undefined` if another request has claimed the card. */
export function claimPrint(cardToken: string): string | undefined {
  const now = Date.now();
  if ((claims.get(cardToken)?.until ?? 0) > now) return undefined;
  const id = randomUUID();
  claims.set(cardToken, { id, until: now + CLAIM_MS });
  return id;
}

/**
 * Releases a claim. Call it only if the outcome is known. A claim that is left because a request is in doubt or the process died
 * expires by itself.
 */
export function releasePrint(cardToken: string, id: string): void {
  if (claims.get(cardToken)?.id === id) claims.delete(cardToken);
}
