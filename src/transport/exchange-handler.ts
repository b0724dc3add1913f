import { BoundedBody } from "./bounded-body.js";
import type { DispatchControllerLike, DispatchHandlerLike } from "./dispatcher-like.js";
import type { TransportResult } from "./http-message.js";
import { wasNeverSent } from "./never-sent.js";

/** Header fields as one generation gives them (by name) or the other (names and values in turn, as bytes). */
type HeaderFields = Record<string, string | string[] | undefined> | readonly (Uint8Array | string | string[])[];

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

function headerMap(fields: HeaderFields): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [name, value] of Array.isArray(fields) ? pairs(fields) : Object.entries(fields)) {
    if (value !== undefined) map.set(text(name).toLowerCase(), text(value));
  }
  return map;
}

function* pairs<T>(flat: readonly T[]): Generator<[T, T]> {
  for (let at = 0; at + 1 < flat.length; at += 2) yield [flat[at] as T, flat[at + 1] as T];
}

function text(value: Uint8Array | string | readonly (Uint8Array | string)[]): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value.map(text).join(", ");
}
