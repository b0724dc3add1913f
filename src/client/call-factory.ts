import { Attempts } from "../calls/attempts.js";
import type { Call, CallRequest } from "../calls/call.js";
import { createCall } from "../calls/create-call.js";
import { readStatus } from "../calls/read-status.js";
import { WiseClock } from "../calls/wise-clock.js";
import type { WatchedCard } from "../following/follow-production.js";
import { type CallSettings, parseCallValues } from "../options/call-settings.js";
import { parseObject } from "../options/option-values.js";
import type { Operation } from "../production/operation.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { createTokenSource } from "../tokens/token-source.js";
import type { Transport } from "../transport/http-message.js";
import { type CardReference, parseCardToken, parseProfileId } from "./card-arguments.js";
import type { CallOptions } from "./client-options.js";
import type { ClientSettings } from "./client-settings.js";
import type { Routes } from "./routes.js";

/** A validated card, and where to send requests about it. */
export interface CardCallTarget {
  readonly profileId: string;
  readonly cardToken: string;
  readonly request: Pick<CallRequest, "origin" | "path" | "route">;
}

/** Returns a request to a target. */
export function toRequest(
  { request: { origin, path, route } }: CardCallTarget,
  method: CallRequest["method"],
  body?: unknown,
): CallRequest {
  return { method, origin, path, route, body };
}

/** Creates the calls of one client from its settings and the options of each call. */
export class CallFactory {
  readonly #settings: ClientSettings;
  readonly #transport: Transport;
  readonly #wiseClock = new WiseClock();

  constructor(settings: ClientSettings, transport: Transport) {
    this.#settings = settings;
    this.#transport = transport;
  }

  /**
   * Validates a card and returns where to send requests about it.
   *
   * @param path the path of the requests.
   * @throws {KioskArgumentError} if the card is invalid.
   */
  target(card: CardReference, path: keyof Routes): CardCallTarget {
    const { baseUrl, routes } = this.#settings;
    const fields = parseObject("card", card);
    const profileId = parseProfileId(fields.profileId);
    const cardToken = parseCardToken(fields.cardToken);
    const of = routes[path](profileId, cardToken);
    const request = { origin: baseUrl.origin, path: baseUrl.prefix + of.path, route: of.route };
    return { profileId, cardToken, request };
  }

  /** Creates a call. The options of the call take precedence over those of the client. `kioskId` is the kiosk that it is about. */
  create(operation: Operation, profileId: string, own: CallSettings<TokenProvider>, kioskId?: string): Call {
    const tokens = createTokenSource(own.token ?? this.#settings.token, profileId, { profileId, operation });
    const transport = this.#transport;
    return createCall(this.#settings, own, { operation, kioskId, tokens, transport, wiseClock: this.#wiseClock });
  }

  /**
   * Returns a card to follow.
   *
   * @throws {KioskArgumentError} if the card or the value of a call option is invalid.
   */
  watchedCard(operation: string, card: CardReference, options: CallOptions): WatchedCard {
    const target = this.target(card, "production");
    const { profileId, cardToken } = target;
    const call = this.create("getProductionStatus", profileId, parseCallValues(options));
    let attempts = new Attempts(call);
    let mayHaveSent = false;
    const read = async (signal: AbortSignal) => {
      mayHaveSent ||= attempts.mayHaveSent;
      const reading = { ...call, deadline: undefined, signal };
      attempts = new Attempts(reading);
      const { outcome, report } = await readStatus(attempts, toRequest(target, "GET"), reading);
      report();
      return outcome;
    };
    const timeoutError = () => attempts.deadlineError(operation, mayHaveSent);
    const { correlationId, clock, deadline } = call;
    return { operation, profileId, cardToken, correlationId, clock, deadline, read, timeoutError };
  }
}
