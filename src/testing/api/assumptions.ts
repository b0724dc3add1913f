import type { RequestErrorCode } from "../../production/error-codes.js";

/** A response of your own. */
export interface AssumedResponse {
  /** The HTTP status: an integer from 200 to 599. */
  readonly httpStatus: number;
  /** The body. It is sent as JSON, and a string as it is. Default: an empty body that calls itself JSON. */
  readonly body?: unknown;
}

/**
 * What is assumed of a production request: `"accept"` (it is carried out), a request error code (422 with the status
 * `REQUEST_ERROR` and this code), or a response of your own.
 */
export type ProduceAssumption = "accept" | RequestErrorCode | (string & {}) | AssumedResponse;

/**
 * How the simulator behaves where Wise's documentation is silent. Every default is an assumption of this package: a test that
 * depends on one proves nothing about Wise.
 */
export interface KioskSimulatorAssumptions {
  /**
   * The response to producing a card that was created more than 60 days ago. Wise documents a 422 that cannot be retried, but not
   * its body. Default: 422 with a validation error, which is not a `REQUEST_ERROR`.
   */
  readonly produceExpiredCard: ProduceAssumption;
  /** The response to producing a card before it is `READY`. Default: `EMPTY_OR_NULL_FIELD_VALUE`. */
  readonly produceBeforeReady: ProduceAssumption;
  /** The response to producing a card that is `IN_PROGRESS`. Default: `REQUEST_ALREADY_EXISTS`. */
  readonly produceWhileInProgress: ProduceAssumption;
  /** The response to producing a card that is `PRODUCED`. Default: `REQUEST_ALREADY_EXISTS`. */
  readonly produceAfterProduced: ProduceAssumption;
  /** The response to reading a card before it is `READY`. Default: 404. */
  readonly readBeforeReady: AssumedResponse;
  /** The response to simulating the end of a production that was not requested. Default: 422. */
  readonly simulateBeforeProduce: "accept" | AssumedResponse;
  /** The response to simulating the end of a production that has ended already. Default: 422. */
  readonly simulateAfterResult: "accept" | AssumedResponse;
  /**
   * What `occurredAt` of `PRODUCED` and `PRODUCTION_ERROR` is: `"sent"`, the time when the request was sent to the kiosk, which
   * the `IN_PROGRESS` before has too and which is the letter of the documentation; or `"result"`, the time when the production
   * ended. Default: `"sent"`.
   */
  readonly occurredAtOfResult: "sent" | "result";
  /**
   * Whether a read shows the refusal of a production request until something else happens to the card. Default: `false`, a read
   * shows the status from before.
   */
  readonly refusalIsRead: boolean;
  /**
   * Whether a production request is decided by the state that a read shows at that moment, which lags by `readLagMs`, instead of
   * the card's own. A request that arrives while that state still is `READY` then starts a second print; the card's `history`
   * shows both. Default: `false`.
   */
  readonly decideByLaggingState: boolean;
}

/** The assumptions that differ from the defaults; one that is `undefined` keeps its default. */
export type GivenAssumptions = {
  readonly [Name in keyof KioskSimulatorAssumptions]?: KioskSimulatorAssumptions[Name] | undefined;
};

export const DEFAULT_ASSUMPTIONS: KioskSimulatorAssumptions = {
  produceExpiredCard: {
    httpStatus: 422,
    body: { errors: [{ code: "card.expired", message: "Card was created over 60 days ago", arguments: [] }] },
  },
  produceBeforeReady: "EMPTY_OR_NULL_FIELD_VALUE",
  produceWhileInProgress: "REQUEST_ALREADY_EXISTS",
  produceAfterProduced: "REQUEST_ALREADY_EXISTS",
  readBeforeReady: {
    httpStatus: 404,
    body: { type: "about:blank", title: "Not Found", status: 404, detail: "The card has no production yet" },
  },
  simulateBeforeProduce: {
    httpStatus: 422,
    body: clientError("card_production.not_started", "The production of this card was not requested"),
  },
  simulateAfterResult: {
    httpStatus: 422,
    body: clientError("card_production.ended", "The production of this card has ended"),
  },
  occurredAtOfResult: "sent",
  refusalIsRead: false,
  decideByLaggingState: false,
};

/** An error in the shape that Wise documents for its simulation endpoints. */
function clientError(code: string, description: string): unknown {
  return { code, category: "CLIENT", description, details: null };
}
