import type { Production } from "../production/production.js";
import { PRODUCTION_WINDOW_DAYS } from "../production/production-window.js";
import type { CardState } from "./card-state.js";
import { endedProduction } from "./judge-card-request.js";
import { inProgressProduction, readyProduction } from "./production-states.js";
import type { SimulatedCard } from "./simulated-card.js";
import type { SimulatorCore } from "./simulator-core.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The controls of a card. They look the card up each time, so that they stay valid when the simulator is reset.
 *
 * @throws {KioskArgumentError} if there is no such card.
 */
export function cardHandle(core: SimulatorCore, cardToken: string): SimulatedCard {
  const { profileId } = core.card(cardToken);
  const become = (next: (card: CardState) => Production): SimulatedCard => {
    const card = core.card(cardToken);
    core.changeStatus(card, next(card));
    return handle;
  };
  const end = (errorCode: string | null | undefined): SimulatedCard =>
    become((card) => endedProduction(card.production, errorCode, core.circumstancesOf(card)));
  const handle: SimulatedCard = {
    profileId,
    cardToken,
    get production() {
      return core.card(cardToken).production;
    },
    get history() {
      return [...core.card(cardToken).history];
    },
    ready: () => become((card) => readyProduction(card.timeOfNext(core.now))),
    produce: (kioskId = core.firstKiosk) => become((card) => inProgressProduction(kioskId, card.timeOfNext(core.now))),
    complete: () => end(undefined),
    fail: (errorCode = null) => end(errorCode),
    collect: () => end(undefined),
    reject: (errorCode = null) => end(errorCode),
    expire() {
      core.card(cardToken).createdAt = new Date(core.now.getTime() - PRODUCTION_WINDOW_DAYS * DAY_MS - 1);
      return handle;
    },
  };
  return handle;
}
