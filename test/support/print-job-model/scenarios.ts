import type { HistoryRules } from "./history-rules.js";

/** Worlds in which every promise is kept: lag and delay are within the window, and no one prints without print jobs. */
export const KEPT: Readonly<Record<string, Partial<HistoryRules>>> = {
  "reads show the present": { lagMs: 0, delayMs: 0 },
  "reads lag by almost the window": { lagMs: 9000, delayMs: 0 },
  "requests are delayed by almost the window": { lagMs: 0, delayMs: 9000 },
  "reads lag and requests are delayed": {},
  "Wise decides by what reads show": { decides: "lagging" },
  "Wise decides by what reads show, which lag by almost the window": { decides: "lagging", lagMs: 9000, delayMs: 0 },
  "Wise accepts every request": { decides: "accept" },
  "occurredAt is the time of the change": { changeTimes: true },
  "events have whole seconds": { wholeSeconds: true },
  "events have whole seconds, and occurredAt is the time of the change": { wholeSeconds: true, changeTimes: true },
  "a gateway sends requests twice": { fates: ["responded", "gateway", "lost", "late", "response lost"] },
  "calls may send again": { resend: true },
  "calls may send again, and Wise decides by what reads show": { resend: true, decides: "lagging" },
  "prints have a longer window than the clients": { windowMs: 1000, printWindowMs: 60_000, delayMs: 54_000 },
  "no person resolves anything": { personsResolve: false },
  "clocks agree and nothing freezes": { isSkewed: false, mayFreeze: false },
};

/**
 * Worlds in which some states cannot be distinguished, with the promises that may be broken. No job prints twice in any of
 * them.
 */
export const LIMITS: Readonly<Record<string, readonly [rules: Partial<HistoryRules>, mayBreak: readonly string[]]>> = {
  "the response that a request is created but not started can be lost": [
    { fates: ["responded", "created", "lost", "late", "response lost"] },
    ["not-sent wrong", "not-sent at the end, but printed", "produced foreign", "failed foreign", "failed wrong"],
  ],
  "failures turn out to be produced": [
    { correctsFailures: true },
    ["failed wrong", "produced foreign", "still unresolved"],
  ],
  "failures turn out to be produced, and events have whole seconds": [
    { correctsFailures: true, wholeSeconds: true },
    ["failed wrong", "produced foreign", "still unresolved"],
  ],
  "requests are delayed beyond the window": [
    { delayMs: 60_000 },
    ["not-sent wrong", "failed foreign", "failed wrong", "produced foreign"],
  ],
  "someone prints without print jobs, and Wise decides by what reads show": [
    { othersPrint: true, decides: "lagging" },
    [
      "failed foreign",
      "failed wrong",
      "produced foreign",
      "failed at the end, but produced",
      "still unresolved",
      "two good cards",
    ],
  ],
  "someone prints without print jobs": [
    { othersPrint: true },
    ["failed foreign", "failed wrong", "produced foreign", "failed at the end, but produced", "still unresolved"],
  ],
};
