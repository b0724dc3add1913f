/** A request as the transports send it. */
export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST";
  /** Scheme, host and port. */
  readonly origin: string;
  /** The path, percent-encoded, without query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** An answer that arrived to its last byte, or to the first byte too many. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The body without its content encoding. */
  readonly body: Uint8Array;
  /** Whether the body was larger than {@link MAX_RESPONSE_BYTES}, and `body` is only its beginning. */
  readonly oversized: boolean;
}

/** What became of a request. */
export type TransportResult =
  | { readonly kind: "responded"; readonly response: HttpResponse }
  | { readonly kind: "failed"; readonly requestSent: boolean; readonly cause: unknown };

/**
 * Sends one request, once. A failure is a result; it rejects only if the transport itself is refused. When `signal` aborts it
 * releases the connection; by then no one waits for its result. It calls `onStart` before the first byte can leave: a request
 * that has not started when `signal` aborts is never sent.
 */
export type Transport = (request: HttpRequest, signal: AbortSignal, onStart?: () => void) => Promise<TransportResult>;

/** The largest body of an answer that is accepted. The answers of these operations are well below 1 KiB. */
export const MAX_RESPONSE_BYTES = 1024 * 1024;
