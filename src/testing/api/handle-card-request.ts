import * as z from "zod";
import type { InProgressProduction, Production, RefusedProduction } from "../../production/production.js";
import { isWithinProductionWindow } from "../../production/production-window.js";
import { productionSchema } from "../../schemas/production.js";
import type { KioskSimulatorAssumptions, ProduceAssumption } from "./assumptions.js";
import { emptyResponse, givenResponse, jsonResponse } from "./json-response.js";
import { failedProduction, inProgressProduction, producedProduction, refusedProduction } from "./production-states.js";
import type { SimulatedResponse } from "./simulated-http.js";

/** The state of a card on which the response to a request depends. */
export interface VisibleCard {
  /** The state of the card in the flow; `undefined` before it is `READY`. */
  readonly production: Production | undefined;
  /** The state that a read shows, which may be a refusal. */
  readonly lastReported: Production | undefined;
  /** When the card was created. It can be produced for 60 days. */
  readonly createdAt: Date;
  /** The request error code with which the script refuses the next production request; `undefined` if it does not. */
  readonly scriptedRefusal: string | undefined;
}

/** Everything else on which the response to a request about a card depends. */
export interface RequestContext {
  /** The ids of the kiosks that exist. */
  readonly kiosks: ReadonlySet<string>;
  /** The kiosk to use if a production names none. */
  readonly firstKiosk: string;
  readonly assumptions: KioskSimulatorAssumptions;
  /** The simulator's time. */
  readonly now: Date;
  /** The time for the new state of the card: later than all earlier prints. */
  readonly occurredAt: string;
}

/** The effect of a request on a card. */
export type CardEffect =
  | { readonly kind: "start"; readonly production: InProgressProduction }
  | { readonly kind: "end"; readonly production: Production }
  | { readonly kind: "refuse"; readonly production: RefusedProduction; readonly scripted: boolean };

/** The response to a request, and its effect on the card. */
export interface CardResponse {
  readonly response: SimulatedResponse;
  readonly effect?: CardEffect;
}

/** Responds to a read of the production status. */
export function handleRead(card: VisibleCard, { assumptions }: RequestContext): CardResponse {
  if (card.lastReported === undefined) return { response: givenResponse(assumptions.readBeforeReady) };
  return { response: jsonResponse(200, encodeProduction(card.lastReported)) };
}

/** Responds to a request to produce a card at a kiosk. */
export function handleProduce(card: VisibleCard, kioskId: string, context: RequestContext): CardResponse {
  const { kiosks, occurredAt } = context;
  const assumption = findAssumption(card, context);
  if (typeof assumption === "object") return { response: givenResponse(assumption) };
  const code = assumption === "accept" ? (card.scriptedRefusal ?? unknownKiosk(kioskId, kiosks)) : assumption;
  if (code !== undefined) {
    const production = refusedProduction(kioskId, occurredAt, code);
    const scripted = code === card.scriptedRefusal && assumption === "accept";
    return {
      response: jsonResponse(422, encodeProduction(production)),
      effect: { kind: "refuse", production, scripted },
    };
  }
  const production = inProgressProduction(kioskId, occurredAt);
  // Wise's example of this response has these three fields and no others.
  const { status } = encodeProduction(production);
  return { response: jsonResponse(200, { status, kioskId, occurredAt }), effect: { kind: "start", production } };
}

/** Responds to a request that simulates the end of a production. */
export function handleSimulation(
  card: VisibleCard,
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
 * Returns the state in which a production ends.
 *
 * @param errorCode why it failed, or `null` if no code says why; `undefined` if it succeeded.
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

function findAssumption(card: VisibleCard, { assumptions, now }: RequestContext): ProduceAssumption {
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

/** Encodes a state as a response body, with the same schema that decodes it. */
function encodeProduction(production: Production) {
  return z.encode(productionSchema, production);
}
