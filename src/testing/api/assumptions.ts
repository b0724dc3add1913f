import type { RequestErrorCode } from "../../production/error-codes.js";

/** A custom response. */
export interface AssumedResponse {
  /** The HTTP status: an integer from 200 to 599. With 204, 205 and 304 no body is sent. */
  readonly httpStatus: number;
  /**
   * The body: a string is sent unchanged as text, anything else as JSON, with at most 100 levels of arrays and objects. Default: an
   * empty body with a JSON content type.
   */
  readonly body?: unknown;
}

/**
 * The response to a production request: `"accept"` handles it as if the card were `READY`, a request error code refuses it (422
 * with the status `REQUEST_ERROR` and this code), and an object is a custom response.
 */
export type ProduceAssumption = "accept" | RequestErrorCode | (string & {}) | AssumedResponse;

/**
 * How the simulator behaves in cases that Wise does not document. Every default is an assumption of this package: a test that
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
  /**
   * The response to simulating the end of a production that was not requested. With `"accept"` the simulation takes effect.
   * Default: 422.
   */
  readonly simulateBeforeProduce: "accept" | AssumedResponse;
  /**
   * The response to simulating the end of a production that has already ended. With `"accept"` the simulation takes effect.
   * Default: 422.
   */
  readonly simulateAfterResult: "accept" | AssumedResponse;
  /**
   * The `occurredAt` of `PRODUCED` and `PRODUCTION_ERROR`: `"sent"` is the time when the request was sent to the kiosk, the same as
   * for `IN_PROGRESS`, as the documentation says; `"result"` is the time when the production ended. Default: `"sent"`.
   */
  readonly occurredAtOfResult: "sent" | "result";
  /**
   * Whether reads show the refusal of a production request until the status changes. Default: `false`, so reads keep showing the
   * previous status.
   */
  readonly refusalIsRead: boolean;
  /**
   * Whether production requests are decided by the state that a read shows at that moment, which lags by `readLagMs`, instead of
   * the card's actual state. A request that arrives while that state is still `READY` then starts a second print; the card's
   * `history` shows both. Default: `false`.
   */
  readonly decideByLaggingState: boolean;
  /**
   * Whether a list of subscriptions shows when each was created. Wise's examples of a list do not. Default: `false`.
   */
  readonly listShowsCreatedAt: boolean;
}

/** Assumptions that replace the defaults. A missing or `undefined` one keeps its default. */
export type GivenAssumptions = {
  readonly [Name in keyof KioskSimulatorAssumptions]?: KioskSimulatorAssumptions[Name] | undefined;
};

/** The default assumptions. */
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
    body: clientError("card_production.not_started", "The production of this card has not been requested"),
  },
  simulateAfterResult: {
    httpStatus: 422,
    body: clientError("card_production.ended", "The production of this card has already ended"),
  },
  occurredAtOfResult: "sent",
  refusalIsRead: false,
  decideByLaggingState: false,
  listShowsCreatedAt: false,
};

/** Returns an error body in the shape that Wise documents for its simulation endpoints. */
function clientError(code: string, description: string): unknown {
  return { code, category: "CLIENT", description, details: null };
}
