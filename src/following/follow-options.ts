import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { parseFunction, toPredicate } from "../arguments/parse-function.js";
import type { OptionNames } from "../arguments/parse-options.js";
import { parseMs } from "../options/option-values.js";
import type { Production } from "../production/production.js";
import { PRODUCTION_STATUSES, type ProductionStatus } from "../production/production-status.js";
import type { KioskWebhookEvent } from "../webhooks/event/webhook-event.js";
import { FIRST_INTERVAL_MS } from "./poll-delay.js";

const DEFAULT_MAX_WAIT_MS = 10 * 60_000;
const ENDS: readonly ProductionStatus[] = ["PRODUCED", "PRODUCTION_ERROR", "REQUEST_ERROR"];

/** Options for following a production. */
export interface FollowOptions {
  /**
   * How long to follow the production, in milliseconds: 1 to 2147483647, default 600000 (10 minutes). Then the call rejects
   * with `KioskWaitTimeoutError`. If a `deadlineMs`, of the call or the client, passes first, it rejects with
   * `KioskTimeoutError`.
   */
  readonly maxWaitMs?: number | undefined;
  /**
   * The interval between the first two reads, in milliseconds: 1 to 2147483647, default 1000. It grows by half with each read,
   * up to 15 s; a longer one does not grow. Each interval is shortened by a random part of up to a quarter. If Wise sends
   * `Retry-After`, the next read waits at least that long.
   */
  readonly intervalMs?: number | undefined;
  /**
   * The events of your webhook. Default: none. An event for this card is accepted if it is `PRODUCED` or certainly newer, and
   * ignored if its state is known already; otherwise it triggers an immediate read. Events for other cards, other types of event
   * and test notifications are ignored. The reads go on without events, and also if the iterator fails or ends. The call closes
   * the iterator at the end, so pass each call its own.
   */
  readonly events?: AsyncIterable<KioskWebhookEvent> | undefined;
}

/** Options for waiting for a production. */
export interface WaitOptions extends FollowOptions {
  /**
   * What ends the wait: a non-empty list of statuses, or a function that returns `true` or `false`, and no promise. Default:
   * `PRODUCED`, `PRODUCTION_ERROR` and `REQUEST_ERROR`. `PRODUCED` always ends it, because nothing follows.
   */
  readonly until?: readonly ProductionStatus[] | ((production: Production) => boolean) | undefined;
  /**
   * A production that does not end the wait; neither do older ones. Pass the failure after which you print again. Default: none.
   */
  readonly previous?: Production | undefined;
  /**
   * Called with each new state, including the last, and awaited until a limit passes. If it throws, the wait rejects with the
   * error. Default: none.
   */
  readonly onChange?: ((production: Production) => unknown) | undefined;
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

/** Validated {@link FollowOptions}, with defaults applied. */
export interface FollowSettings {
  /** How long to follow the production, in milliseconds. */
  readonly maxWaitMs: number;
  /** The first interval between two reads, in milliseconds. */
  readonly intervalMs: number;
  /** The events of the webhook, if any. */
  readonly events: AsyncIterable<KioskWebhookEvent> | undefined;
}

/**
 * Validates {@link FollowOptions} and applies their defaults.
 *
 * @throws {KioskArgumentError} for the first invalid option.
 */
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

/**
 * Validates `until` and returns it as a function.
 *
 * @throws {KioskArgumentError} if it is neither a function nor a non-empty array of known statuses.
 */
export function parseUntil(until: WaitOptions["until"] = ENDS): (production: Production) => boolean {
  if (typeof until === "function") return toPredicate("until", until);
  const known: ReadonlySet<unknown> = new Set(PRODUCTION_STATUSES);
  if (!Array.isArray(until) || until.length === 0 || !until.every((status) => known.has(status))) {
    const isList = Array.isArray(until) && until.length > 0;
    const found = quoteValue(isList ? until.find((status) => !known.has(status)) : until);
    throw mustBe("until", `a function or a non-empty array of statuses (${PRODUCTION_STATUSES.join(", ")})`, found);
  }
  const statuses: ReadonlySet<unknown> = new Set(until);
  return ({ status }) => statuses.has(status);
}

/**
 * Validates `onChange`; the default does nothing.
 *
 * @throws {KioskArgumentError} if it is not a function.
 */
export function parseOnChange(onChange: WaitOptions["onChange"]): (production: Production) => unknown {
  return parseFunction("onChange", onChange) ?? (() => {});
}
