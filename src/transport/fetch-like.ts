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
 * A `fetch`: the global one, undici's, or a wrapper that hands the whole `init` on. Under Bun and Deno it also holds what makes
 * a connection for the request alone: their `fetch` sends a request again where a connection that was used before breaks.
 */
export type FetchLike = (url: string, init: FetchInitLike) => Promise<FetchResponseLike>;
