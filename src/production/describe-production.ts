import { printable } from "../text/printable.js";
import { adviceFor, type ProductionAdvice } from "./advice-for.js";
import type { NextStep } from "./error-code-description.js";
import type { Production } from "./production.js";

/** What to do after a `PRODUCTION_ERROR`: the card can be produced again. */
const AFTER_FAILURE: Readonly<Record<NextStep, string>> = {
  "retry-later": "Wait a little, then produce the card again.",
  "fix-kiosk-and-retry": "Fix this at the kiosk, then produce the card again.",
  "fix-request": "Correct the request, then produce the card again.",
  "check-status": "Read the status, then produce the card again if the status has not changed.",
  "contact-wise": "Contact Wise, and produce the card again once the cause is fixed.",
};

/** What to do after a `REQUEST_ERROR`: it is not the state of the card, so read the status first. */
const AFTER_REFUSAL: Readonly<Record<NextStep, string>> = {
  "retry-later": "Wait a little, then read the status, and repeat the request if the card can still be produced.",
  "fix-kiosk-and-retry":
    "Fix this at the kiosk, then read the status, and repeat the request if the card can still be produced.",
  "fix-request": "Check the kiosk id and the card, and send a corrected request. If both are correct, contact Wise.",
  "check-status": "Read the status before you produce the card again: it may already be in production.",
  "contact-wise": "Contact Wise: the same request would be refused again.",
};

const AFTER_CREATED_BUT_NOT_STARTED =
  "Do not produce the card again, even if its status is READY: follow it until the print starts. Produce it again only " +
  "after a PRODUCTION_ERROR. If the print does not start within a reasonable time, contact Wise.";

/**
 * Returns the advice of {@link adviceFor} as one line of English for a log or a clerk's screen: the state, its meaning,
 * whether to look for a card, and the next step. The line contains no control characters, whatever Wise sent.
 *
 * @example
 * ```ts
 * import { describeProduction } from "wise-card-kiosk";
 *
 * await kiosk.produceCard({ ...card, kioskId: "WIS00001" });
 * const failure = await kiosk.waitForProduction(card);
 * console.log(describeProduction(failure).split(". "));
 * // → [
 * // →   'PRODUCTION_ERROR (PRD_HOPPER_JAM) at kiosk WIS00001',
 * // →   'A card is jammed in the hopper',
 * // →   'Check the machine and its reject box for a card',
 * // →   'Fix this at the kiosk, then produce the card again.'
 * // → ]
 * ```
 */
export function describeProduction(production: Production): string {
  const advice = adviceFor(production);
  const code = printable(production.errorCode ?? "");
  const search = advice.mayLeaveCard ? " Check the machine and its reject box for a card." : "";
  return `${formatHeadline(production, code)} ${advice.meaning}${search} ${formatAction(production, code, advice)}`;
}

function formatHeadline(production: Production, code: string): string {
  const status = production.status === "UNRECOGNIZED" ? production.rawStatus : production.status;
  const kioskId = printable(production.kioskId ?? "");
  return `${printable(status)}${code === "" ? "" : ` (${code})`}${kioskId === "" ? "" : ` at kiosk ${kioskId}`}.`;
}

function formatAction({ status }: Production, code: string, { nextStep, canProduce }: ProductionAdvice): string {
  if (nextStep === null) return canProduce ? "Produce it at a kiosk." : "No further action is needed.";
  if (status === "IN_PROGRESS") return "Wait for the result.";
  if (status === "UNRECOGNIZED")
    return "Contact Wise, and do not produce the card until you know what the status means.";
  if (status === "REQUEST_ERROR") {
    return code === "REQUEST_CREATED_BUT_NOT_STARTED" ? AFTER_CREATED_BUT_NOT_STARTED : AFTER_REFUSAL[nextStep];
  }
  return code === "" ? "Then produce the card again." : AFTER_FAILURE[nextStep];
}
