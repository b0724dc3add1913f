import { describeValue, mustBe } from "../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { Attempts } from "../calls/attempts.js";
import type { Call, CallRequest } from "../calls/call.js";
import { concludeProduction, concludeSimulation } from "../calls/conclude.js";
import { executeWrite } from "../calls/execute-write.js";
import { readStatus } from "../calls/read-status.js";
import { decodeProduction } from "../decoding/decode-production.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import {
  FOLLOW_OPTION_NAMES,
  type FollowOptions,
  parseFollowOptions,
  parseOnChange,
  parseUntil,
  WAIT_OPTION_NAMES,
  type WaitOptions,
} from "../following/follow-options.js";
import type { WatchedCard } from "../following/follow-production.js";
import { waitForProduction } from "../following/wait-for-production.js";
import { watchProduction } from "../following/watch-production.js";
import { parseObject } from "../options/option-values.js";
import { isProductionHost } from "../options/wise-hosts.js";
import type { Operation } from "../production/operation.js";
import type { Production } from "../production/production.js";
import { classifyProduceResponse, classifySimulationResponse } from "../response/classify-response.js";
import { Clock } from "../time/clock.js";
import { Deadline, earlierDeadline } from "../time/deadline.js";
import { chooseTransport } from "../transport/choose-transport.js";
import type { Transport } from "../transport/http-message.js";
import { MtlsPool } from "../transport/mtls-pool.js";
import { type CallSettings, parseCallOptions, parseCallValues } from "./call-settings.js";
import { type CardReference, parseCardToken, parseKioskId, parseProfileId } from "./card-arguments.js";
import { CALL_OPTION_NAMES, type CallOptions, type WiseKioskClientOptions } from "./client-options.js";
import { type ClientSettings, parseClientOptions } from "./client-settings.js";
import type { Routes } from "./routes.js";
import { parseSimulatedStatus, type SimulatedStatus } from "./simulated-status.js";

/** The card to produce, and the kiosk that produces it. */
export interface ProduceCardRequest extends CardReference {
  /** The id of the kiosk, as set up with Wise: a non-blank string without whitespace around it. */
  readonly kioskId: string;
  /**
   * The last state of this card that you know. It lets the client tell an old state from the effect of this call if a request
   * is in doubt, so that fewer outcomes are left to you. A `REQUEST_ERROR` is ignored. Default: none.
   */
  readonly previous?: Production | undefined;
}

/** The card, and the end of its production that the sandbox simulates. */
export type SimulateProductionStatusRequest = CardReference & SimulatedStatus;

const WAIT_CALL_OPTION_NAMES: OptionNames<WaitOptions & CallOptions> = { ...WAIT_OPTION_NAMES, ...CALL_OPTION_NAMES };
const WATCH_CALL_OPTION_NAMES: OptionNames<FollowOptions & CallOptions> = {
  ...FOLLOW_OPTION_NAMES,
  ...CALL_OPTION_NAMES,
};

