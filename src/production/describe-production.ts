import { printable } from "../text/printable.js";
import { describeErrorCode } from "./error-code-catalogue.js";
import type { ErrorCodeKind, NextStep } from "./error-code-description.js";
import type { FailedProduction, Production, RefusedProduction } from "./production.js";

const ADVICE: Record<NextStep, string> = {
  "retry-later": "Wait a little, then produce the card again.",
  "fix-kiosk-and-retry": "See to this at the kiosk, then produce the card again.",
  "fix-request": "Check the kiosk ID and the card, then produce the card again; if both are right, contact Wise.",
  "check-status": "Read the status before producing again: the card may be on its way already.",
  "contact-wise": "Do not produce the card again yet: contact Wise.",
};

/**
 * A production in one line, for a log or an operator's screen: state, meaning, next step, in English. For an error code that
 * this version does not know it quotes Wise's description. It holds no control characters, whatever Wise sent.
 *
 * @example `PRODUCTION_ERROR (PRD_HOPPER_JAM) at kiosk WIS00001. A card is jammed in the hopper. See to this at the kiosk,
 * then produce the card again.`
 */
export function describeProduction(production: Production): string {
  switch (production.status) {
    case "READY":
      return "READY. The card is ready for production. Produce it at a kiosk.";
    case "IN_PROGRESS":
      return `${headOf(production)} The kiosk is producing the card. Wait for the result.`;
    case "PRODUCED":
      return `${headOf(production)} The card is produced and collected. Nothing is left to do.`;
    case "PRODUCTION_ERROR":
      return describeError(production, "production", "contact-wise");
    case "REQUEST_ERROR":
      return describeError(production, "request", "check-status");
    case "UNRECOGNIZED":
      return `${headOf(production)} ${descriptionOf(production)} Do not produce the card again before you know what this status means.`;
  }
}

/** @param stepOtherwise the advice where the code is missing or not known: the most careful one. */
function describeError(
  production: FailedProduction | RefusedProduction,
  kind: ErrorCodeKind,
  stepOtherwise: NextStep,
): string {
  const known = describeErrorCode(kind, production.errorCode);
  const meaning = known?.meaning ?? descriptionOf(production);
  return `${headOf(production)} ${meaning} ${ADVICE[known?.nextStep ?? stepOtherwise]}`;
}

function headOf(production: Production): string {
  const status = production.status === "UNRECOGNIZED" ? production.rawStatus : production.status;
  const code = production.errorCode === null ? "" : ` (${printable(production.errorCode)})`;
  const place = production.kioskId === null ? "" : ` at kiosk ${printable(production.kioskId)}`;
  return `${printable(status)}${code}${place}.`;
}

function descriptionOf({ description }: Production): string {
  const text = description === null ? "" : printable(description);
  return text === "" ? "Wise gave no description." : `Wise says: ${text.replace(/[.!]$/, "")}.`;
}
