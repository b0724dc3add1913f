import { BoundedBody } from "./bounded-body.js";
import type { DispatchControllerLike, DispatchHandlerLike } from "./dispatcher-like.js";
import { type HeaderFields, headerMap } from "./header-map.js";
import type { TransportResult } from "./http-message.js";
import { wasNeverSent } from "./never-sent.js";
import { responseIn } from "./response-error.js";

/**
 * Follows one dispatch to its end, through whichever generation of undici's handler interface the dispatcher speaks.
 *
 * Between `onRequestStart` (or `onConnect`) and the first byte there is no wait, so an abort up to then keeps the request
 * from being sent, and a second start is a retry that must not be sent either. The retries of the older generation tell of
 * no second start, so what they would send is spoilt once it was sent.
 */
export class ExchangeHandler implements DispatchHandlerLike {
  readonly #settle: (result: TransportResult) => void;
  readonly #signal: AbortSignal;
  readonly #spoil: () => void;
  readonly #body = new BoundedBody();
  #abort: ((reason: Error) => void) | undefined;
  #started = false;
  #isOlder = false;
  #settled = false;
  #status = 0;
  #headers: ReadonlyMap<string, string> = new Map();

  /** @param spoil makes the request such that it can not be sent again. */
  constructor(signal: AbortSignal, settle: (result: TransportResult) => void, spoil: () => void) {
    this.#signal = signal;
    this.#settle = settle;
    this.#spoil = spoil;
    signal.addEventListener("abort", () => this.#giveUp("The request was given up"), { once: true });
  }

  onRequestStart(controller: DispatchControllerLike): void {
    this.#start((reason) => controller.abort(reason));
  }

  onConnect(abort: (reason?: Error) => void): void {
    this.#isOlder = true;
    this.#start(abort);
  }

  onBodySent(): void {
    if (this.#isOlder) this.#spoil();
  }

  onResponseStart(
    _controller: DispatchControllerLike,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#begin(status, headers);
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    this.#begin(status, headers);
    return true;
  }

  onResponseData(_controller: DispatchControllerLike, chunk: Buffer): void {
    this.#receive(chunk);
  }

  onData(chunk: Buffer): boolean {
    this.#receive(chunk);
    return true;
  }

  onResponseEnd(): void {
    this.#finish({ kind: "answered", response: this.#response() });
  }

  onComplete(): void {
    this.onResponseEnd();
  }

  onResponseError(_controller: DispatchControllerLike, error: Error): void {
    this.onError(error);
  }

  onError(error: unknown): void {
    const response = responseIn(error);
    if (response !== undefined) this.#finish({ kind: "answered", response });
    this.#finish({ kind: "failed", requestSent: this.#started || !wasNeverSent(error), cause: error });
  }

  #start(abort: (reason: Error) => void): void {
    this.#abort = abort;
    if (this.#signal.aborted || this.#settled) this.#giveUp("The request was given up");
    else if (this.#started) this.#giveUp("The dispatcher sent the request again, which is not allowed");
    this.#started = true;
  }

  /** Answers of 1xx may come before the one that counts, which is the last. */
  #begin(status: number, headers: HeaderFields): void {
    this.#status = status;
    this.#headers = headerMap(headers);
  }

  #receive(chunk: Uint8Array | string): void {
    this.#body.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    if (!this.#body.oversized) return;
    this.#finish({ kind: "answered", response: this.#response() });
    this.#giveUp("The body is too large");
  }

  #response() {
    const { oversized } = this.#body;
    return { status: this.#status, headers: this.#headers, body: this.#body.bytes(), oversized };
  }

  #giveUp(why: string): void {
    const error = new Error(why);
    this.#finish({ kind: "failed", requestSent: true, cause: error });
    this.#abort?.(error);
  }

  #finish(result: TransportResult): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#settle(result);
  }
}
