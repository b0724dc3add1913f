import {
  type AnyKioskError,
  describeErrorCode,
  describeProduction,
  isKioskError,
  type NextStep,
  type Production,
} from "wise-card-kiosk";

/** What the till is told: an HTTP status for its program, and for the clerk a message and what to do. */
export interface TillAnswer {
  readonly httpStatus: number;
  readonly next: "print" | "wait" | "done" | "order-new-card" | NextStep;
  readonly message: string;
}

const HTTP_STATUS: Readonly<Record<NextStep, number>> = {
  "retry-later": 503,
  "fix-kiosk-and-retry": 409,
  "fix-request": 422,
  "check-status": 409,
  "contact-wise": 502,
};

/** Where a card stands, for the till. */
export function answerTo(production: Production): TillAnswer {
  const message = describeProduction(production);
  switch (production.status) {
    case "READY":
      return { httpStatus: 200, next: "print", message };
    case "IN_PROGRESS":
      return { httpStatus: 202, next: "wait", message };
    case "PRODUCED":
      return { httpStatus: 200, next: "done", message };
    case "PRODUCTION_ERROR":
      return answerWith(describeErrorCode("production", production.errorCode)?.nextStep ?? "contact-wise", message);
    case "REQUEST_ERROR":
      return answerWith(describeErrorCode("request", production.errorCode)?.nextStep ?? "check-status", message);
    case "UNRECOGNIZED":
      return answerWith("contact-wise", message);
  }
}

/** A call that failed, for the till. It tells nothing of the bank's credentials or of Wise's answer. */
export function answerToError(error: unknown): TillAnswer {
  if (!isKioskError(error)) return { httpStatus: 500, next: "contact-wise", message: "The bank's own program failed." };
  if (error.mayHaveTakenEffect) {
    return {
      httpStatus: 504,
      next: "check-status",
      message: "The card may be on its way: look before printing again.",
    };
  }
  return answerToCode(error.code);
}

function answerToCode(code: AnyKioskError["code"]): TillAnswer {
  switch (code) {
    case "ERR_ARGUMENT":
      return answerWith("fix-request", "The kiosk or the card is not named as it has to be.");
    case "ERR_NOT_FOUND":
      return answerWith("fix-request", "Wise does not know this card.");
    case "ERR_UNPROCESSABLE":
      return {
        httpStatus: 422,
        next: "order-new-card",
        message: "Wise can not print this card: is it over 60 days old?",
      };
    case "ERR_RATE_LIMIT":
    case "ERR_SERVER":
    case "ERR_CONNECTION":
    case "ERR_TIMEOUT":
      return answerWith("retry-later", "Wise can not be reached right now. This request printed nothing.");
    case "ERR_TOKEN":
    case "ERR_AUTHENTICATION":
    case "ERR_PERMISSION":
      return answerWith("contact-wise", "The bank's access to this customer's cards has ended.");
    case "ERR_API":
    case "ERR_DECODE":
      return answerWith("contact-wise", "Wise gave an answer that the bank's program does not know.");
    case "ERR_WAIT_TIMEOUT":
    case "ERR_WEBHOOK_SIGNATURE":
    case "ERR_WEBHOOK_FOREIGN":
    case "ERR_WEBHOOK_PAYLOAD":
      return { httpStatus: 500, next: "contact-wise", message: "The bank's own program failed." };
  }
}

function answerWith(next: NextStep, message: string): TillAnswer {
  return { httpStatus: HTTP_STATUS[next], next, message };
}
