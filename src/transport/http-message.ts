/** A request to send. */
export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Scheme, host and port. */
  readonly origin: string;
  /** The path, percent-encoded, without query. */
  readonly path: string;
  /** The header fields by name. Once the request was sent, a transport may invalidate them, so that it cannot be sent again. */
  readonly headers: Record<string, string>;
  /** `undefined` if the request has no body. */
  readonly body: string | undefined;
}

/** Finds header fields by their lower-case names. */
export type HeaderLookup = Pick<ReadonlyMap<string, string>, "get" | "has">;

/** A response that arrived completely, or up to the size limit. */
export interface HttpResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The header fields. The values of a repeated field are joined with commas. */
  readonly headers: HeaderLookup;
  /** The body without its content encoding. */
  readonly body: Uint8Array;
  /** Whether the body was larger than {@link MAX_RESPONSE_BYTES}. `body` is then incomplete or empty. */
  readonly oversized: boolean;
}

/** The result of a request. `requestSent` is `false` only if it is certain that no byte left. */
export type TransportResult =
  | { readonly kind: "responded"; readonly response: HttpResponse }
  | { readonly kind: "failed"; readonly requestSent: boolean; readonly cause: unknown };

/** The part of an `AbortSignal` that a transport needs. A full one costs more than the rest of a request. */
export interface StopSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * Sends one request, once. Failures are results: it rejects only if the transport cannot be used, with a `KioskArgumentError` or a
 * `ClosedClientError`.
 *
 * When `signal` aborts, it releases the connection; the caller no longer waits for the result. A request that has not started when
 * `signal` aborts is never sent.
 *
 * Before the first byte can leave, it calls `mayStart`. If that returns `false`, the request fails without being sent. Otherwise
 * it calls `onStart`.
 */
export type Transport = (
  request: HttpRequest,
  signal: StopSignal,
  onStart?: () => void,
  mayStart?: () => boolean,
) => Promise<TransportResult>;

/** The largest response body that is accepted, in bytes: 1 MiB, far more than any expected response. */
export const MAX_RESPONSE_BYTES = 1024 * 1024;
