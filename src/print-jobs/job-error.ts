import { isKioskError } from "../errors/any-kiosk-error.js";
import type { PrintJobError } from "./record/print-job.js";

/** Codes look like this. Anything else may be prose, or a secret. */
const WORD = /^[\w.-]{1,64}$/;

/** Sums up an error for the record: codes only, nothing of what Wise or anyone else wrote. */
export function toPrintJobError(error: unknown): PrintJobError {
  if (!isKioskError(error)) return { code: null, httpStatus: null, errorCode: null };
  const { code, httpStatus, errorCode }: { code: string; httpStatus?: unknown; errorCode?: unknown } = error;
  return {
    code,
    httpStatus: typeof httpStatus === "number" ? httpStatus : null,
    errorCode: typeof errorCode === "string" && WORD.test(errorCode) ? errorCode : null,
  };
}
