import { STATUS_CODES } from "node:http";
import type { SimulatedResponse } from "../api/simulated-http.js";
import {
  type ControlledHandler,
  controlledHandler,
  type DispatchController,
  type LegacyHandler,
} from "./dispatch-handler.js";
import { requestAborted } from "./network-errors.js";

/** One exchange with an undici handler, which is called in the order in which undici calls it, and no more once it is over. */
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

  /** Aborts when the handler gave the exchange up. */
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

  /** The connection is made, and nothing is sent yet. */
  start(): void {
    this.#tell(() => this.#handler.onRequestStart(this, {}));
  }

  /** The answer, as fast as the handler takes it. */
  async answer({ status, headers }: SimulatedResponse, body: string): Promise<void> {
    this.rawHeaders = Object.entries(headers)
      .flat()
      .map((text) => Buffer.from(text, "latin1"));
    this.#tell(() => this.#handler.onResponseStart?.(this, status, headers, STATUS_CODES[status] ?? ""));
    await this.#resumed?.promise;
    if (body !== "") this.#tell(() => this.#handler.onResponseData?.(this, Buffer.from(body)));
    await this.#resumed?.promise;
  }

  end(): void {
    this.rawTrailers = [];
    this.#tell(() => this.#handler.onResponseEnd?.(this, {}));
    this.#over = true;
  }

  /** The exchange ends without a complete answer. */
  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#handler.onResponseError?.(this, error);
  }

  /** What a handler throws aborts the exchange, as it does in undici. */
  #tell(event: () => void): void {
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

/** As `Promise.withResolvers`, which Node.js 20 does not have. */
function promiseWithResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
