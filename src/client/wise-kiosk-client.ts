import { parseOptions } from "../arguments/parse-options.js";
import { Attempts } from "../calls/attempts.js";
import { CallIntents } from "../calls/call-intents.js";
import { concludeProduction, concludeSimulation } from "../calls/conclude.js";
import { executeWrite } from "../calls/execute-write.js";
import type { ProductionIntent } from "../calls/production-intent.js";
import { readIntentOutcome } from "../calls/read-intent-outcome.js";
import { BEFORE_NEXT_READ, type SweepOptions } from "../calls/read-schedule.js";
import { readStatus } from "../calls/read-status.js";
import type { ReconciledIntent } from "../calls/reconcile-intent.js";
import { reconcileByStatus } from "../calls/reconcile-read.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import {
  type FollowOptions,
  parseFollowOptions,
  parseOnChange,
  parseUntil,
  type WaitOptions,
} from "../following/follow-options.js";
import { waitForProduction } from "../following/wait-for-production.js";
import { watchProduction } from "../following/watch-production.js";
import { isProductionHost } from "../options/wise-hosts.js";
import type { Production } from "../production/production.js";
import { classifyProduceResponse, classifySimulationResponse } from "../response/classify-response.js";
import { Deadline, earlierDeadline } from "../time/deadline.js";
import { chooseTransport } from "../transport/choose-transport.js";
import { MtlsPool } from "../transport/mtls-pool.js";
import { CallFactory, toRequest } from "./call-factory.js";
import type { CardReference } from "./card-arguments.js";
import type { CallOptions, WiseKioskClientOptions } from "./client-options.js";
import { type ClientSettings, parseClientOptions } from "./client-settings.js";
import { WAIT_CALL_OPTION_NAMES, WATCH_CALL_OPTION_NAMES } from "./follow-call-options.js";
import { parseIntent } from "./intent-argument.js";
import { parseCallOptions } from "./parse-call-options.js";
import { type ProduceCardRequest, parseProduceCardRequest } from "./produce-card-request.js";
import { parseProductionArgument } from "./production-argument.js";
import { parseSimulatedStatus, type SimulateProductionStatusRequest } from "./simulated-status.js";

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
  readonly #calls: CallFactory;
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
    const transport = chooseTransport({ fetch, dispatcher, mtlsPool: this.#mtlsPool });
    this.#calls = new CallFactory(this.#settings, transport);
  }

  /** The reconcile window of the client's calls, in milliseconds: its option `reconcileWindowMs`, or the default of 10000. */
  get reconcileWindowMs(): number {
    return this.#settings.reconcileWindowMs;
  }

  /**
   * Sends a card to a kiosk to be produced. Resolves with `IN_PROGRESS` if the kiosk accepted the request, or with
   * `REQUEST_ERROR` if it was refused.
   *
   * The card must be `READY`. After a `PRODUCTION_ERROR`, you may call this again once the cause is fixed.
   *
   * Wise has no idempotency key for this request. If its outcome is unknown, the client reads the status until
   * `reconcileWindowMs` have passed, and sends another request only if no read shows an effect of the first one. If a read shows
   * that the production has already ended, the call resolves with that state. To survive a crash as well, pass `onIntent`.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid. Nothing was sent.
   * @throws {KioskTokenError} if the token provider fails or returns something that cannot be sent.
   * @throws {KioskIntentError} if `onIntent` throws. The request was not sent.
   * @throws {KioskApiError} or a subclass if Wise responds with an HTTP status that is not a result.
   * @throws {KioskConnectionError} if no complete response arrives.
   * @throws {KioskTimeoutError} if `timeoutMs` or `deadlineMs` passes.
   * @throws {KioskDecodeError} if a successful response cannot be decoded.
   * @see https://docs.wise.com/api-reference/card-kiosk-collection
   */
  async produceCard(request: ProduceCardRequest, options?: CallOptions): Promise<Production> {
    const target = this.#calls.target(request, "production");
    const { profileId, cardToken } = target;
    const { kioskId, previous, onIntent } = parseProduceCardRequest(request);
    const call = this.#calls.create("produceCard", profileId, parseCallOptions(options), kioskId);
    return await executeWrite(call, {
      write: toRequest(target, "PUT", { kioskId }),
      read: toRequest(target, "GET"),
      classify: classifyProduceResponse,
      previous,
      reconcileBy: reconcileByStatus<Production>((evidence) => concludeProduction({ ...evidence, kioskId })),
      intents: onIntent && new CallIntents(call, { profileId, cardToken, kioskId }, onIntent),
    });
  }

  /**
   * Reads the state of a card's production. To follow a card, rely on the webhook, and use this only between its events.
   *
   * @throws {KioskError} if the call fails, of the same classes as {@link WiseKioskClient.produceCard}. `mayHaveTakenEffect` is
   * always `false`.
   * @see https://docs.wise.com/api-reference/card-kiosk-collection
   */
  async getProductionStatus(card: CardReference, options?: CallOptions): Promise<Production> {
    const target = this.#calls.target(card, "production");
    const call = this.#calls.create("getProductionStatus", target.profileId, parseCallOptions(options));
    const beforeRepeat = (options as SweepOptions)?.[BEFORE_NEXT_READ];
    const reading = readStatus(new Attempts(call), toRequest(target, "GET"), call, { beforeRepeat });
    const { outcome, report } = await reading.finally(() => call.deadline?.end());
    report();
    if (outcome.kind === "done") return outcome.value.production;
    const { operation, correlationId } = call;
    throw outcome.error({ operation, correlationId, mayHaveTakenEffect: false, productionAfter: undefined });
  }

  /**
   * Finds out what became of an intent that `produceCard` passed to `onIntent`, after the process that made the call has died. Any
   * process on any machine may call it: it goes by Wise's clock, and clocks may differ by 2 minutes. It only reads.
   *
   * Resolves with `ours` as soon as a read shows the print. The other outcomes need a read after the window: `reconcileWindowMs`
   * after `expiresAt`, and 2 minutes more if a response has no `Date`. Until then the client reads at growing intervals, up to 3 s.
   *
   * - `ours`: the production is that of the intent (`IN_PROGRESS`, `PRODUCED`, `PRODUCTION_ERROR` or `REQUEST_ERROR`), or its kiosk
   *   is printing the card anyway: follow it;
   * - `not-taken`: nothing came of the intent, and it is safe to produce the card again;
   * - `unknown`: another kiosk or process may have printed the card, so a person must find out.
   *
   * @param intent as it was stored. Fields that this version does not know are ignored.
   * @throws {KioskArgumentError} if a field of the intent or an option is invalid.
   * @throws {KioskError} if a read fails for good, of the same classes as {@link WiseKioskClient.getProductionStatus}.
   */
  async reconcileProduction(intent: ProductionIntent, options?: CallOptions): Promise<ReconciledIntent> {
    const stored = parseIntent(intent);
    const target = this.#calls.target(stored, "production");
    const call = this.#calls.create("getProductionStatus", target.profileId, parseCallOptions(options), stored.kioskId);
    const beforeNextRead = (options as SweepOptions)?.[BEFORE_NEXT_READ];
    const read = toRequest(target, "GET");
    return readIntentOutcome(call, read, stored, beforeNextRead).finally(() => call.deadline?.end());
  }

  /**
   * Waits until the production of a card ends, and resolves with that state: by default `PRODUCED`, `PRODUCTION_ERROR` or
   * `REQUEST_ERROR`.
   *
   * It reads the status at growing intervals, and immediately if one of `events` may be news. It repeats reads after transient
   * failures. To wait for another print after a failure, pass that failure as `previous`.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid.
   * @throws {KioskWaitTimeoutError} if `maxWaitMs` passes.
   * @throws {KioskTimeoutError} if `deadlineMs` passes.
   * @throws {KioskError} if a read fails for good, of the same classes as {@link WiseKioskClient.getProductionStatus}.
   * @throws whatever `until` or `onChange` throws, unchanged.
   */
  async waitForProduction(card: CardReference, options: WaitOptions & CallOptions = {}): Promise<Production> {
    const parsed = parseOptions("options", options, WAIT_CALL_OPTION_NAMES);
    const settings = parseFollowOptions(parsed);
    const end = {
      until: parseUntil(parsed.until),
      previous: parseProductionArgument("previous", parsed.previous),
      onChange: parseOnChange(parsed.onChange),
    };
    const call = this.#calls.watchedCard("waitForProduction", card, parsed);
    const maxWait = new Deadline(call.clock, settings.maxWaitMs);
    const deadline = earlierDeadline(maxWait, call.deadline);
    const { signal } = parsed;
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
  watchProduction(card: CardReference, options: FollowOptions & CallOptions = {}): AsyncIterableIterator<Production> {
    const parsed = parseOptions("options", options, WATCH_CALL_OPTION_NAMES);
    const settings = parseFollowOptions(parsed);
    return watchProduction(this.#calls.watchedCard("watchProduction", card, parsed), settings, parsed.signal);
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
  async simulateProductionStatus(request: SimulateProductionStatusRequest, options?: CallOptions): Promise<void> {
    const { environment, baseUrl } = this.#settings;
    if (environment === "production" || isProductionHost(baseUrl.hostname)) {
      throw new KioskArgumentError(
        "environment",
        "must not be Wise's production, which cannot simulate a status: use the sandbox",
      );
    }
    const simulation = this.#calls.target(request, "simulation");
    const production = this.#calls.target(simulation, "production");
    const wanted = parseSimulatedStatus(request);
    const call = this.#calls.create("simulateProductionStatus", simulation.profileId, parseCallOptions(options));
    await executeWrite(call, {
      write: toRequest(simulation, "POST", wanted),
      read: toRequest(production, "GET"),
      classify: classifySimulationResponse,
      previous: undefined,
      reconcileBy: reconcileByStatus<void>(({ read }) => concludeSimulation(read, wanted)),
    });
  }

  /**
   * Closes the connections of `mtls` once the requests under way have ended; further calls reject with a `KioskConnectionError`. A
   * call that waits rejects once its wait is over, or its `signal` aborts. A client without `mtls` has nothing to close.
   */
  async close(): Promise<void> {
    await this.#mtlsPool?.close();
  }

  /** Calls {@link WiseKioskClient.close} at the end of an `await using` scope. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
