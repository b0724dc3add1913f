import * as z from "zod";
import type { InProgressProduction, Production, RefusedProduction } from "../../production/production.js";
import { isWithinProductionWindow } from "../../production/production-window.js";
import { productionSchema } from "../../schemas/production.js";
import type { KioskSimulatorAssumptions, ProduceAssumption } from "./assumptions.js";
import { emptyResponse, givenResponse, jsonResponse } from "./json-response.js";
import { failedProduction, inProgressProduction, producedProduction, refusedProduction } from "./production-states.js";
import type { SimulatedResponse } from "./simulated-http.js";

/** What is known of a card when a request about it is judged. */
export interface CardView {
  /** Where the card stands in the flow; `undefined` before it is `READY`. */
  readonly production: Production | undefined;
  /** What reading its status shows, which may be a refusal. */
  readonly lastReported: Production | undefined;
  readonly createdAt: Date;
  /** The request error code with which the next production request is to be refused, if one is. */
  readonly scriptedRefusal: string | undefined;
}

/** The circumstances of a request about a card. */
export interface RequestContext {
  readonly kiosks: ReadonlySet<string>;
  /** The kiosk of a production for which none was named. */
  readonly firstKiosk: string;
  readonly assumptions: KioskSimulatorAssumptions;
  readonly now: Date;
  /** The time of what happens now: later than the attempts before. */
  readonly occurredAt: string;
}

/** What a request does to a card. */
export type CardEffect =
  | { readonly kind: "start"; readonly production: InProgressProduction }
  | { readonly kind: "end"; readonly production: Production }
  | { readonly kind: "refuse"; readonly production: RefusedProduction; readonly scripted: boolean };

/** What comes of a request: the answer, and what it does to the card. */
export interface CardResponse {
  readonly response: SimulatedResponse;
  readonly effect?: CardEffect;
}

/** Reading the status of a production. */
export function handleRead(card: CardView, { assumptions }: RequestContext): CardResponse {
  if (card.lastReported === undefined) return { response: givenResponse(assumptions.readBeforeReady) };
  return { response: jsonResponse(200, encoded(card.lastReported)) };
}

/** Asking a kiosk to produce a card. */
export function handleProduce(card: CardView, kioskId: string, context: RequestContext): CardResponse {
  const { kiosks, occurredAt } = context;
  const assumption = findAssumption(card, context);
  if (typeof assumption === "object") return { response: givenResponse(assumption) };
  const code = assumption === "accept" ? (card.scriptedRefusal ?? unknownKiosk(kioskId, kiosks)) : assumption;
  if (code !== undefined) {
    const production = refusedProduction(kioskId, occurredAt, code);
    const scripted = code === card.scriptedRefusal && assumption === "accept";
    return { response: jsonResponse(422, encoded(production)), effect: { kind: "refuse", production, scripted } };
  }
  const production = inProgressProduction(kioskId, occurredAt);
  // Wise's example of this answer has these three fields and no others.
  const { status } = encoded(production);
  return { response: jsonResponse(200, { status, kioskId, occurredAt }), effect: { kind: "start", production } };
}

/** Simulating the end of a production. */
export function handleSimulation(
  card: CardView,
  result: { readonly status: "PRODUCED" | "PRODUCTION_ERROR"; readonly errorCode?: string | null | undefined },
  context: RequestContext,
): CardResponse {
  const { assumptions } = context;
  const { production } = card;
  const started = production !== undefined && production.status !== "READY";
  const assumption = started ? assumptions.simulateAfterResult : assumptions.simulateBeforeProduce;
  if (production?.status !== "IN_PROGRESS" && assumption !== "accept") return { response: givenResponse(assumption) };
  const errorCode = result.status === "PRODUCED" ? undefined : (result.errorCode ?? null);
  const end = endedProduction(production, errorCode, context);
  return { response: emptyResponse(200), effect: { kind: "end", production: end } };
}

/**
 * The state in which a production ends.
 *
 * @param errorCode why it failed; `undefined` if it did not.
 */
export function endedProduction(
  production: Production | undefined,
  errorCode: string | null | undefined,
  { assumptions, firstKiosk, occurredAt }: RequestContext,
): Production {
  const kioskId = production?.kioskId ?? firstKiosk;
  const sentAt = production?.status === "IN_PROGRESS" ? production.occurredAt : null;
  const at = assumptions.occurredAtOfResult === "sent" ? (sentAt ?? occurredAt) : occurredAt;
  return errorCode === undefined ? producedProduction(kioskId, at) : failedProduction(kioskId, at, errorCode);
}

function findAssumption(card: CardView, { assumptions, now }: RequestContext): ProduceAssumption {
  if (!isWithinProductionWindow(card.createdAt, now)) return assumptions.produceExpiredCard;
  switch (card.production?.status) {
    case undefined:
      return assumptions.produceBeforeReady;
    case "IN_PROGRESS":
      return assumptions.produceWhileInProgress;
    case "PRODUCED":
      return assumptions.produceAfterProduced;
    default:
      return "accept";
  }
}

function unknownKiosk(kioskId: string, kiosks: ReadonlySet<string>): string | undefined {
  return kiosks.has(kioskId) ? undefined : "KIOSK_ID_NOT_FOUND";
}

/** The state as Wise puts it in a body: encoded by the very schema with which it is decoded. */
function encoded(production: Production) {
  return z.encode(productionSchema, production);
}
