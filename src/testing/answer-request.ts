import { decodeIssues } from "../decoding/decode-issues.js";
import { produceRequestSchema } from "../schemas/produce-request.js";
import { simulationRequestSchema } from "../schemas/simulation-request.js";
import { nearestMatch } from "../text/nearest-match.js";
import { findRoute, type KioskRoute, nearestRoute } from "./find-route.js";
import { badRequest, methodNotAllowed, notFound, unauthorized } from "./http-errors.js";
import {
  type CardEffect,
  type CardView,
  type Circumstances,
  type Judgement,
  judgeProduce,
  judgeRead,
  judgeSimulation,
} from "./judge-card-request.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** A card among others. */
export interface IdentifiedCard extends CardView {
  readonly profileId: string;
  readonly cardToken: string;
}

/** All that an answer depends on. */
export interface KioskWorld {
  /** By card token. */
  readonly cards: ReadonlyMap<string, IdentifiedCard>;
  readonly now: Date;
  isTokenAccepted(token: string, profileId: string): boolean;
  circumstancesOf(card: IdentifiedCard): Circumstances;
  /** The card as a read shows it, which may lag. */
  readableState(card: IdentifiedCard): CardView;
}

/** An answer, and what the request does to which card. */
export interface Answer {
  readonly response: SimulatedResponse;
  readonly effect?: CardEffect;
  readonly cardToken?: string;
}

/** What Wise would answer. It changes nothing itself. */
export function answerRequest(request: SimulatedRequest, world: KioskWorld): Answer {
  const route = findRoute(request.path);
  if (route === undefined) {
    return { response: notFound(`The simulator has no such path. The nearest is ${nearestRoute(request.path)}`) };
  }
  if (!Object.hasOwn(route.operations, request.method)) {
    const allowed = Object.keys(route.operations);
    return { response: methodNotAllowed(allowed, request.path, world.now.toISOString()) };
  }
  const refusal = refusedToken(request, route, world);
  if (refusal !== undefined) return { response: unauthorized(refusal) };
  const card = world.cards.get(route.cardToken);
  if (card === undefined || card.profileId !== route.profileId) return { response: notFound(noCard(route, world)) };
  return { ...judge(request, card, world), cardToken: card.cardToken };
}

function refusedToken({ headers }: SimulatedRequest, { profileId }: KioskRoute, world: KioskWorld) {
  const { authorization } = headers;
  if (authorization === undefined) return "missing_token";
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  return token !== undefined && world.isTokenAccepted(token, profileId) ? undefined : "invalid_token";
}

function noCard({ profileId, cardToken }: KioskRoute, { cards }: KioskWorld): string {
  const card = cards.get(cardToken);
  if (card !== undefined) return `Card ${cardToken} is of profile ${card.profileId}, not ${profileId}`;
  const nearest = nearestMatch(cardToken, cards.keys());
  return nearest === undefined
    ? "The simulator has no cards"
    : `There is no card ${cardToken}. The nearest is ${nearest}`;
}

function judge(request: SimulatedRequest, card: IdentifiedCard, world: KioskWorld): Judgement {
  const circumstances = world.circumstancesOf(card);
  if (request.method === "GET") return judgeRead(world.readableState(card), circumstances);
  const schema = request.method === "PUT" ? produceRequestSchema : simulationRequestSchema;
  const body = schema.safeParse(parsedJson(request.body));
  if (!body.success) return { response: badRequest(decodeIssues(body.error.issues), world.now.toISOString()) };
  return "kioskId" in body.data
    ? judgeProduce(decidingState(card, circumstances, world), body.data.kioskId, circumstances)
    : judgeSimulation(card, body.data, circumstances);
}

/** The card as a production request is decided by it. */
function decidingState(card: IdentifiedCard, { assumptions }: Circumstances, world: KioskWorld): CardView {
  return assumptions.decideByLaggingState ? world.readableState(card) : card;
}

/** What a text says as JSON; `undefined` if it is not JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
