import { decodeIssues } from "../../decoding/decode-issues.js";
import { produceRequestSchema, simulationRequestSchema } from "../../schemas/requests.js";
import { nearestMatch } from "../../text/nearest-match.js";
import { parseJson } from "../../text/parse-json.js";
import { findRoute, type KioskRoute, nearestRoute } from "./find-route.js";
import {
  type CardEffect,
  type CardResponse,
  type CardView,
  handleProduce,
  handleRead,
  handleSimulation,
  type RequestContext,
} from "./handle-card-request.js";
import { badRequest, methodNotAllowed, notFound, unauthorized } from "./http-errors.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** The state of a card, with its ids. */
export interface IdentifiedCard extends CardView {
  readonly profileId: string;
  readonly cardToken: string;
}

/** Everything that a response depends on. */
export interface SimulatorState {
  /** By card token. */
  readonly cards: ReadonlyMap<string, IdentifiedCard>;
  /** The simulator's time. */
  readonly now: Date;
  /** Whether an access token is accepted for the cards of a profile. */
  acceptsToken(token: string, profileId: string): boolean;
  /** Returns what a request about a card depends on besides the card. */
  contextFor(card: IdentifiedCard): RequestContext;
  /** Returns the card as a read shows it, which may lag. */
  readableState(card: IdentifiedCard): CardView;
}

/** A response, and the effect of the request on a card. */
export interface HandledRequest {
  readonly response: SimulatedResponse;
  readonly effect?: CardEffect;
  /** The token of the card that the request is about, if the card exists and the access token is accepted. */
  readonly cardToken?: string;
}

/** Returns what Wise would respond, and the effect of the request, without applying it. */
export function handleRequest(request: SimulatedRequest, state: SimulatorState): HandledRequest {
  const route = findRoute(request.path);
  if (route === undefined) {
    return { response: notFound(`The simulator has no such path. The nearest is ${nearestRoute(request.path)}`) };
  }
  if (!Object.hasOwn(route.operations, request.method)) {
    const allowed = Object.keys(route.operations);
    return { response: methodNotAllowed(allowed, request.path, state.now.toISOString()) };
  }
  const refusal = refusedToken(request, route, state);
  if (refusal !== undefined) return { response: unauthorized(refusal) };
  const card = state.cards.get(route.cardToken);
  if (card === undefined || card.profileId !== route.profileId)
    return { response: notFound(explainMissingCard(route, state)) };
  return { ...handleCardRequest(request, card, state), cardToken: card.cardToken };
}

function refusedToken({ headers }: SimulatedRequest, { profileId }: KioskRoute, state: SimulatorState) {
  const { authorization } = headers;
  if (authorization === undefined) return "missing_token";
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  return token !== undefined && state.acceptsToken(token, profileId) ? undefined : "invalid_token";
}

function explainMissingCard({ profileId, cardToken }: KioskRoute, { cards }: SimulatorState): string {
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
  const schema = request.method === "PUT" ? produceRequestSchema : simulationRequestSchema;
  const body = schema.safeParse(parseJson(request.body));
  if (!body.success) return { response: badRequest(decodeIssues(body.error.issues), state.now.toISOString()) };
  return "kioskId" in body.data
    ? handleProduce(decidingState(card, context, state), body.data.kioskId, context)
    : handleSimulation(card, body.data, context);
}

/** Returns the state of the card by which a production request is decided. */
function decidingState(card: IdentifiedCard, { assumptions }: RequestContext, state: SimulatorState): CardView {
  return assumptions.decideByLaggingState ? state.readableState(card) : card;
}
