import { describeValue, mustBe, quoteValue } from "../../arguments/found-value.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { Production } from "../../production/production.js";
import { PRODUCTION_WINDOW_MS } from "../../production/production-window.js";
import type { CardState } from "../api/card-state.js";
import { endedProduction } from "../api/handle-card-request.js";
import { kioskIdText, parseWithSchema, resemblesProduced } from "../api/option-schema.js";
import { inProgressProduction, readyProduction } from "../api/production-states.js";
import type { SimulatedCard } from "../api/simulated-card.js";
import type { SimulatorCore } from "./simulator-core.js";

/**
 * Returns the controls of a card. They look the card up on each use, so that they stay valid after a reset.
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
    become((card) => endedProduction(card.production, errorCode, core.contextFor(card)));
  const handle: SimulatedCard = {
    profileId,
    cardToken,
    get production() {
      return core.card(cardToken).production;
    },
    get history() {
      return [...core.card(cardToken).history];
    },
    ready: () => become((card) => readyProduction(card.nextTimestamp(core.now))),
    produce: (kioskId = core.firstKiosk) =>
      become((card) =>
        inProgressProduction(parseWithSchema(kioskIdText, kioskId, "kioskId"), card.nextTimestamp(core.now)),
      ),
    complete: () => end(undefined),
    fail: (errorCode = null) => end(parseErrorCode(errorCode)),
    collect: () => end(undefined),
    reject: (errorCode = null) => end(parseErrorCode(errorCode)),
    expire() {
      const createdAt = new Date(core.now.getTime() - PRODUCTION_WINDOW_MS - 1);
      if (Number.isNaN(createdAt.getTime())) {
        throw new KioskArgumentError("now", "must be later: no card can be older than the earliest time of a Date");
      }
      core.card(cardToken).createdAt = createdAt;
      return handle;
    },
  };
  return handle;
}

function parseErrorCode(errorCode: unknown): string | null {
  if (errorCode === null) return null;
  if (typeof errorCode !== "string") throw mustBe("errorCode", "an error code or null", describeValue(errorCode));
  if (resemblesProduced(errorCode)) throw mustBe("errorCode", "an error code or null", quoteValue(errorCode));
  return errorCode;
}
