import { adviceFor, describeProduction, isKioskError, type NextStep, type Production } from "wise-card-kiosk";

/** What the clerk's screen gets: an HTTP status for its program, and a message and the next step for the clerk. */
export interface TillResponse {
  readonly httpStatus: number;
  readonly next: "print" | "wait" | "done" | "order-new-card" | "connect-again" | NextStep;
  readonly message: string;
}

const HTTP_STATUS: Readonly<Record<TillResponse["next"], number>> = {
  print: 200,
  wait: 202,
  done: 200,
  "retry-later": 503,
  "fix-kiosk-and-retry": 409,
  "fix-request": 422,
  "order-new-card": 422,
  "connect-again": 409,
  "check-status": 409,
  "contact-wise": 502,
};

/** Returns what a state of the card means for the clerk's screen. */
export function toTillResponse(production: Production): TillResponse {
  const { nextStep, canProduce } = adviceFor(production);
  const next = production.status === "IN_PROGRESS" ? "wait" : (nextStep ?? (canProduce ? "print" : "done"));
  return createResponse(next, describeProduction(production));
}

const UNREACHABLE = createResponse("retry-later", "Wise cannot be reached right now. This request printed nothing.");
const CONNECT_AGAIN = createResponse("connect-again", "The customer must connect the Wise account to the bank again.");
const NO_ACCESS = createResponse("contact-wise", "The bank cannot access this customer's cards.");

/** Returns what a failed call means for the clerk's screen. It contains no credentials of the bank and no text from Wise. */
export function errorToTillResponse(error: unknown): TillResponse {
  if (!isKioskError(error) || error.mayHaveTakenEffect) {
    const message = "The card may be printing. Check it before you print again.";
    return { httpStatus: 504, next: "check-status", message };
  }
  switch (error.code) {
    case "ERR_ARGUMENT":
      return createResponse("fix-request", "The kiosk id or the card token is not valid.");
    case "ERR_NOT_FOUND":
      return createResponse("fix-request", "Wise does not know this card.");
    case "ERR_UNPROCESSABLE":
      return createResponse("order-new-card", "Wise cannot print this card. It may be over 60 days old.");
    case "ERR_RATE_LIMIT":
    case "ERR_SERVER":
    case "ERR_CONNECTION":
    case "ERR_TIMEOUT":
      return UNREACHABLE;
    case "ERR_TOKEN":
      return tokenErrorToTillResponse(error.cause);
    case "ERR_AUTHENTICATION":
      return CONNECT_AGAIN;
    case "ERR_PERMISSION":
      return NO_ACCESS;
    default:
      return createResponse("contact-wise", "The bank's program cannot process Wise's response.");
  }
}

/** Returns what it means that there is no token. Its `mayHaveTakenEffect` is about the token: nothing was sent for the card. */
function tokenErrorToTillResponse(cause: unknown): TillResponse {
  if (!isKioskError(cause)) return NO_ACCESS;
  if ("errorCode" in cause && cause.errorCode === "invalid_grant") return CONNECT_AGAIN;
  const isTransient = ["ERR_RATE_LIMIT", "ERR_SERVER", "ERR_CONNECTION", "ERR_TIMEOUT"].includes(cause.code);
  return isTransient ? UNREACHABLE : NO_ACCESS;
}

function createResponse(next: TillResponse["next"], message: string): TillResponse {
  return { httpStatus: HTTP_STATUS[next], next, message };
}
