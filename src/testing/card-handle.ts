import { PRODUCTION_WINDOW_DAYS } from "../production/production-window.js";
import type { CardState } from "./card-state.js";
import { endedProduction } from "./judge-card-request.js";
import { inProgressProduction, readyProduction } from "./production-states.js";
import type { SimulatedCard } from "./simulated-card.js";
import type { SimulatorCore } from "./simulator-core.js";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The hand on a card. */
export function cardHandle(core: SimulatorCore, state: CardState): SimulatedCard {
  const timeOfNext = () => state.timeOfNext(core.now);
  const end = (errorCode: string | null | undefined): SimulatedCard => {
    core.changeStatus(state, endedProduction(state.production, errorCode, core.circumstancesOf(state)));
    return handle;
  };
  const handle: SimulatedCard = {
    profileId: state.profileId,
    cardToken: state.cardToken,
    get production() {
      return state.production;
    },
    get history() {
      return [...state.history];
    },
    ready() {
      core.changeStatus(state, readyProduction(timeOfNext()));
      return handle;
    },
    produce(kioskId = core.firstKiosk) {
      core.changeStatus(state, inProgressProduction(kioskId, timeOfNext()));
      return handle;
    },
    complete: () => end(undefined),
    fail: (errorCode = null) => end(errorCode),
    collect: () => end(undefined),
    reject: (errorCode = null) => end(errorCode),
    expire() {
      state.createdAt = new Date(core.now.getTime() - PRODUCTION_WINDOW_DAYS * DAY_MS - 1);
      return handle;
    },
  };
  return handle;
}
