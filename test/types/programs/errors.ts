import {
  type AnyKioskError,
  isKioskError,
  type KioskApiError,
  KioskConnectionError,
  KioskError,
  type KioskErrorCode,
  KioskTimeoutError,
  mayHaveTakenEffect,
  type Production,
} from "wise-card-kiosk";
import type { Equal, Expect } from "./equal.js";

export function narrows(caught: unknown): string | number | boolean | null {
  if (!isKioskError(caught)) return null;
  caught.mayHaveTakenEffect satisfies boolean;
  caught.productionAfter satisfies Production | undefined;
  caught.correlationId satisfies string | undefined;
  switch (caught.code) {
    case "ERR_ARGUMENT":
      return caught.argument;
    case "ERR_TOKEN":
    case "ERR_INTENT":
      return caught.name;
    case "ERR_API":
    case "ERR_AUTHENTICATION":
    case "ERR_PERMISSION":
    case "ERR_NOT_FOUND":
    case "ERR_UNPROCESSABLE":
    case "ERR_SERVER":
      return caught.httpStatus;
    case "ERR_RATE_LIMIT":
      return caught.rateLimitedBy;
    case "ERR_CONNECTION":
    case "ERR_TIMEOUT":
      return caught.requestSent;
    case "ERR_WAIT_TIMEOUT":
      return caught.lastProduction?.status ?? null;
    case "ERR_DECODE":
    case "ERR_WEBHOOK_PAYLOAD":
      return caught.issues.map(({ path }) => path).join();
    case "ERR_PRINT_JOB_CONFLICT":
      return caught.job.id;
    case "ERR_PRINT_JOB_STORE":
      return caught.job?.id ?? null;
    case "ERR_WEBHOOK_SIGNATURE":
      return caught.reason;
    case "ERR_WEBHOOK_FOREIGN":
      return caught.subscriptionId;
    default:
      return caught satisfies never;
  }
}

export function tellsWhatIsNotThere(caught: AnyKioskError): void {
  if (caught.code === "ERR_TOKEN") {
    // @ts-expect-error There was no response.
    caught.httpStatus satisfies number;
  }
  // @ts-expect-error There is no such code.
  if (caught.code === "ERR_PRINTER") throw caught;
}

export type Codes = Expect<Equal<AnyKioskError["code"], KioskErrorCode>>;

export function instances(caught: unknown): void {
  if (caught instanceof KioskError) caught.code satisfies string;
  if (caught instanceof KioskTimeoutError) {
    caught.code satisfies "ERR_TIMEOUT";
    caught satisfies KioskConnectionError<"ERR_TIMEOUT">;
  }
  if (caught instanceof KioskConnectionError) caught.requestSent satisfies boolean;
}

export function generic(error: KioskApiError): "ERR_API" {
  error.correlationId satisfies string;
  error.body satisfies unknown;
  return error.code;
}

export function asksAboutAnything(caught: unknown): boolean {
  return mayHaveTakenEffect(caught);
}

export function withUndefined(): KioskError {
  const nothing = { cause: undefined, correlationId: undefined, mayHaveTakenEffect: undefined };
  return new KioskConnectionError("Reset.", { requestSent: true, ...nothing });
}
