/**
 * The statuses Wise documents for the production of a card.
 *
 * `READY` → `IN_PROGRESS` → `PRODUCED` or `PRODUCTION_ERROR`. After a `PRODUCTION_ERROR` the card can be produced again.
 * `REQUEST_ERROR` is the response to a production request that was not accepted.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const PRODUCTION_STATUSES = ["READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR", "REQUEST_ERROR"] as const;

/** A status that Wise documents: an element of {@link PRODUCTION_STATUSES}. */
export type ProductionStatus = (typeof PRODUCTION_STATUSES)[number];
