import {
  adviceFor,
  canProduce,
  describeErrorCode,
  type ErrorCodeDescription,
  type FailedProduction,
  isFinal,
  isProductionErrorCode,
  type KioskComponent,
  type NextStep,
  type ProducedProduction,
  type Production,
  type ProductionAdvice,
  type ProductionErrorCode,
  type ProductionStatus,
  parseProduction,
  type ReadyProduction,
  type RefusedProduction,
  type RequestErrorCode,
} from "wise-card-kiosk";
import type { Equal, Expect } from "./equal.js";

export function narrows(production: Production): string | null {
  switch (production.status) {
    case "READY":
    case "IN_PROGRESS":
    case "PRODUCED":
      return production.errorCode satisfies null;
    case "PRODUCTION_ERROR":
      return production.errorCode === "PRD_HOPPER_JAM" ? "jam" : production.errorCode;
    case "REQUEST_ERROR":
      return production.errorCode === "KIOSK_ID_NOT_FOUND" ? "kiosk" : production.errorCode;
    case "UNRECOGNIZED":
      return production.rawStatus;
    default:
      return production satisfies never;
  }
}

export function tellsWhatIsMissing(production: Production): string {
  switch (production.status) {
    case "READY":
    case "IN_PROGRESS":
    case "PRODUCED":
    case "PRODUCTION_ERROR":
    case "REQUEST_ERROR":
      return production.status satisfies ProductionStatus;
    default:
      // @ts-expect-error UNRECOGNIZED is not handled.
      return production satisfies never;
  }
}

type ErrorCode = ProductionErrorCode | RequestErrorCode;

// An editor lists the known codes, and other codes are accepted.
export type Listed = [
  Expect<Equal<Extract<FailedProduction["errorCode"], ProductionErrorCode>, ProductionErrorCode>>,
  Expect<Equal<Extract<RefusedProduction["errorCode"], RequestErrorCode>, RequestErrorCode>>,
  Expect<Equal<Extract<Production["errorCode"], ErrorCode>, ErrorCode>>,
];
export const newAtWise: FailedProduction["errorCode"] = "PRD_LASER";
// @ts-expect-error A code is a string.
export const numbered: FailedProduction["errorCode"] = 17;

export function guards(production: Production, code: string): void {
  if (canProduce(production)) production satisfies ReadyProduction | FailedProduction;
  if (isFinal(production)) production satisfies ProducedProduction;
  if (isProductionErrorCode(code)) code satisfies ProductionErrorCode;
  // @ts-expect-error A production is read-only.
  production.kioskId = "WIS00002";
}

export const parsed: Production = parseProduction(JSON.parse("{}"));

export function describes(production: FailedProduction): ErrorCodeDescription | undefined {
  // @ts-expect-error There is no such kind.
  describeErrorCode("kiosk", "PRD_HOPPER_JAM");
  const description = describeErrorCode("production", production.errorCode);
  // @ts-expect-error A code may be unknown.
  description.meaning satisfies string;
  return description;
}

export function saysWhetherACardMayBeLeft(description: ErrorCodeDescription): boolean {
  return description.mayLeaveCard;
}

// Every production has advice, with exactly these members.
export type Advice = Expect<
  Equal<
    ProductionAdvice,
    {
      readonly nextStep: NextStep | null;
      readonly meaning: string;
      readonly component: KioskComponent;
      readonly mayLeaveCard: boolean;
      readonly canProduce: boolean;
    }
  >
>;

export function advises(production: Production): string {
  const { nextStep, canProduce: mayProduce } = adviceFor(production) satisfies ProductionAdvice;
  switch (nextStep) {
    case "retry-later":
    case "fix-kiosk-and-retry":
    case "fix-request":
    case "check-status":
    case "contact-wise":
      return nextStep satisfies NextStep;
    case null:
      return mayProduce ? "print" : "done";
    default:
      return nextStep satisfies never;
  }
}