/**
 * A client for Wise's card kiosk collection: it prints cards at a kiosk and follows them.
 *
 * A call that fails rejects with a `KioskError`: check it with `isKioskError`, then `switch (error.code)`. If your `signal` aborts,
 * the call rejects with `signal.reason` instead.
 *
 * @example
 * ```ts
 * import { describeProduction, WiseKioskClient } from "wise-card-kiosk";
 *
 * const kiosk = new WiseKioskClient({ environment: "sandbox", token });
 * const production = await kiosk.produceCard({ ...card, kioskId: "WIS00001" });
 * console.log(describeProduction(production));
 * // → IN_PROGRESS at kiosk WIS00001. The kiosk is producing the card. Wait for the result.
 * ```
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export class WiseKioskClient {
  readonly #settings: ClientSettings;
  readonly #transport: Transport;
  readonly #mtlsPool: MtlsPool | undefined;

  /**
   * Creates a client. It does not connect before the first request.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid.
   */
  constructor(options: WiseKioskClientOptions) {
    this.#settings = parseClientOptions(options);
    const { fetch, dispatcher, mtls } = this.#settings.sending;
    this.#mtlsPool = mtls === undefined ? undefined : new MtlsPool(mtls);
    this.#transport = chooseTransport({ fetch, dispatcher, mtlsPool: this.#mtlsPool });
  }

  /**
   * Sends a card to a kiosk to be produced. Resolves with `IN_PROGRESS` if the kiosk accepted the request, or with
   * `REQUEST_ERROR` if it was refused.
   *
   * The card must be `READY`. After a `PRODUCTION_ERROR`, you may call this again once the cause is fixed.
   *
   * Wise has no idempotency key for this request. If its outcome is unknown, the client reads the status until
   * `reconcileWindowMs` have passed, and sends another request only if no read shows an effect of the first one. If a read shows
   * that the production has already ended, the call resolves with that state.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid. Nothing was sent.
   * @throws {KioskTokenError} if the token provider fails or returns something that cannot be sent.
   * @throws {KioskApiError} or a subclass if Wise responds with an HTTP status that is not a result.
   * @throws {KioskConnectionError} if no complete response arrives.
   * @throws {KioskTimeoutError} if `timeoutMs` or `deadlineMs` passes.
   * @throws {KioskDecodeError} if a successful response cannot be decoded.
   * @see https://docs.wise.com/api-reference/card-kiosk-collection
   */
  async produceCard(request: ProduceCardRequest, options: CallOptions = {}): Promise<Production> {
    const { profileId, route } = this.#card(request, "production");
    const kioskId = parseKioskId(request.kioskId);
    const known = parseProductionOption("previous", request.previous);
    // A `REQUEST_ERROR` is the response to one request. It says nothing about the state of the card before the next one.
    const previous = known?.status === "REQUEST_ERROR" ? undefined : known;
    return executeWrite(this.#call("produceCard", profileId, parseCallOptions(options)), {
      write: { ...route, method: "PUT", body: { kioskId } },
      read: { ...route, method: "GET" },
      classify: classifyProduceResponse,
      previous,
      conclude: (evidence) => concludeProduction({ ...evidence, kioskId }),
    });
  }

  /**
   * Reads the state of a card's production. To follow a card, rely on the webhook, and use this only in between.
   *
   * @throws {KioskError} if the call fails, of the same classes as {@link WiseKioskClient.produceCard}. `mayHaveTakenEffect` is
   * always `false`.
   * @see https://docs.wise.com/api-reference/card-kiosk-collection
   */
  async getProductionStatus(card: CardReference, options: CallOptions = {}): Promise<Production> {
    const { profileId, route } = this.#card(card, "production");
    const call = this.#call("getProductionStatus", profileId, parseCallOptions(options));
    const reading = readStatus(new Attempts(call), { ...route, method: "GET" }, call);
    const { outcome, report } = await reading.finally(() => call.deadline?.end());
    report();
    if (outcome.kind === "done") return outcome.value.production;
    const { operation, correlationId } = call;
    throw outcome.error({ operation, correlationId, mayHaveTakenEffect: false, productionAfter: undefined });
  }

  /**
   * Waits until the production of a card ends, and resolves with that state: by default `PRODUCED`, `PRODUCTION_ERROR` or
   * `REQUEST_ERROR`.
   *
   * It reads the status at growing intervals, and immediately if one of `events` may be news. It retries reads after failures
   * that may pass. To wait for another attempt after a failure, pass that failure as `previous`.
   *
   * @throws {KioskWaitTimeoutError} if `maxWaitMs` passes.
   * @throws {KioskTimeoutError} if `deadlineMs` passes.
   * @throws {KioskError} if a read fails for good, of the same classes as {@link WiseKioskClient.getProductionStatus}.
   */
  async waitForProduction(card: CardReference, given: WaitOptions & CallOptions = {}): Promise<Production> {
    const options = parseOptions("options", given, WAIT_CALL_OPTION_NAMES);
    const settings = parseFollowOptions(options);
    const end = {
      until: parseUntil(options.until),
      previous: parseProductionOption("previous", options.previous),
      onChange: parseOnChange(options.onChange),
    };
    const call = this.#watchedCard("waitForProduction", card, options);
    const maxWait = new Deadline(call.clock, settings.maxWaitMs);
    const deadline = earlierDeadline(maxWait, call.deadline);
    const { signal } = options;
    try {
      return await waitForProduction(watchProduction(call, settings, signal), end, { deadline, signal });
    } finally {
      maxWait.end();
    }
  }

  /**
   * Returns an iterator over the states of a card. It yields the current state and then each new one, and ends after `PRODUCED`.
   * Leaving the loop stops everything immediately.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid. The iterator rejects with the same errors as
   * {@link WiseKioskClient.waitForProduction}.
   */
  watchProduction(card: CardReference, given: FollowOptions & CallOptions = {}): AsyncIterableIterator<Production> {
    const options = parseOptions("options", given, WATCH_CALL_OPTION_NAMES);
    const settings = parseFollowOptions(options);
    return watchProduction(this.#watchedCard("watchProduction", card, options), settings, options.signal);
  }

  /**
   * Makes the sandbox end the production of a card that was sent to a kiosk: with `PRODUCED`, or with `PRODUCTION_ERROR` and an
   * optional error code. A webhook follows, as it would from a kiosk.
   *
   * @throws {KioskArgumentError} if the client uses `environment: 'production'` or a `baseUrl` of Wise's production, or if an
   * argument or option is invalid. Nothing was sent.
   * @throws {KioskError} if the call fails, of the same classes as {@link WiseKioskClient.produceCard}.
   * @see https://docs.wise.com/api-reference/simulation
   */
  async simulateProductionStatus(request: SimulateProductionStatusRequest, options: CallOptions = {}): Promise<void> {
    const { environment, baseUrl } = this.#settings;
    if (environment === "production" || isProductionHost(baseUrl.hostname)) {
      throw new KioskArgumentError(
        "environment",
        "must not be Wise's production, which cannot simulate a status: use the sandbox",
      );
    }
    const { profileId, cardToken, route: write } = this.#card(request, "simulation");
    const { route: read } = this.#card({ profileId, cardToken }, "production");
    const target = parseSimulatedStatus(request);
    await executeWrite(this.#call("simulateProductionStatus", profileId, parseCallOptions(options)), {
      write: { ...write, method: "POST", body: target },
      read: { ...read, method: "GET" },
      classify: classifySimulationResponse,
      previous: undefined,
      conclude: ({ read }) => concludeSimulation(read, target),
    });
  }

  /**
   * Closes the connections of `mtls` once the requests under way have ended; further requests fail. A client without `mtls` has
   * nothing to close.
   */
  async close(): Promise<void> {
    await this.#mtlsPool?.close();
  }

  /** Calls {@link WiseKioskClient.close} at the end of an `await using` scope. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #watchedCard(operation: string, card: CardReference, options: CallOptions): WatchedCard {
    const { profileId, cardToken, route } = this.#card(card, "production");
    const call = this.#call("getProductionStatus", profileId, parseCallValues(options));
    const read = async (signal: AbortSignal) => {
      const reading = { ...call, deadline: undefined, signal };
      const { outcome, report } = await readStatus(new Attempts(reading), { ...route, method: "GET" }, reading);
      report();
      return outcome;
    };
    const { correlationId, clock, deadline } = call;
    return { operation, profileId, cardToken, correlationId, clock, deadline, read };
  }

  #card(card: CardReference, operation: keyof Routes): CardRoute {
    const { baseUrl, routes } = this.#settings;
    const { profileId: profile, cardToken: token } = parseObject("card", card);
    const profileId = parseProfileId(profile);
    const cardToken = parseCardToken(token);
    const { route, path } = routes[operation](profileId, cardToken);
    return { profileId, cardToken, route: { origin: baseUrl.origin, path: baseUrl.prefix + path, route } };
  }

  #call(operation: Operation, profileId: string, own: CallSettings): Call {
    const settings = this.#settings;
    const deadlineMs = own.deadlineMs ?? settings.deadlineMs;
    const clock = new Clock();
    return {
      operation,
      profileId,
      transport: this.#transport,
      onExchange: settings.onExchange,
      token: own.token ?? settings.token,
      timeoutMs: own.timeoutMs ?? settings.timeoutMs,
      maxRetries: own.maxRetries ?? settings.maxRetries,
      reconcile: {
        reconcileWindowMs: own.reconcileWindowMs ?? settings.reconcileWindowMs,
        resend: own.resend ?? settings.resend,
      },
      clock,
      deadline: deadlineMs === undefined ? undefined : new Deadline(clock, deadlineMs),
      correlationId: own.correlationId ?? crypto.randomUUID(),
      signal: own.signal,
    };
  }
}

interface CardRoute {
  readonly profileId: string;
  readonly cardToken: string;
  readonly route: Pick<CallRequest, "origin" | "path" | "route">;
}

function parseProductionOption(argument: string, production: unknown): Production | undefined {
  if (production === undefined || production === null) return undefined;
  const decoded = decodeProduction(production);
  if (decoded.ok) return decoded.value;
  throw mustBe(argument, "a Production returned by this package", describeValue(production));
}
