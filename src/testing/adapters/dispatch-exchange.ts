import { STATUS_CODES } from "node:http";
import type { SimulatedResponse } from "../api/simulated-http.js";
import {
  type ControlledHandler,
  controlledHandler,
  type DispatchController,
  type LegacyHandler,
} from "./controlled-handler.js";
import { requestAborted } from "./network-errors.js";

/** One exchange with an undici handler. It calls the handler in the same order as undici, and never after the exchange is over. */
export class DispatchExchange implements DispatchController {
  readonly #handler: ControlledHandler;
  readonly #abortion = new AbortController();
  rawHeaders: Buffer[] | null = null;
  rawTrailers: Buffer[] | null = null;
  reason: Error | null = null;
  #over = false;
  #resumed: PromiseWithResolvers | undefined;

  constructor(handler: ControlledHandler | LegacyHandler) {
    this.#handler = controlledHandler(handler);
  }

  /** Aborts when the handler aborts the exchange. */
  get signal(): AbortSignal {
    return this.#abortion.signal;
  }

  get aborted(): boolean {
    return this.#abortion.signal.aborted;
  }

  get paused(): boolean {
    return this.#resumed !== undefined;
  }

  abort(reason?: Error | null): void {
    if (this.#over) return;
    this.reason = reason ?? requestAborted();
    this.#abortion.abort(this.reason);
    this.resume();
    this.fail(this.reason);
  }

  pause(): void {
    this.#resumed ??= promiseWithResolvers();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  /** Reports that the connection is open. Nothing has been sent yet. */
  start(): void {
    this.#notify(() => this.#handler.onRequestStart(this, {}));
  }

  /** Passes the response to the handler and waits while the handler pauses it. */
  async respond({ status, headers }: SimulatedResponse, body: string): Promise<void> {
    this.rawHeaders = Object.entries(headers)
      .flat()
      .map((text) => Buffer.from(text, "latin1"));
    this.#notify(() => this.#handler.onResponseStart?.(this, status, headers, STATUS_CODES[status] ?? ""));
    await this.#resumed?.promise;
    if (body !== "") this.#notify(() => this.#handler.onResponseData?.(this, Buffer.from(body)));
    await this.#resumed?.promise;
  }

  /** Ends the exchange after a complete response. */
  end(): void {
    this.rawTrailers = [];
    this.#notify(() => this.#handler.onResponseEnd?.(this, {}));
    this.#over = true;
  }

  /** Ends the exchange without a complete response. */
  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.onResponseError?.(this, error);
  }

  /** Calls the handler. If it throws, the exchange is aborted, as in undici. */
  #notify(event: () => void): void {
    if (this.#over) return;
    try {
      event();
    } catch (error) {
      this.abort(error as Error);
    }
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Does the same as `Promise.withResolvers`, which Node.js 20 lacks. */
function promiseWithResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
