/** The `init` that a {@link FetchLike} receives: always plain values, never a `Request` or `Headers` of some realm. */
export interface FetchInitLike {
  /** `GET`, `PUT`, `POST` or `DELETE`. */
  method: string;
  /** The header fields by name. */
  headers: Record<string, string>;
  /** Not set for a request without a body. */
  body?: string;
  /** Redirects are never followed. */
  redirect: "manual";
  /** Aborts if the attempt is cancelled or runs out of time, and after a 421. */
  signal: AbortSignal;
}

/** The part of a `Response` that this package reads. */
export interface FetchResponseLike {
  /** The HTTP status. */
  readonly status: number;
  /** The header fields. */
  readonly headers: {
    /** Returns the value of a field, or `null` if it did not arrive. */
    get(name: string): string | null;
  };
  /** A web stream or an async iterable of bytes, read up to 1 MiB. Without it, `arrayBuffer` or `text` is called. */
  readonly body?: unknown;
  /** Called if `body` is not iterable. */
  readonly arrayBuffer?: (() => Promise<ArrayBuffer>) | undefined;
  /** Called if `body` is not iterable and there is no `arrayBuffer`. */
  readonly text?: (() => Promise<string>) | undefined;
}

/**
 * A `fetch`: the global one, undici's, or a wrapper that passes on the whole `init`. It must send each request once, and respond to
 * none from a cache: a stale state could lead to a second print. Where a framework adds a cache to the global `fetch`, as Next.js
 * may, pass `(url, init) => fetch(url, { ...init, cache: "no-store" })`.
 *
 * The `signal` of `init` aborts if the attempt is cancelled or runs out of time. It also aborts after a 421 (Misdirected Request),
 * because the `fetch` of Node.js and undici would then send the request again. Under Bun and Deno, `init` also requests a
 * connection for this request alone, because their `fetch` sends a request again if a reused connection breaks.
 *
 * A rejection is all that is known of a failure: `requestSent` is `false` only if the error proves that no byte left, such as a
 * refused connection.
 */
export type FetchLike = (url: string, init: FetchInitLike) => Promise<FetchResponseLike>;
