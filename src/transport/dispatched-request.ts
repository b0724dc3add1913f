import { BoundedBody } from "./bounded-body.js";
import { withoutContentEncoding } from "./content-encoding.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { type HeaderFields, headerMap } from "./header-map.js";
import type { HeaderLookup, HttpResponse, StopSignal, TransportResult } from "./http-message.js";
import { wasNeverSent } from "./never-sent.js";
import { onRejection } from "./on-rejection.js";
import { RawHeaders } from "./raw-headers.js";
import { REFUSED_START } from "./refused-start.js";
import { findResponse } from "./response-error.js";

/** Options for a {@link DispatchedRequest}. */
export interface DispatchedRequestOptions {
  /** Aborts when the caller stops waiting. */
  readonly signal: StopSignal;
  /** Called once, with the result. */
  readonly settle: (result: TransportResult) => void;
  /** What sends the request. */
  readonly dispatcher: DispatcherLike;
  /** The header fields that the dispatcher gets. */
  readonly headers: Record<string, string>;
  /** Called once, before the first byte can leave. Not called if `hidesStarts`, because nothing reports the start then. */
  readonly onStart: () => void;
  /** Called right before `onStart`. If it returns `false`, the request is not sent. */
  readonly mayStart: () => boolean;
  /** Whether the dispatcher is one of {@link hidingStarts}. */
  readonly hidesStarts: boolean;
}

/** Dispatchers that sent a request without reporting its start: with these, a request without a start may have been sent. */
export const hidingStarts = new WeakSet<DispatcherLike>();

const NO_HEADERS: HeaderLookup = new Map();

const cannotAbort = () => {};

/**
 * One request through a dispatcher, from its start to its end. It is itself a handler of the older generation, for dispatchers of
 * undici 6 and 7: one object for each request, and no header field is converted before it is read. A wrapper may copy a handler or
 * pass anything, so other dispatchers get a `dispatchHandler`.
 *
 * A dispatcher reports the start of a request right before the first byte leaves. An abort before the start therefore prevents
 * the request, and a request that never started was never sent, whatever the failure. A second start is a retry, and is aborted.
 * The retry handler of undici 6 does not report a second start, so the request is invalidated once its body was sent.
 */
export class DispatchedRequest {
  readonly #options: DispatchedRequestOptions;
  readonly #body = new BoundedBody();
  #progress: "not-started" | "connected" | "sent" = "not-started";
  #isOlder = false;
  #abort: (reason: Error) => unknown = cannotAbort;
  #settled = false;
  #status = 0;
  #headers: HeaderLookup = NO_HEADERS;
  readonly #onAbort = () => this.#abortWith("The request was cancelled");

  constructor(options: DispatchedRequestOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", this.#onAbort);
  }

  /** Called by the newer generation right before the first byte leaves. */
  start(abort: (reason: Error) => unknown): void {
    this.#begin(abort, "sent");
  }

  /** Called by the older generation right before the first byte leaves, or by its retry handler before there is a connection. */
  connect(abort: (reason: Error) => unknown): void {
    this.#isOlder = true;
    this.#begin(abort, "connected");
  }

