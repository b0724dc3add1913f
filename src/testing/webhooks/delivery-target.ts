import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { describeValue, mustBe } from "../../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../../arguments/parse-options.js";
import { onAbort } from "../../time/on-abort.js";
import { pauseInRealTime } from "../../time/real-pause.js";
import type { WebhookDelivery } from "./webhook-delivery.js";
import type { WebhookOutbox } from "./webhook-outbox.js";

/** Options for a simulator's `deliverTo()`. */
export interface DeliveryTargetOptions {
  /** The maximum number of attempts for each delivery: 1 to 25. Default: 25, as at Wise. */
  readonly maxAttempts?: number | undefined;
  /**
   * The wait before the second attempt, in milliseconds: 0 to 60000. It doubles each time, up to ten times the value. Wise waits a
   * minute or more. Default: 10.
   */
  readonly retryDelayMs?: number | undefined;
  /** How long the receiver may take to respond, in milliseconds: 1 to 60000. Default: 5000, as at Wise. */
  readonly timeoutMs?: number | undefined;
}

const TARGET_OPTION_NAMES: OptionNames<DeliveryTargetOptions> = {
  maxAttempts: true,
  retryDelayMs: true,
  timeoutMs: true,
};

/** One attempt to deliver a webhook. */
export interface DeliveryAttempt {
  /** The id of the delivery. All its attempts share it. */
  readonly deliveryId: string;
  /** Which attempt of the delivery this is, counted from 1. */
  readonly attempt: number;
  /** The HTTP status of the receiver's response; `undefined` if none arrived in time. */
  readonly httpStatus: number | undefined;
  /** Why no response arrived: `timeout`, or the code of Node.js, such as `ECONNREFUSED`; `undefined` if one arrived. */
  readonly failure: string | undefined;
  /** How long the attempt took, in milliseconds. */
  readonly durationMs: number;
}

/** A receiver of the simulator's webhooks. */
export interface DeliveryTarget {
  /** Every finished attempt, oldest first. */
  readonly attempts: readonly DeliveryAttempt[];
  /** Resolves once every delivery so far has been accepted or given up. */
  settled(): Promise<void>;
  /** Gives up deliveries in progress and sends nothing more. */
  stop(): void;
}

/** Statuses after which Wise makes no more than three attempts. */
const SOON_GIVEN_UP: ReadonlySet<number | undefined> = new Set([400, 401, 403, 404, 405, 409, 410, 417, 422]);
const ATTEMPTS_OF_SOON_GIVEN_UP = 3;

/** Captured at load time, in the ESM and the CommonJS build, so that a later mock of `node:http` is not used. */
const SEND = { "http:": httpRequest, "https:": httpsRequest } as const;

/** Captured for the same reason: mocks of `performance` stand still while a receiver responds. */
const monotonicMs = performance.now.bind(performance);

/** Sends deliveries to a URL, and retries each until it is accepted or given up. */
export class DeliverySender {
  readonly #url: URL;
  readonly #options: Required<{ [Name in keyof DeliveryTargetOptions]: number }>;
  readonly #outbox: Pick<WebhookOutbox, "renew">;
  readonly #underWay = new Set<Promise<void>>();
  readonly #onAttempt: (attempt: DeliveryAttempt, delivery: WebhookDelivery) => void;
  #abortion = new AbortController();
  /** First attempts are sent one after the other, so that they arrive in order. */
  #lastFirstAttempt: Promise<unknown> = Promise.resolve();

