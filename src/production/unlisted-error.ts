import { printable } from "../text/printable.js";
import type { ErrorCodeKind, NextStep } from "./error-code-description.js";
import { findComponent, type KioskComponent } from "./kiosk-component.js";

/** What can be said of an error that is not in the catalogue. */
export interface UnlistedError {
  readonly component: KioskComponent;
  readonly meaning: string;
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

/** What failed, and the step that helps with most known errors of that part. */
const BY_COMPONENT: Readonly<Record<KioskComponent, readonly [what: string, nextStep: NextStep]>> = {
  request: ["An error of the request", "check-status"],
  "central-base": ["An error of the main server (central base)", "retry-later"],
  "data-preparation": ["An error of the data preparation", "retry-later"],
  satellite: ["An error of the satellite agent", "fix-kiosk-and-retry"],
  printer: ["An error of the printer", "fix-kiosk-and-retry"],
  production: ["An error of the production", "fix-kiosk-and-retry"],
  inventory: ["An error of the card inventory", "contact-wise"],
  unknown: ["An error", "contact-wise"],
};

/**
 * Describes an error by its code's prefix if this version does not know the code, and by its kind if there is no code.
 *
 * After a `REQUEST_ERROR` the step is always `check-status`, because a code that this version does not know may mean that the
 * request exists and is printed later.
 *
 * @param code is not in the catalogue; `null` or blank if Wise sent none.
 */
export function unlistedError(kind: ErrorCodeKind, code: string | null): UnlistedError {
  if (printable(code ?? "") === "") return kind === "request" ? REFUSED_WITHOUT_CODE : FAILED_WITHOUT_CODE;
  const named = findComponent(code ?? "");
  const component = kind === "request" && named === "unknown" ? "request" : named;
  const [what, nextStep] = BY_COMPONENT[component];
  return {
    component,
    meaning: `${what} that this software does not know.`,
    nextStep: kind === "request" ? "check-status" : nextStep,
  };
}
