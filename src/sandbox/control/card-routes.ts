import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { CardState } from "../../testing/api/card-state.js";
import type { SimulatedCard } from "../../testing/api/simulated-card.js";
import { cardHandle } from "../../testing/simulator/card-handle.js";
import { nearestMatch } from "../../text/nearest-match.js";
import type { Sandbox } from "../state/sandbox.js";
import { toCardView } from "../view/to-card-view.js";
import { type CardView, cardView } from "../view/view-schemas.js";
import { cardBody, failBody, produceBody } from "./control-bodies.js";
import { ControlProblem } from "./control-problem.js";
import { type ControlRequest, type ControlRoute, controlRoute } from "./control-route.js";

// A sandbox always has cards: it starts with one at least, and none is ever removed.

/** A request that contains nothing but the token of a card. */
type CardRequest = Pick<ControlRequest<unknown, unknown>, "params">;

function findCard({ core }: Sandbox, { params }: CardRequest): CardState {
  const { cardToken = "" } = params;
  core.clock.catchUp();
  const card = core.cards.get(cardToken);
  if (card !== undefined) return card;
  const nearest = nearestMatch(cardToken, core.cards.keys());
  throw new ControlProblem(404, `There is no card ${cardToken}. Did you mean ${nearest}?`);
}

/** Applies the controls of a card, and returns its new state. */
function changeCard(sandbox: Sandbox, request: CardRequest, change: (card: SimulatedCard) => void): CardView {
  const { cardToken } = findCard(sandbox, request);
  change(cardHandle(sandbox.core, cardToken));
  sandbox.changed();
  return toCardView(findCard(sandbox, request), sandbox.core);
}

/** A route that changes a card and needs no body. */
function action(name: string, summary: string, change: (card: SimulatedCard) => void): ControlRoute {
  return controlRoute("POST", `/cards/{cardToken}/${name}`, {
    id: `${name}Card`,
    summary,
    response: cardView,
    problems: [404],
    handle: (sandbox, request) => changeCard(sandbox, request, change),
  });
}

/** The routes about cards. */
export const CARD_ROUTES: readonly ControlRoute[] = [
  controlRoute("GET", "/cards", {
    id: "listCards",
    summary: "Lists the cards.",
    response: z.array(cardView),
    handle: ({ core }) => {
      core.clock.catchUp();
      return [...core.cards.values()].map((card) => toCardView(card, core));
    },
  }),
  controlRoute("POST", "/cards", {
    id: "addCard",
    summary: "Adds a card until the next reset.",
    body: cardBody,
    status: 201,
    response: cardView,
    problems: [409],
    handle: ({ core }, { body }) => {
      const [first] = [...core.cards.values()] as [CardState, ...CardState[]];
      const { ready = true, profileId = first.profileId, cardToken = randomUUID(), ...rest } = body;
      if (core.cards.has(cardToken)) throw new ControlProblem(409, `There is a card ${cardToken} already.`);
      const card = { profileId, cardToken, ...rest };
      return toCardView(core.addCard(ready ? card : { ...card, production: null }), core);
    },
  }),
  controlRoute("GET", "/cards/{cardToken}", {
    id: "getCard",
    summary: "Returns a card.",
    response: cardView,
    problems: [404],
    handle: (sandbox, request) => toCardView(findCard(sandbox, request), sandbox.core),
  }),
  action("ready", "Makes a card READY.", (card) => card.ready()),
  controlRoute("POST", "/cards/{cardToken}/produce", {
    id: "produceCard",
    summary: "Makes a card IN_PROGRESS, as if a kiosk had started to print it.",
    body: produceBody,
    response: cardView,
    problems: [404],
    handle: (sandbox, request) =>
      changeCard(sandbox, request, (card) => {
        card.produce(request.body.kioskId);
        sandbox.printStarted(card.cardToken);
      }),
  }),
  action("complete", "Makes a card PRODUCED: it is printed and collected.", (card) => card.complete()),
  action("collect", "Makes a card PRODUCED: the customer takes it.", (card) => card.collect()),
  controlRoute("POST", "/cards/{cardToken}/fail", {
    id: "failCard",
    summary: "Makes a card PRODUCTION_ERROR: the kiosk fails.",
    body: failBody,
    response: cardView,
    problems: [404],
    handle: (sandbox, request) => changeCard(sandbox, request, (card) => card.fail(request.body.errorCode)),
  }),
  controlRoute("POST", "/cards/{cardToken}/reject", {
    id: "rejectCard",
    summary: "Makes a card PRODUCTION_ERROR: no one takes it, and the kiosk moves it to the reject box.",
    body: failBody,
    response: cardView,
    problems: [404],
    handle: (sandbox, request) => changeCard(sandbox, request, (card) => card.reject(request.body.errorCode)),
  }),
  action("expire", "Makes a card older than 60 days, so that it cannot be produced.", (card) => card.expire()),
  controlRoute("POST", "/cards/{cardToken}/reset", {
    id: "resetCard",
    summary: "Restores the initial state of a card. Sends no webhook.",
    response: cardView,
    problems: [404],
    handle: (sandbox, request) => {
      const { cardToken } = findCard(sandbox, request);
      sandbox.core.resetCard(cardToken);
      return toCardView(findCard(sandbox, request), sandbox.core);
    },
  }),
];
