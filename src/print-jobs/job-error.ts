import { isKioskError } from "../errors/any-kiosk-error.js";
import type { PrintJobError } from "./record/print-job.js";

/** The shape of a code. Any other text may be prose, or a secret. */
const CODE_SHAPE = /^[\w.-]{1,64}$/;

/** Returns the summary of an error for the stored job: codes only, no text from Wise or anyone else. */
export function toPrintJobError(error: unknown): PrintJobError {
  if (!isKioskError(error)) return { code: null, httpStatus: null, errorCode: null };
  const { code, httpStatus, errorCode }: { code: string; httpStatus?: unknown; errorCode?: unknown } = error;
  return {
    code,
    httpStatus: typeof httpStatus === "number" ? httpStatus : null,
    errorCode: typeof errorCode === "string" && CODE_SHAPE.test(errorCode) ? errorCode : null,
  };
}
