import { Clock, type Instant, steadyMs } from "../time/clock.js";
import { withTimeout } from "../time/time-limit.js";

/** How long before expiry an access token is refreshed, in milliseconds, but at most half of its lifetime. */
const AHEAD_MS = 5 * 60_000;

/**
 * How long calls wait for a renewal ahead of expiry, from its start, before they use the token that is still valid. Most refreshes
 * take less, and a call with a limit of a second still has time for its own request.
 */
const MAX_RENEWAL_WAIT_MS = 750;

/** How long to wait after a refresh that failed ahead of expiry, in milliseconds, but at most until the expiry. */
const AGAIN_AFTER_MS = 30_000;

/** How many times `timeoutMs` a renewal takes at most: once to refresh, and seven times to store, behind a store that hangs. */
const LONGEST_RENEWAL = 8;

/** What a request for a token returns at least. */
interface ExpiringToken {
  readonly accessToken: string;
  /** In ISO 8601; `null` if Wise did not say. */
  readonly expiresAt: string | null;
}

/** Where refreshed tokens are stored. */
export interface TokenStore<T> {
  /** Stores tokens. They are used once it resolves. */
  store(tokens: T): Promise<void>;
  /** Whether these tokens were stored last. That can change after `store` has resolved. */
  isStored(tokens: T): boolean;
}

/** Options for a {@link TokenCache}. */
export interface TokenCacheOptions<T extends ExpiringToken> {
  /** The first access token; `undefined` to begin with a request for one. */
  readonly accessToken: string | undefined;
  /** When `accessToken` expires, in milliseconds since 1970; `null` if that is unknown. */
  readonly expiresAt: number | null;
  /** Requests new tokens. */
  readonly refresh: () => Promise<T>;
  /** Stores new tokens. */
  readonly store: TokenStore<T>;
  /** The limit for `refresh`, in milliseconds. */
  readonly timeoutMs: number;
}

/** The access token in use. */
interface Current {
  readonly accessToken: string;
  /** In milliseconds since 1970; `Infinity` if that is unknown. */
  readonly expiresAt: number;
  /** When to refresh it, in milliseconds since 1970. */
  readonly refreshAt: number;
}

/** A refresh, and the storage of its tokens. */
interface Renewal {
  /** Resolves with a token. `isRefreshed` is `false` if it is one from before. */
  readonly ended: Promise<{ readonly accessToken: string; readonly isRefreshed: boolean }>;
  readonly since: Instant;
  /** The token to use if the refresh fails, or takes long; `undefined` if there is none. */
  readonly fallback: Current | undefined;
}

const clock = new Clock();

/** Holds the access token of one owner, and refreshes it. */
export class TokenCache<T extends ExpiringToken> {
  readonly #refresh: TokenCacheOptions<T>["refresh"];
  readonly #store: TokenStore<T>;
  #current: Current | undefined;
  /** The tokens of the latest refresh. */
  #refreshed: T | undefined;
  readonly #longestMs: number;
  #renewal: Renewal | undefined;

  constructor({ accessToken, expiresAt, refresh, store, timeoutMs }: TokenCacheOptions<T>) {
    this.#refresh = refresh;
    this.#store = store;
    this.#longestMs = LONGEST_RENEWAL * timeoutMs;
    this.#current = accessToken === undefined ? undefined : toCurrent(accessToken, expiresAt, Number.NEGATIVE_INFINITY);
  }

  /**
   * Returns a token to use now. It refreshes first if there is none, or if it is `rejectedToken` or about to expire.
   *
   * @throws what `refresh` rejects with, unless the current token is still valid and not `rejectedToken`, and what `store` rejects
   * with.
   */
  async token(rejectedToken: string | undefined): Promise<string> {
    const current = this.#current;
    const isUsable = current !== undefined && current.accessToken !== rejectedToken && this.#unsaved === undefined;
    if (isUsable && Date.now() < current.refreshAt) return current.accessToken;
    const renewal = this.#pendingRenewal() ?? this.#startRenewal(isUsable ? current : undefined);
    if (isUsable && (await this.#takesLong(renewal))) return current.accessToken;
    const { accessToken, isRefreshed } = await renewal.ended;
    // Another call began that renewal, ahead of expiry or to store tokens again: this one needs a renewal of its own.
    return accessToken === rejectedToken && !isRefreshed ? this.token(rejectedToken) : accessToken;
  }

  /** Refreshed tokens that are not stored. They must not be used before. */
  get #unsaved(): T | undefined {
    const refreshed = this.#refreshed;
    return refreshed === undefined || this.#store.isStored(refreshed) ? undefined : refreshed;
  }

  /** Returns the renewal that runs, unless it has died: in a worker, its timers and requests end with the request that began it. */
  #pendingRenewal(): Renewal | undefined {
    const renewal = this.#renewal;
    return renewal !== undefined && steadyMs(renewal.since, clock.now()) < this.#longestMs ? renewal : undefined;
  }

  #startRenewal(fallback: Current | undefined): Renewal {
    const ended = this.#renew(fallback).finally(() => {
      if (this.#renewal === renewal) this.#renewal = undefined;
    });
    // The calls that use the fallback do not wait for the end.
    ended.catch(() => {});
    const renewal = { ended, since: clock.now(), fallback };
    this.#renewal = renewal;
    return renewal;
  }

  /** Waits for a renewal ahead of expiry, and returns whether it takes so long that its fallback must do. */
  async #takesLong({ ended, since, fallback }: Renewal): Promise<boolean> {
    if (fallback === undefined) return false;
    const leftMs = MAX_RENEWAL_WAIT_MS - steadyMs(since, clock.now());
    const { kind } = await withTimeout({ timeoutMs: leftMs }, () => ended);
    // The refresh itself has voided the fallback, so a call waits until the new tokens are stored.
    return kind === "timed-out" && this.#unsaved === undefined && !hasExpired(fallback);
  }

  /** @param fallback the token to return if the refresh fails before it expires; `undefined` if it must not be used. */
  async #renew(fallback: Current | undefined): Renewal["ended"] {
    const unsaved = this.#unsaved;
    let tokens: T;
    try {
      tokens = unsaved ?? (await this.#refresh());
    } catch (error) {
      if (fallback === undefined || hasExpired(fallback)) throw error;
      this.#current = { ...fallback, refreshAt: Math.min(Date.now() + AGAIN_AFTER_MS, fallback.expiresAt) };
      return { accessToken: fallback.accessToken, isRefreshed: false };
    }
    this.#refreshed = tokens;
    await this.#store.store(tokens);
    const { accessToken, expiresAt } = tokens;
    this.#current = toCurrent(accessToken, expiresAt === null ? null : Date.parse(expiresAt), Date.now());
    return { accessToken, isRefreshed: unsaved === undefined };
  }
}

function hasExpired({ expiresAt }: Current): boolean {
  return Date.now() >= expiresAt;
}

/**
 * @param expiresAt in milliseconds since 1970; `null` if that is unknown.
 * @param issuedAt when the token was issued, in milliseconds since 1970; `-Infinity` if that is unknown.
 */
function toCurrent(accessToken: string, expiresAt: number | null, issuedAt: number): Current {
  const expiry = expiresAt ?? Number.POSITIVE_INFINITY;
  return { accessToken, expiresAt: expiry, refreshAt: expiry - Math.min(AHEAD_MS, (expiry - issuedAt) / 2) };
}
