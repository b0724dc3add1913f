import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { KioskArgumentError } from "../errors/argument-error.js";
import { pause } from "./pause.js";
import type { WebhookDelivery } from "./webhook-delivery.js";

/** How deliveries are sent to a URL. */
export interface DeliveryTargetOptions {
  /** How often each delivery is tried: 1 to 25. Default: 25, as Wise does. */
  readonly maxAttempts?: number | undefined;
  /**
   * The wait before the second attempt, in milliseconds; it doubles each time, up to ten times as long. Wise waits a minute
   * and more. Default: 10.
   */
  readonly retryDelayMs?: number | undefined;
  /** How long the receiver may take to answer, in milliseconds. Default: 5000, as Wise gives it. */
  readonly timeoutMs?: number | undefined;
}

/** One attempt to deliver something. */
export interface DeliveryAttempt {
  readonly deliveryId: string;
  /** From 1. */
  readonly attempt: number;
  /** What the receiver answered; `undefined` where it gave no answer. */
  readonly httpStatus: number | undefined;
}

/** A receiver of the simulator's webhooks. */
export interface DeliveryTarget {
  /** Every attempt so far, the first one first. */
  readonly attempts: readonly DeliveryAttempt[];
  /** Resolves once everything so far was accepted or given up. */
  settled(): Promise<void>;
  /** Sends nothing more, and gives up what is under way. */
  stop(): void;
}

/** Statuses after which Wise tries three times and no more. */
const SOON_GIVEN_UP: ReadonlySet<number | undefined> = new Set([400, 401, 403, 404, 405, 409, 410, 417, 422]);
const ATTEMPTS_OF_SOON_GIVEN_UP = 3;

/** Sends deliveries to a URL, each until it is accepted or given up. */
export class DeliverySender implements DeliveryTarget {
  readonly #url: URL;
  readonly #options: { readonly maxAttempts: number; readonly retryDelayMs: number; readonly timeoutMs: number };
  readonly #attempts: DeliveryAttempt[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #onStop: () => void;
  #abortion = new AbortController();
  /** First attempts go out one after the other, so that they arrive in order. */
  #lastFirstAttempt: Promise<unknown> = Promise.resolve();

  constructor(url: string | URL, options: DeliveryTargetOptions, onStop: () => void) {
    const { maxAttempts = 25, retryDelayMs = 10, timeoutMs = 5000 } = options;
    this.#url = new URL(url);
    this.#options = { maxAttempts, retryDelayMs, timeoutMs };
    this.#onStop = onStop;
  }
}
