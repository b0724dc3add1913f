import { decodeWithSchema } from "../../decoding/decode-with-schema.js";
import { produceRequestSchema, simulationRequestSchema } from "../../schemas/requests.js";
import { nearestMatch } from "../../text/nearest-match.js";
import { parseJson } from "../../text/parse-json.js";
import { type CardRoute, findPathname, findRoute, nearestRoute } from "./find-route.js";
import {
  type CardEffect,
  type CardResponse,
  handleProduce,
  handleRead,
  handleSimulation,
  type RequestContext,
  type VisibleCard,
} from "./handle-card-request.js";
import {
  type ApplicationState,
  handleSubscriptionRequest,
  type SubscriptionEffect,
} from "./handle-subscription-request.js";
import { handleTokenRequest, type IssuedToken } from "./handle-token-request.js";
import { badRequest, methodNotAllowed, notFound, unauthorized } from "./http-errors.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** The state of a card, with its ids. */
export interface IdentifiedCard extends VisibleCard {
  readonly profileId: string;
  readonly cardToken: string;
}

/** Everything that a response depends on. */
export interface SimulatorState {
  /** By card token. */
  readonly cards: ReadonlyMap<string, IdentifiedCard>;
  /** The application with its subscriptions. */
  readonly applicationState: ApplicationState;
  /** The simulator's time. */
  readonly now: Date;
  /** Returns whether an access token is accepted for the cards of a profile. */
  acceptsToken(token: string, profileId: string): boolean;
  /** Returns whether a token is one of the application itself, and still valid. */
  acceptsClientToken(token: string): boolean;
  /** Returns what a request about a card depends on besides the card. */
  contextFor(card: IdentifiedCard): RequestContext;
  /** Returns the card as a read shows it, which may lag. */
  readableState(card: IdentifiedCard): VisibleCard;
}

/** The effect of a request on what the simulator keeps. */
type RequestEffect =
  | { readonly kind: "card"; readonly cardToken: string; readonly effect: CardEffect }
  | SubscriptionEffect
  | IssuedToken;

/** A response, and the effect of the request. */
export interface HandledRequest {
  readonly response: SimulatedResponse;
  readonly effect?: RequestEffect;
}

/** Returns what Wise would respond, and the effect of the request, without applying it. */
export function handleRequest(request: SimulatedRequest, state: SimulatorState): HandledRequest {
  const route = findRoute(request.path);
  if (route === undefined) {
    return { response: notFound(`The simulator has no such path. The nearest is ${nearestRoute(request.path)}`) };
  }
  if (!Object.hasOwn(route.operations, request.method)) {
    const allowed = Object.keys(route.operations);
    return { response: methodNotAllowed(allowed, findPathname(request.path), state.now.toISOString()) };
  }
  switch (route.kind) {
    case "token":
      return handleTokenRequest(request, state.applicationState);
    case "subscription": {
      const refusal = refusedToken(request, (token) => state.acceptsClientToken(token));
      if (refusal !== undefined) return { response: unauthorized(refusal) };
      return handleSubscriptionRequest(route.operations[request.method], request, route, state.applicationState);
    }
    case "card": {
      const refusal = refusedToken(request, (token) => state.acceptsToken(token, route.profileId));
      return refusal === undefined ? handleKnownCard(request, route, state) : { response: unauthorized(refusal) };
    }
  }
}

function handleKnownCard(request: SimulatedRequest, route: CardRoute, state: SimulatorState): HandledRequest {
  const card = state.cards.get(route.cardToken);
  if (card === undefined || card.profileId !== route.profileId) {
    return { response: notFound(explainMissingCard(route, state)) };
  }
  const { response, effect } = handleCardRequest(request, card, state);
  if (effect === undefined) return { response };
  return { response, effect: { kind: "card", cardToken: card.cardToken, effect } };
}

function refusedToken({ headers }: SimulatedRequest, accepts: (token: string) => boolean) {
  const { authorization } = headers;
  if (authorization === undefined) return "missing_token";
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return token !== undefined && accepts(token) ? undefined : "invalid_token";
}

function explainMissingCard({ profileId, cardToken }: CardRoute, { cards }: SimulatorState): string {
  const card = cards.get(cardToken);
  if (card !== undefined) return `Card ${cardToken} belongs to profile ${card.profileId}, not ${profileId}`;
  const nearest = nearestMatch(cardToken, cards.keys());
  return nearest === undefined
    ? "The simulator has no cards"
    : `There is no card ${cardToken}. Did you mean ${nearest}?`;
}

function handleCardRequest(request: SimulatedRequest, card: IdentifiedCard, state: SimulatorState): CardResponse {
  const context = state.contextFor(card);
  if (request.method === "GET") return handleRead(state.readableState(card), context);
  const json = parseJson(request.body);
  const body =
    request.method === "PUT"
      ? decodeWithSchema(produceRequestSchema, json)
      : decodeWithSchema(simulationRequestSchema, json);
  if (!body.ok) return { response: badRequest(body.issues, state.now.toISOString()) };
  return "kioskId" in body.value
    ? handleProduce(decidingState(card, context, state), body.value.kioskId, context)
    : handleSimulation(card, body.value, context);
}

/** Returns the state of the card by which a production request is decided. */
function decidingState(card: IdentifiedCard, { assumptions }: RequestContext, state: SimulatorState): VisibleCard {
  return assumptions.decideByLaggingState ? state.readableState(card) : card;
}

/** Returns whether a request changes something: a refusal does not. */
export function hasChanged({ effect }: HandledRequest): boolean {
  return effect !== undefined && !(effect.kind === "card" && effect.effect.kind === "refuse");
}
