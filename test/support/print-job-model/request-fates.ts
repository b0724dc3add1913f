import { KioskConnectionError, KioskPermissionError, KioskTimeoutError } from "wise-card-kiosk";

/** The fate of a request. */
export type RequestFate =
  | "responded"
  | "response lost"
  | "lost"
  | "late"
  | "gateway"
  | "not connected"
  | "rejected"
  | "refused"
  | "created";

/** The usual fates of requests: at most a late arrival, and never a request that is created but not started. */
export const USUAL_FATES: readonly RequestFate[] = [
  "responded",
  "response lost",
  "lost",
  "late",
  "responded",
  "not connected",
  "rejected",
  "refused",
];

export const createNoResponseError = (history: object = {}) =>
  new KioskConnectionError("no response", { requestSent: true, ...history });
export const createTooLateError = (history: object = {}) =>
  new KioskTimeoutError("too late", { requestSent: true, ...history });
export const AMBIGUOUS = { kind: "ambiguous", error: createNoResponseError, retryAfterMs: null } as const;

export const createForbiddenError = (history: object = {}) =>
  new KioskPermissionError("403", {
    httpStatus: 403,
    body: undefined,
    errorCode: null,
    errorMessage: null,
    correlationId: "id",
    traceId: null,
    retryAfterMs: null,
    ...history,
  });
