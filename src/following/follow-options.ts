import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import type { OptionNames } from "../arguments/parse-options.js";
import { parseFunction, parseMs } from "../options/option-values.js";
import type { Production } from "../production/production.js";
import { PRODUCTION_STATUSES, type ProductionStatus } from "../production/production-status.js";
import type { KioskWebhookEvent } from "../webhooks/event/webhook-event.js";
import { FIRST_INTERVAL_MS } from "./poll-delay.js";

const DEFAULT_MAX_WAIT_MS = 10 * 60_000;
const ENDS: readonly ProductionStatus[] = ["PRODUCED", "PRODUCTION_ERROR", "REQUEST_ERROR"];

/** How a production is followed. */
export interface FollowOptions {
  /**
   * How long to follow it, in milliseconds: 1 to 2147483647, default 600000 (10 minutes). Then `KioskWaitTimeoutError`. A
   * `deadlineMs`, of the client too, that passes before is a `KioskTimeoutError`.
   */
  readonly maxWaitMs?: number | undefined;
  /**
   * The interval between two reads at first, in milliseconds: 1 to 2147483647, default 1000. It grows by half from read to read,
   * up to 15 s.
   */
  readonly intervalMs?: number | undefined;
  /**
   * The events of your webhook. One for this card is believed where it is surely news, and else leads to a read at once; events
   * of other cards and types, and test notifications, are passed over. The iterator is never waited for: without events, or
   * when it fails or ends, reading goes on. It is closed at the end, so give each call an iterator of its own.
   */
  readonly events?: AsyncIterable<KioskWebhookEvent> | undefined;
}

/** How a production is waited for. */
export interface WaitOptions extends FollowOptions {
  /**
   * What ends the wait: some statuses, or a function that tells. Default: `PRODUCED`, `PRODUCTION_ERROR` and `REQUEST_ERROR`.
   */
  readonly until?: readonly ProductionStatus[] | ((production: Production) => boolean) | undefined;
  /** A production that does not end the wait: pass the failure after which the card was produced again. */
  readonly previous?: Production | undefined;
  /** Told of each change of state, the last one included, and awaited. What it throws ends the wait. */
  readonly onChange?: ((production: Production) => void | Promise<void>) | undefined;
}

/** The names of {@link FollowOptions}. */
export const FOLLOW_OPTION_NAMES: OptionNames<FollowOptions> = { maxWaitMs: true, intervalMs: true, events: true };

/** The names of {@link WaitOptions}. */
export const WAIT_OPTION_NAMES: OptionNames<WaitOptions> = {
  ...FOLLOW_OPTION_NAMES,
  until: true,
  previous: true,
  onChange: true,
};

/** {@link FollowOptions}, checked and with their defaults. */
export interface FollowSettings {
  readonly maxWaitMs: number;
  readonly intervalMs: number;
  readonly events: AsyncIterable<KioskWebhookEvent> | undefined;
}

/** @throws {KioskArgumentError} for the first option that is not valid. */
export function parseFollowOptions({ maxWaitMs, intervalMs, events }: FollowOptions): FollowSettings {
  if (events !== undefined && typeof events?.[Symbol.asyncIterator] !== "function") {
    throw mustBe("events", "an async iterable of webhook events", describeValue(events));
  }
  return {
    maxWaitMs: maxWaitMs === undefined ? DEFAULT_MAX_WAIT_MS : parseMs("maxWaitMs", maxWaitMs),
    intervalMs: intervalMs === undefined ? FIRST_INTERVAL_MS : parseMs("intervalMs", intervalMs),
    events,
  };
}

/** Reads what ends a wait, as a function. */
export function parseUntil(until: WaitOptions["until"] = ENDS): (production: Production) => boolean {
  if (typeof until === "function") return until;
  const known: ReadonlySet<unknown> = new Set(PRODUCTION_STATUSES);
  if (!Array.isArray(until) || until.length === 0 || !until.every((status) => known.has(status))) {
    const isList = Array.isArray(until) && until.length > 0;
    const found = quoteValue(isList ? until.find((status) => !known.has(status)) : until);
    throw mustBe("until", `a function or an array of some of ${PRODUCTION_STATUSES.join(", ")}`, found);
  }
  const statuses: ReadonlySet<unknown> = new Set(until);
  return ({ status }) => statuses.has(status);
}

/** Reads what is called for changes. */
export function parseOnChange(onChange: WaitOptions["onChange"]): (production: Production) => void | Promise<void> {
  return parseFunction("onChange", onChange) ?? (() => {});
}
