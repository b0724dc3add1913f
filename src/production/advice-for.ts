import { printable } from "../text/printable.js";
import { describeErrorCode } from "./error-code-catalogue.js";
import type { ErrorCodeKind, NextStep } from "./error-code-description.js";
import { findComponent, type KioskComponent } from "./kiosk-component.js";
import { mayLeaveCard } from "./left-card.js";
import type { FailedProduction, Production, RefusedProduction } from "./production.js";
import { canProduce } from "./production-flow.js";
import { unlistedError } from "./unlisted-error.js";

/** What a production means and what to do. */
export interface ProductionAdvice {
  /**
   * What to do next. `null` if nothing is wrong and nothing is under way: produce the card if it is `READY`; if it is
   * `PRODUCED`, no further action is needed. For a card that is `IN_PROGRESS` the step is `check-status`: follow it. Advice of
   * this package; an escalation process agreed with Wise takes precedence.
   */
  readonly nextStep: NextStep | null;
  /** What the state or the error code means, in plain English. If this version does not know it, Wise's description is added. */
  readonly meaning: string;
  /** The part that failed; `unknown` if no part is named or nothing failed. */
  readonly component: KioskComponent;
  /**
   * Whether a personalised card may be left in the machine or its reject box, to be collected, counted and destroyed. Advice
   * of this package: Wise does not document how far the kiosk had come, so this is `true` in doubt.
   */
  readonly mayLeaveCard: boolean;
  /**
   * Whether the card can be produced in this state, after the next step: the same as `canProduce(production)`. `false` for a
   * `REQUEST_ERROR`, because that is the answer to one request and not the state of the card: read the status.
   */
  readonly canProduce: boolean;
}

/**
 * Returns what a production means and what to do, for every status, with or without an error code.
 *
 * A `PRODUCTION_ERROR` without a code is what an uncollected card looks like: check the reject box, then produce the card
 * again. For a code that this version does not know, the advice is that for the part that its prefix names: `PRT_…` is an
 * error of the printer.
 *
 * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
 */
export function adviceFor(production: Production): ProductionAdvice {
  return { ...stateAdvice(production), canProduce: canProduce(production) };
}

type StateAdvice = Omit<ProductionAdvice, "canProduce">;

function stateAdvice(production: Production): StateAdvice {
  switch (production.status) {
    case "READY":
      return {
        nextStep: null,
        meaning: "The card is ready for production.",
        component: "unknown",
        mayLeaveCard: false,
      };
    case "IN_PROGRESS":
      return {
        nextStep: "check-status",
        meaning: "The kiosk is producing the card.",
        component: "unknown",
        mayLeaveCard: false,
      };
    case "PRODUCED":
      return {
        nextStep: null,
        meaning: "The card is produced and collected.",
        component: "unknown",
        mayLeaveCard: false,
      };
    case "PRODUCTION_ERROR":
      return errorAdvice("production", production);
    case "REQUEST_ERROR":
      return errorAdvice("request", production);
    case "UNRECOGNIZED":
      return {
        nextStep: "contact-wise",
        meaning: `This software does not know the status.${wiseWords(production)}`,
        component: findComponent(production.errorCode ?? ""),
        mayLeaveCard: true,
      };
  }
}

function errorAdvice(kind: ErrorCodeKind, production: FailedProduction | RefusedProduction): StateAdvice {
  const { errorCode } = production;
  const listed = describeErrorCode(kind, errorCode);
  const { nextStep, meaning, component } = listed ?? unlistedError(kind, errorCode);
  return {
    nextStep,
    meaning: listed === undefined ? `${meaning}${wiseWords(production)}` : meaning,
    component,
    mayLeaveCard: mayLeaveCard(kind, errorCode),
  };
}

/** Quotes Wise's description, to be appended to a sentence; empty if Wise sent none. */
function wiseWords({ description }: Production): string {
  const text = printable(description ?? "");
  return text === "" ? "" : ` Wise says: ${text.replace(/[.!]$/, "")}.`;
}
