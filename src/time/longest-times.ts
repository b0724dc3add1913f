/** The longest time that a timer of the platform can measure, in milliseconds. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** The longest reconcile window that a call accepts, in milliseconds: 10 minutes. */
export const MAX_RECONCILE_WINDOW_MS = 600_000;
