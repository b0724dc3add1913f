/**
 * For how many days after its creation a card can be produced. After that Wise answers 422, no retry helps, and a new card
 * has to be ordered.
 *
 * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
 */
export const PRODUCTION_WINDOW_DAYS = 60;

/** {@link PRODUCTION_WINDOW_DAYS} in milliseconds. */
export const PRODUCTION_WINDOW_MS = PRODUCTION_WINDOW_DAYS * 24 * 60 * 60 * 1000;

/**
 * Whether a card created at `createdAt` can still be produced at `now`: it was created at most
 * {@link PRODUCTION_WINDOW_DAYS} days of 24 hours ago.
 *
 * @param createdAt when the card was created: an ISO 8601 text or a `Date`. One that cannot be read gives `false`.
 * @param now defaults to the present.
 */
export function isWithinProductionWindow(createdAt: string | Date, now: Date = new Date()): boolean {
  const ageMs = now.getTime() - new Date(createdAt).getTime();
  return ageMs <= PRODUCTION_WINDOW_MS;
}
