import { BoundedBody } from "./bounded-body.js";
import { type HeaderFields, headerMap } from "./header-map.js";
import type { HttpResponse, TransportResult } from "./http-message.js";
import { wasNeverSent } from "./never-sent.js";
import { onRejection } from "./on-rejection.js";
import { findResponse } from "./response-error.js";

/** What a {@link DispatchedRequest} needs from whoever dispatches it. */
export interface DispatchedRequestOptions {
  /** Aborts when the caller no longer waits. */
  readonly signal: AbortSignal;
  /** Called once, with what became of the request. */
  readonly settle: (result: TransportResult) => void;
  /** Called once, before the first byte can leave. */
  readonly onStart: () => void;
  /** Changes the request so that it cannot be sent again. */
  readonly spoil: () => void;
  /** Whether the dispatcher is known to send requests without reporting that it starts them. */
  readonly hidesStarts: boolean;
}

/**
 * One request on its way through a dispatcher, from its start to its end.
 *
 * A dispatcher reports the start of a request right before the first byte leaves. So an abort up to then keeps the request from
 * being sent, and what was never started was never sent, whatever the failure. A second start is a retry, which must not be
 * sent. The retry handler of undici 6 does not report it, so the request is spoilt once it has been sent.
 */
export class DispatchedRequest {
  readonly #options: DispatchedRequestOptions;
  readonly #body = new BoundedBody();
  #progress: "not-started" | "connected" | "sent" = "not-started";
  #isOlder = false;
  #hidStart = false;
  #abort: ((reason: Error) => unknown) | undefined;
  #settled = false;
  #status = 0;
  #headers: ReadonlyMap<string, string> = new Map();

  constructor(options: DispatchedRequestOptions) {
    this.#options = options;
    const { signal, onStart, hidesStarts } = options;
    signal.addEventListener("abort", () => this.#giveUp("The request was given up"), { once: true });
    if (hidesStarts) onStart();
  }

  /** Whether the dispatcher sent the request, or had a response to it, without reporting that it started it. */
  get hidStart(): boolean {
    return this.#hidStart;
  }

  /** The newer generation starts to send. */
  start(abort: (reason: Error) => unknown): void {
    this.#begin(abort, "sent");
  }

  /** The older generation starts to send, or its retry handler says so before there is a connection. */
  connect(abort: (reason: Error) => unknown): void {
    this.#isOlder = true;
    this.#begin(abort, "connected");
  }

  /** Only the older generation always reports it. */
  bodySent(): void {
    this.#signOfLife();
    if (this.#isOlder) this.#options.spoil();
  }

  /** Responses of 1xx may come before the one that counts, which is the last. */
  respond(status: number, headers: HeaderFields): void {
    this.#signOfLife();
    if (!Number.isInteger(status)) throw new TypeError("The dispatcher reported a response without an HTTP status");
    this.#status = status;
    this.#headers = headerMap(headers);
  }

  receive(chunk: unknown): void {
    this.#signOfLife();
    this.#body.push(chunk);
    if (!this.#body.oversized) return;
    this.#finish({ kind: "responded", response: this.#response() });
    this.#giveUp("The body is too large");
  }

  end(): void {
    this.#signOfLife();
    if (this.#status < 200) throw new Error("The dispatcher ended the request without a response");
    this.#finish({ kind: "responded", response: this.#response() });
  }

  fail(error: unknown): void {
    const response = findResponse(error);
    if (response !== undefined) {
      this.#signOfLife();
      this.#finish({ kind: "responded", response });
    }
    this.#finish({ kind: "failed", requestSent: this.#mayHaveBeenSent(error), cause: error });
  }

  /** Ends the request because of something in it that cannot be handled. */
  breakOff(error: unknown): void {
    this.#finish({ kind: "failed", requestSent: true, cause: error });
    this.#giveUp("The response could not be read");
  }

  #begin(abort: (reason: Error) => unknown, progress: "connected" | "sent"): void {
    this.#abort = abort;
    const isSecond = this.#progress !== "not-started";
    this.#advance(isSecond ? "sent" : progress);
    if (this.#options.signal.aborted || this.#settled) this.#giveUp("The request was given up");
    else if (isSecond) this.#giveUp("The dispatcher sent the request again, which is not allowed");
  }

  /** Something that cannot come before the first byte has left. */
  #signOfLife(): void {
    if (this.#progress === "not-started") this.#hidStart = true;
    this.#advance("sent");
  }

  #advance(progress: "connected" | "sent"): void {
    if (this.#progress === "not-started" && !this.#options.hidesStarts) this.#options.onStart();
    this.#progress = progress;
  }

  /** After a start of the newer generation a refused connection proves nothing: it is that of a retry. */
  #mayHaveBeenSent(error: unknown): boolean {
    if (this.#progress === "sent") return true;
    const isUnknown = this.#progress === "connected" || this.#options.hidesStarts;
    return isUnknown && !wasNeverSent(error);
  }

  #response(): HttpResponse {
    const { oversized } = this.#body;
    return { status: this.#status, headers: this.#headers, body: this.#body.bytes(), oversized };
  }

  #giveUp(why: string): void {
    const error = new Error(why);
    this.#finish({ kind: "failed", requestSent: this.#mayHaveBeenSent(error), cause: error });
    const abort = this.#abort;
    // What fails here is the dispatcher's own, and the result stands.
    if (abort !== undefined)
      onRejection(
        () => abort(error),
        () => {},
      );
  }

  #finish(result: TransportResult): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#options.settle(result);
  }
}
