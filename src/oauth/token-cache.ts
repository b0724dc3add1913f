import { Clock, type Instant, steadyMs } from "../time/clock.js";

/** How long before expiry an access token is refreshed, in milliseconds, but at most half of its lifetime. */
const AHEAD_MS = 5 * 60_000;

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

/** Options for a {@link TokenCache}. */
export interface TokenCacheOptions<T extends ExpiringToken> {
  /** The first access token; `undefined` to begin with a request for one. */
  readonly accessToken: string | undefined;
  /** When `accessToken` expires, in milliseconds since 1970; `null` if that is unknown. */
  readonly expiresAt: number | null;
  /** Requests new tokens. */
  readonly refresh: () => Promise<T>;
  /** Stores new tokens. They are used once it resolves. */
  readonly store: (tokens: T) => Promise<void>;
  /** The limit for `refresh`, in milliseconds. */
  readonly timeoutMs: number;
}

/** The access token in use. */
interface Current {
  readonly accessToken: string;
  readonly expiresAt: number | null;
  /** When to refresh it, in milliseconds since 1970. */
  readonly refreshAt: number;
}

/** The result of a renewal. */
interface Renewed {
  readonly accessToken: string;
  /** What `refresh` rejected with, if `accessToken` is the one from before. */
  readonly failure?: { readonly error: unknown };
}

const clock = new Clock();

/** Holds the access token of one owner, and refreshes it. */
export class TokenCache<T extends ExpiringToken> {
  readonly #refresh: TokenCacheOptions<T>["refresh"];
  readonly #store: TokenCacheOptions<T>["store"];
  #current: Current | undefined;
  /** Refreshed tokens that are not stored yet. They must not be used before. */
  #unsaved: T | undefined;
  readonly #longestMs: number;
  #renewal: { readonly ended: Promise<Renewed>; readonly since: Instant } | undefined;

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
    const { accessToken, failure } = await (this.#pendingRenewal() ??
      this.#startRenewal(isUsable ? current : undefined));
    // A refresh ahead of expiry, which another caller began, may have failed.
    if (failure !== undefined && accessToken === rejectedToken) throw failure.error;
    return accessToken;
  }

  /** Returns the renewal that runs, unless it has died: in a worker, its timers and requests end with the request that began it. */
  #pendingRenewal(): Promise<Renewed> | undefined {
    const { ended, since } = this.#renewal ?? {};
    return since !== undefined && steadyMs(since, clock.now()) < this.#longestMs ? ended : undefined;
  }

  #startRenewal(fallback: Current | undefined): Promise<Renewed> {
    const ended = this.#renew(fallback).finally(() => {
      if (this.#renewal === renewal) this.#renewal = undefined;
    });
    const renewal = { ended, since: clock.now() };
    this.#renewal = renewal;
    return ended;
  }

  /** @param fallback the token to return if the refresh fails before it expires; `undefined` if it must not be used. */
  async #renew(fallback: Current | undefined): Promise<Renewed> {
    try {
      this.#unsaved ??= await this.#refresh();
    } catch (error) {
      const now = Date.now();
      if (!fallback?.expiresAt || now >= fallback.expiresAt) throw error;
      this.#current = { ...fallback, refreshAt: Math.min(now + AGAIN_AFTER_MS, fallback.expiresAt) };
      return { accessToken: fallback.accessToken, failure: { error } };
    }
    const { accessToken, expiresAt } = this.#unsaved;
    await this.#store(this.#unsaved);
    this.#unsaved = undefined;
    const expiry = expiresAt === null ? null : Date.parse(expiresAt);
    this.#current = toCurrent(accessToken, expiry, Date.now());
    return { accessToken };
  }
}

/** @param issuedAt when the token was issued, in milliseconds since 1970; `-Infinity` if that is unknown. */
function toCurrent(accessToken: string, expiresAt: number | null, issuedAt: number): Current {
  const refreshAt =
    expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - Math.min(AHEAD_MS, (expiresAt - issuedAt) / 2);
  return { accessToken, expiresAt, refreshAt };
}
