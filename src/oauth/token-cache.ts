import type { RefreshedToken } from "./refreshed-token.js";

/** How long before its expiry an access token is refreshed, in milliseconds; for one that lives shorter, half of its life. */
const AHEAD_MS = 5 * 60_000;

/** How long after a refresh that failed ahead of the expiry another one is tried, in milliseconds, or else at the expiry. */
const AGAIN_AFTER_MS = 30_000;

/** What a {@link TokenCache} starts with, and how it refreshes and stores. */
export interface TokenCacheOptions {
  readonly accessToken: string | undefined;
  readonly refreshToken: string;
  /** In milliseconds since 1970; `null` where it is not known. */
  readonly expiresAt: number | null;
  readonly refresh: (refreshToken: string) => Promise<RefreshedToken>;
  readonly store: (tokens: RefreshedToken) => Promise<void>;
}

/** An access token in use. */
interface Current {
  readonly accessToken: string;
  readonly expiresAt: number | null;
  /** From when on it is refreshed. */
  readonly refreshAt: number;
}

/** Keeps the tokens of one customer fresh. */
export class TokenCache {
  readonly #refresh: TokenCacheOptions["refresh"];
  readonly #store: TokenCacheOptions["store"];
  #refreshToken: string;
  #current: Current | undefined;
  /** What a refresh gave and nobody stored yet: it must not be used before. */
  #unsaved: RefreshedToken | undefined;
  #renewal: Promise<string> | undefined;

  constructor({ accessToken, refreshToken, expiresAt, refresh, store }: TokenCacheOptions) {
    this.#refresh = refresh;
    this.#store = store;
    this.#refreshToken = refreshToken;
    this.#current = accessToken === undefined ? undefined : inUse(accessToken, expiresAt, Number.POSITIVE_INFINITY);
  }

  /** A token to use now, another one than `rejectedToken`. */
  async token(rejectedToken: string | undefined): Promise<string> {
    const current = this.#current;
    const isUsable = current !== undefined && current.accessToken !== rejectedToken && this.#unsaved === undefined;
    if (isUsable && Date.now() < current.refreshAt) return current.accessToken;
    this.#renewal ??= this.#renew(isUsable ? current : undefined).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** @param fallback the token in use, where it still is good for a while if no other can be had. */
  async #renew(fallback: Current | undefined): Promise<string> {
    try {
      this.#unsaved ??= await this.#refresh(this.#refreshToken);
    } catch (error) {
      const now = Date.now();
      const expiresAt = fallback?.expiresAt ?? 0;
      if (fallback === undefined || now >= expiresAt) throw error;
      this.#current = { ...fallback, refreshAt: Math.min(now + AGAIN_AFTER_MS, expiresAt) };
      return fallback.accessToken;
    }
    const { accessToken, refreshToken, expiresAt } = this.#unsaved;
    this.#refreshToken = refreshToken;
    await this.#store(this.#unsaved);
    this.#unsaved = undefined;
    const expiry = expiresAt === null ? null : Date.parse(expiresAt);
    this.#current = inUse(accessToken, expiry, expiry === null ? 0 : expiry - Date.now());
    return accessToken;
  }
}

function inUse(accessToken: string, expiresAt: number | null, lifeMs: number): Current {
  const refreshAt = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt - Math.min(AHEAD_MS, lifeMs / 2);
  return { accessToken, expiresAt, refreshAt };
}
