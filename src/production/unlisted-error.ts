import { printable } from "../text/printable.js";
import type { ErrorCodeKind, NextStep } from "./error-code-description.js";
import { findComponent, type KioskComponent } from "./kiosk-component.js";

/** The description of an error that is not in the catalogue. */
export interface UnlistedError {
  /** The part that failed; `unknown` if no part is named. */
  readonly component: KioskComponent;
  /** One sentence for a clerk. */
  readonly meaning: string;
  /** What to do next. */
  readonly nextStep: NextStep;
}

const REFUSED_WITHOUT_CODE: UnlistedError = {
  component: "request",
  meaning: "The request was not accepted, and Wise sent no error code.",
  nextStep: "check-status",
};

const FAILED_WITHOUT_CODE: UnlistedError = {
  component: "unknown",
  meaning: "No one collected the card, or the production failed and Wise sent no error code.",
  nextStep: "fix-kiosk-and-retry",
};

/** The name of the error, and the step that helps with most known errors of that part. */
const BY_COMPONENT: Readonly<Record<KioskComponent, readonly [error: string, nextStep: NextStep]>> = {
  request: ["request error", "check-status"],
  "central-base": ["main server (central base) error", "retry-later"],
  "data-preparation": ["data preparation error", "retry-later"],
  satellite: ["satellite agent error", "fix-kiosk-and-retry"],
  printer: ["printer error", "fix-kiosk-and-retry"],
  production: ["production error", "fix-kiosk-and-retry"],
  inventory: ["card inventory error", "contact-wise"],
  unknown: ["error", "contact-wise"],
};

/**
 * Describes an error with a code that this version does not know by the code's prefix, and an error without a code by its kind.
 *
 * After a `REQUEST_ERROR` the step is always `check-status`, because an unknown code may mean that the request exists and prints
 * later.
 *
 * @param code a code that is not in the catalogue; `null` or blank if Wise sent none.
 */
export function unlistedError(kind: ErrorCodeKind, code: string | null): UnlistedError {
  if (printable(code ?? "") === "") return kind === "request" ? REFUSED_WITHOUT_CODE : FAILED_WITHOUT_CODE;
  const named = findComponent(code ?? "");
  const component = kind === "request" && named === "unknown" ? "request" : named;
  const [error, nextStep] = BY_COMPONENT[component];
  return {
    component,
    meaning: `This software does not know this ${error}.`,
    nextStep: kind === "request" ? "check-status" : nextStep,
  };
}
