/** What is handed to a {@link FetchLike}: always plain values, never a `Request` or `Headers` of some realm. */
export interface FetchInitLike {
  method: string;
  headers: Record<string, string>;
  body?: string;
  redirect: "manual";
  signal: AbortSignal;
}

/** The part of a `Response` that is read. */
export interface FetchResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** A web stream or an async iterable of bytes, read with a limit; without one, `arrayBuffer` or `text` is called. */
  readonly body?: unknown;
  readonly arrayBuffer?: (() => Promise<ArrayBuffer>) | undefined;
  readonly text?: (() => Promise<string>) | undefined;
}

/**
 * A `fetch`: the global one, undici's, or a wrapper that passes the whole `init` on. It must send each request once.
 *
 * The `signal` of `init` aborts when the call ends, and also if the response is a 421 (Misdirected Request), after which the
 * `fetch` of Node.js and undici would send the request again. Under Bun and Deno `init` also holds what makes a connection for
 * the request alone: their `fetch` sends a request again if a connection that was used before breaks.
 *
 * What a `fetch` rejects with is all that is known of a failure: `requestSent` is `false` only for a cause that proves that no
 * byte left, such as a refused connection.
 */
export type FetchLike = (url: string, init: FetchInitLike) => Promise<FetchResponseLike>;