  /**
   * @param outbox renews a delivery for each attempt after the first.
   * @param onAttempt called with every finished attempt, and the delivery as it was first sent.
   * @throws {KioskArgumentError} if `url` or an option is invalid, or an option is unknown.
   */
  constructor(
    url: string | URL,
    options: DeliveryTargetOptions,
    outbox: Pick<WebhookOutbox, "renew">,
    onAttempt: (attempt: DeliveryAttempt, delivery: WebhookDelivery) => void,
  ) {
    this.#url = parseTargetUrl(url);
    const {
      maxAttempts = 25,
      retryDelayMs = 10,
      timeoutMs = 5000,
    } = parseOptions("options", options, TARGET_OPTION_NAMES);
    this.#options = {
      maxAttempts: parseNumber("maxAttempts", maxAttempts, 1, 25),
      retryDelayMs: parseNumber("retryDelayMs", retryDelayMs, 0, 60_000),
      timeoutMs: parseNumber("timeoutMs", timeoutMs, 1, 60_000),
    };
    this.#outbox = outbox;
    this.#onAttempt = onAttempt;
  }

  send(delivery: WebhookDelivery): void {
    const { signal } = this.#abortion;
    const first = this.#lastFirstAttempt.then(() => this.#attempt(delivery, 1, signal));
    this.#lastFirstAttempt = first;
    const work = first.then((isOver) => (isOver ? undefined : this.#retry(delivery, signal)));
    this.#underWay.add(work);
    void work.then(() => this.#underWay.delete(work));
  }

  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Gives up deliveries in progress. Later ones are sent as usual. */
  giveUp(): void {
    this.#abortion.abort();
    this.#abortion = new AbortController();
  }

  async #retry(delivery: WebhookDelivery, signal: AbortSignal): Promise<void> {
    const { retryDelayMs } = this.#options;
    let isOver = false;
    for (let attempt = 2; !isOver; attempt++) {
      await pauseInRealTime(retryDelayMs * Math.min(2 ** (attempt - 2), 10), signal);
      isOver = await this.#attempt(delivery, attempt, signal);
    }
  }

  /** @returns whether the delivery is over: accepted, given up or aborted. */
  async #attempt(delivery: WebhookDelivery, attempt: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return true;
    const { maxAttempts, timeoutMs } = this.#options;
    const sent = attempt === 1 ? delivery : this.#outbox.renew(delivery);
    const startedAt = monotonicMs();
    const timeLimit = AbortSignal.timeout(timeoutMs);
    const { httpStatus, failure } = await postDelivery(this.#url, sent, AbortSignal.any([signal, timeLimit]));
    if (signal.aborted) return true;
    const result = {
      deliveryId: delivery.deliveryId,
      attempt,
      httpStatus,
      failure: failure !== undefined && timeLimit.aborted ? "timeout" : failure,
      durationMs: Math.round(monotonicMs() - startedAt),
    };
    this.#onAttempt(result, delivery);
    const limit = SOON_GIVEN_UP.has(httpStatus) ? Math.min(ATTEMPTS_OF_SOON_GIVEN_UP, maxAttempts) : maxAttempts;
    return isAccepted(httpStatus) || attempt >= limit;
  }
}

function isAccepted(httpStatus = 0): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

type PostResult = Pick<DeliveryAttempt, "httpStatus" | "failure">;

/**
 * Posts a delivery and returns the HTTP status of the response, or why there was none. It uses neither `fetch` nor undici,
 * because a test may have replaced them. It does not follow redirects.
 */
function postDelivery(url: URL, { body, headers }: WebhookDelivery, signal: AbortSignal): Promise<PostResult> {
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  return new Promise<PostResult>((resolve, reject) => {
    const send = SEND[url.protocol as keyof typeof SEND];
    // If the receiver no longer speaks HTTP, Node.js reports neither a response nor an error, not even at the abort.
    onAbort(signal, () => reject({ code: "ABORT_ERR" }));
    // Throws if a test has added a header that cannot be sent.
    send(url, { method: "POST", headers: sent, agent: false, signal })
      .on("error", reject)
      .on("upgrade", (response, socket) => {
        socket.destroy();
        resolve({ httpStatus: response.statusCode, failure: undefined });
      })
      .on("response", (response) => {
        response.on("error", reject).on("end", () => resolve({ httpStatus: response.statusCode, failure: undefined }));
        response.resume();
      })
      .end(body);
  }).catch(({ code = "unknown" }) => ({ httpStatus: undefined, failure: code }));
}

function parseTargetUrl(url: string | URL): URL {
  const parsed = URL.canParse(String(url)) ? new URL(url) : undefined;
  if (parsed !== undefined && Object.hasOwn(SEND, parsed.protocol)) return parsed;
  const found = typeof url === "string" ? "another string" : describeValue(url);
  throw mustBe("url", "an absolute http: or https: URL", found);
}

function parseNumber(argument: string, value: number, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw mustBe(argument, `a number from ${min} to ${max}`, describeValue(value));
}
