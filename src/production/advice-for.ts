import { printable } from "../text/printable.js";
import { describeErrorCode } from "./error-code-catalogue.js";
import type { ErrorCodeKind, NextStep } from "./error-code-description.js";
import { findComponent, type KioskComponent } from "./kiosk-component.js";
import { mayLeaveCard } from "./may-leave-card.js";
import type { FailedProduction, Production, RefusedProduction } from "./production.js";
import { canProduce } from "./production-flow.js";
import { unlistedError } from "./unlisted-error.js";

/** The meaning of a production, and what to do. */
export interface ProductionAdvice {
  /**
   * What to do next. `null` for two statuses: produce a `READY` card; a `PRODUCED` card needs no further action. For a card
   * that is `IN_PROGRESS` the step is `check-status`: follow the card. The advice comes from this package; an escalation
   * process agreed with Wise takes precedence.
   */
  readonly nextStep: NextStep | null;
  /**
   * What the state or the error code means, in plain English. If this version does not know it, or an error has no code, Wise's
   * description follows.
   */
  readonly meaning: string;
  /** The part that failed; `unknown` if nothing failed, or if no part is named. */
  readonly component: KioskComponent;
  /**
   * Whether a personalised card may be left in the machine or its reject box. If so, collect, count and destroy it. The advice
   * comes from this package: Wise does not document how far the kiosk got, so this is `true` if in doubt.
   */
  readonly mayLeaveCard: boolean;
  /**
   * Whether the card can be produced once the next step is done: the same as `canProduce(production)`. `false` for a
   * `REQUEST_ERROR`, which is the response to one request and not the state of the card: read the status.
   */
  readonly canProduce: boolean;
}

/**
 * Returns what a production means and what to do, for every status, with or without an error code.
 *
 * A `PRODUCTION_ERROR` without a code is what an uncollected card looks like: check the reject box, then produce the card
 * again. For a code that this version does not know, the advice depends on the part that its prefix names: `PRT_…` is a
 * printer error.
 *
 * @example
 * ```ts
 * import { adviceFor } from "wise-card-kiosk";
 *
 * await kiosk.produceCard({ ...card, kioskId: "WIS00001" });
 * const { nextStep, mayLeaveCard, canProduce } = adviceFor(await kiosk.waitForProduction(card));
 * console.log(nextStep, mayLeaveCard, canProduce);
 * // → fix-kiosk-and-retry true true
 * ```
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

/** Returns Wise's description as a sentence to append; empty if Wise sent none. */
function wiseWords({ description }: Production): string {
  const text = printable(description ?? "");
  return text === "" ? "" : ` Wise says: ${text.replace(/[.!]$/, "")}.`;
}