  /** Called when the request body was sent. Only the older generation always reports this. */
  bodySent(): void {
    this.#signOfLife();
    // The retry handler of undici 6 reuses these headers: an invalid value makes a second attempt fail before it is sent.
    // `Reflect.set` does not throw if they are frozen.
    if (this.#isOlder) Reflect.set(this.#options.headers, "Authorization", "\n");
  }

  /**
   * Called with the status and header fields of a response. Informational responses (1xx) may come first: the last one counts.
   *
   * @throws if the status is not an integer, or the header fields cannot be read.
   */
  respond(status: number, headers: HeaderFields): void {
    this.#signOfLife();
    if (!Number.isInteger(status)) throw new TypeError("The dispatcher reported a response without an HTTP status");
    this.#status = status;
    this.#headers = headerMap(headers);
  }

  /** Called with each chunk of the response body. A body that is too large ends the request. */
  receive(chunk: unknown): void {
    this.#signOfLife();
    this.#body.push(chunk);
    if (!this.#body.oversized) return;
    this.#finish({ kind: "responded", response: this.#response() });
    this.#abortWith("The response body is larger than 1 MiB");
  }

  /**
   * Called when the response is complete.
   *
   * @throws {Error} if there was no final response.
   */
  end(): void {
    this.#signOfLife();
    if (this.#status < 200) throw new Error("The dispatcher ended the request without a response");
    this.#finish({ kind: "responded", response: this.#response() });
  }

  /** Called when the request failed, or when undici turned the response into an error. */
  fail(error: unknown): void {
    const response = findResponse(error);
    if (response !== undefined) {
      this.#signOfLife();
      this.#finish({ kind: "responded", response });
    }
    this.#finish({ kind: "failed", requestSent: this.#mayHaveBeenSent(error), cause: error });
  }

  /** Ends the request because the dispatcher passed something that cannot be handled. */
  breakOff(error: unknown): void {
    this.#finish({ kind: "failed", requestSent: true, cause: error });
    this.#abortWith("The response could not be read");
  }

  /** {@link connect}, as a handler. */
  onConnect(abort: (reason: Error) => unknown): void {
    this.connect(abort);
  }

  /** {@link bodySent}, as a handler. */
  onBodySent(): void {
    this.bodySent();
  }

  /** {@link respond}, as a handler. Undici itself passes valid values. */
  onHeaders(status: number, fields: Uint8Array[]): boolean {
    this.#signOfLife();
    this.#status = status;
    this.#headers = new RawHeaders(fields);
    return true;
  }

  /** {@link receive}, as a handler. */
  onData(chunk: Uint8Array): boolean {
    this.receive(chunk);
    return true;
  }

  /** {@link end}, as a handler. */
  onComplete(): void {
    this.end();
  }

  /** {@link fail}, as a handler. */
  onError(error: unknown): void {
    this.fail(error);
  }

  #begin(abort: (reason: Error) => unknown, progress: "connected" | "sent"): void {
    this.#abort = abort;
    const { signal, hidesStarts, mayStart } = this.#options;
    const isSecond = this.#progress !== "not-started";
    if (this.#settled || signal.aborted) {
      this.#abortWith("The request was cancelled");
    } else if (!isSecond && !hidesStarts && !mayStart()) {
      // The sender may try again with the same signal, which would collect listeners.
      signal.removeEventListener("abort", this.#onAbort);
      this.#abortWith(REFUSED_START);
    } else {
      this.#advance(isSecond ? "sent" : progress);
      if (isSecond) this.#abortWith("The dispatcher started the request again: it must not retry");
    }
  }

  /** Records an event that cannot come before the first byte has left. After an abort, it proves nothing about the dispatcher. */
  #signOfLife(): void {
    if (this.#progress === "not-started" && !this.#settled) hidingStarts.add(this.#options.dispatcher);
    this.#advance("sent");
  }

  #advance(progress: "connected" | "sent"): void {
    if (this.#progress === "not-started" && !this.#options.hidesStarts) this.#options.onStart();
    this.#progress = progress;
  }

  /** After a start of the newer generation, a refused connection proves nothing: it belongs to a retry. */
  #mayHaveBeenSent(error: unknown): boolean {
    if (this.#progress === "sent") return true;
    const isUnknown = this.#progress === "connected" || this.#options.hidesStarts;
    return isUnknown && !wasNeverSent(error);
  }

  #response(): HttpResponse {
    const { oversized } = this.#body;
    return { status: this.#status, headers: this.#headers, body: this.#body.bytes(), oversized };
  }

  #abortWith(why: string): void {
    const error = new Error(why);
    this.#finish({ kind: "failed", requestSent: this.#mayHaveBeenSent(error), cause: error });
    const abort = this.#abort;
    // A failure to abort does not change the result.
    onRejection(
      () => abort(error),
      () => {},
    );
  }

  #finish(result: TransportResult): void {
    if (this.#settled) return;
    this.#settled = true;
    const { settle } = this.#options;
    if (result.kind === "failed") settle(result);
    else settle({ kind: "responded", response: withoutContentEncoding(result.response) });
  }
}
