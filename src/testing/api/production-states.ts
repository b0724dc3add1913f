import { describeErrorCode } from "../../production/error-code-catalogue.js";
import type {
  FailedProduction,
  InProgressProduction,
  ProducedProduction,
  ReadyProduction,
  RefusedProduction,
} from "../../production/production.js";

// The states of a simulated card, with Wise's descriptions if they are documented.

export function readyProduction(occurredAt: string): ReadyProduction {
  return { status: "READY", kioskId: null, occurredAt, errorCode: null, description: "Card ready for production" };
}

export function inProgressProduction(kioskId: string, occurredAt: string): InProgressProduction {
  return { status: "IN_PROGRESS", kioskId, occurredAt, errorCode: null, description: "Card in production" };
}

export function producedProduction(kioskId: string, occurredAt: string): ProducedProduction {
  return { status: "PRODUCED", kioskId, occurredAt, errorCode: null, description: "Card produced" };
}

export function failedProduction(kioskId: string, occurredAt: string, errorCode: string | null): FailedProduction {
  const description = describeErrorCode("production", errorCode)?.meaning ?? "Card production failed";
  return { status: "PRODUCTION_ERROR", kioskId, occurredAt, errorCode, description };
}

export function refusedProduction(kioskId: string, occurredAt: string, errorCode: string | null): RefusedProduction {
  const description = describeErrorCode("request", errorCode)?.meaning ?? "Card production request failed";
  return { status: "REQUEST_ERROR", kioskId, occurredAt, errorCode, description };
}
