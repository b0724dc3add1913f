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
import { isProductionHost } from "../options/environment.js";
import { parseObject } from "../options/option-values.js";
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

/** What to produce, and where. */
export interface ProduceCardRequest extends CardReference {
  /** The kiosk that is to produce the card, as set up with Wise. */
  readonly kioskId: string;
  /**
   * The last production of this card that you know of. If the outcome of a request is in doubt, it tells an old state from the
   * work of this call: the more is known, the more is reconciled without you.
   */
  readonly previous?: Production | undefined;
}

/** What to simulate: the end of the production of a card in the sandbox. */
export type SimulateProductionStatusRequest = CardReference & SimulatedStatus;

const WAIT_CALL_OPTION_NAMES: OptionNames<WaitOptions & CallOptions> = { ...WAIT_OPTION_NAMES, ...CALL_OPTION_NAMES };
const WATCH_CALL_OPTION_NAMES: OptionNames<FollowOptions & CallOptions> = {
  ...FOLLOW_OPTION_NAMES,
  ...CALL_OPTION_NAMES,
};

/**
 * Tells Wise to print cards at a kiosk, and follows them.
 *
 * Every method rejects with a `KioskError`: use `isKioskError` and `switch (error.code)`. A `signal` that aborts rejects with
 * `signal.reason`.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export class WiseKioskClient {
  readonly #settings: ClientSettings;
  readonly #transport: Transport;
  readonly #mtlsPool: MtlsPool | undefined;

  /** @throws {KioskArgumentError} for the first option that is not known or not valid. */
  constructor(options: WiseKioskClientOptions) {
    this.#settings = parseClientOptions(options);
    const { fetch, dispatcher, mtls } = this.#settings.sending;
    this.#mtlsPool = mtls === undefined ? undefined : new MtlsPool(mtls);
    this.#transport = chooseTransport({ fetch, dispatcher, mtlsPool: this.#mtlsPool });
  }

  /**
   * Sends a card to a kiosk to be produced, and resolves with `IN_PROGRESS` if the kiosk took it, or with `REQUEST_ERROR` if it
   * did not.
   *
   * Wait for `READY` before; after a `PRODUCTION_ERROR` it may be called again once the cause is fixed. Wise has no idempotency
   * key for this. If the outcome of a request is not known, the client reads the status until `reconcileWindowMs` have passed,
   * and sends another request only if nothing came of the first one.
   *
   * @throws {KioskArgumentError} where an argument is refused; nothing was sent.
   * @throws {KioskTokenError} where the token provider failed.
   * @throws {KioskApiError} or a subclass where Wise answered with an HTTP status that is not a result.
   * @throws {KioskConnectionError} or {KioskTimeoutError} where no complete answer came.
   * @throws {KioskDecodeError} where a successful answer was not understood.
   * @see https://docs.wise.com/api-reference/card-kiosk-collection
   */
  async produceCard(request: ProduceCardRequest, options: CallOptions = {}): Promise<Production> {
    const { profileId, route } = this.#card(request, "production");
    const kioskId = parseKioskId(request.kioskId);
    const known = parseProductionOption("previous", request.previous);
    // The answer to a request says nothing of the card before the next one.
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
   * Reads the state of a card's production. Rely on the webhook to follow a card; this is for a look in between.
   *
   * @throws as {@link WiseKioskClient.produceCard} does; `mayHaveTakenEffect` is always `false`.
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
   * Follows a card until its production ends: by default in `PRODUCED`, `PRODUCTION_ERROR` or `REQUEST_ERROR`.
   *
   * It reads at a polite pace, and at once when one of `events` may be news. Reads that fail in a way that may pass are done
   * again. To wait for another attempt after a failure, pass that failure as `previous`.
   *
   * @throws {KioskWaitTimeoutError} when `maxWaitMs` passed; otherwise as {@link WiseKioskClient.getProductionStatus} does.
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
   * Gives each new state of a card, beginning with the present one, and ends after `PRODUCED`. To leave the loop ends
   * everything at once.
   *
   * @throws {KioskArgumentError} at once; the iterator as {@link WiseKioskClient.waitForProduction} does.
   */
  watchProduction(card: CardReference, given: FollowOptions & CallOptions = {}): AsyncIterableIterator<Production> {
    const options = parseOptions("options", given, WATCH_CALL_OPTION_NAMES);
    const settings = parseFollowOptions(options);
    return watchProduction(this.#watchedCard("watchProduction", card, options), settings, options.signal);
  }

  /**
   * Makes the sandbox end the production of a card that was sent to a kiosk: `PRODUCED`, or `PRODUCTION_ERROR` with an error
   * code. A webhook follows, as it would from a kiosk.
   *
   * @throws {KioskArgumentError} also where the client is one of `environment: 'production'` or of a host of Wise's
   * production; otherwise as {@link WiseKioskClient.produceCard} does.
   * @see https://docs.wise.com/api-reference/simulation
   */
  async simulateProductionStatus(request: SimulateProductionStatusRequest, options: CallOptions = {}): Promise<void> {
    const { environment, baseUrl } = this.#settings;
    if (environment === "production" || isProductionHost(baseUrl.hostname)) {
      throw new KioskArgumentError(
        "environment",
        "must not be Wise's production, where nothing can be simulated: use the sandbox",
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

  /** Closes the connections that the client made itself, those of `mtls`, once the requests under way have ended. */
  async close(): Promise<void> {
    await this.#mtlsPool?.close();
  }

  /** As {@link WiseKioskClient.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #watchedCard(operation: string, card: CardReference, options: CallOptions): WatchedCard {
    const { profileId, cardToken, route } = this.#card(card, "production");
    const call = this.#call("getProductionStatus", profileId, parseCallValues(options));
    const read = async (signal: AbortSignal) => {
      const looking = { ...call, deadline: undefined, signal };
      const { outcome, report } = await readStatus(new Attempts(looking), { ...route, method: "GET" }, looking);
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
  throw mustBe(argument, "a Production, as this package returned it", describeValue(production));
}
