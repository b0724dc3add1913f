/** The longest delay that `setTimeout` supports, in milliseconds. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** The longest reconcile window that a call accepts: 10 minutes, in milliseconds. */
export const MAX_RECONCILE_WINDOW_MS = 600_000;
