import { adviceFor } from "../../production/advice-for.js";
import { isWithinProductionWindow } from "../../production/production-window.js";
import type { CardState } from "../../testing/api/card-state.js";
import type { SimulatorCore } from "../../testing/simulator/simulator-core.js";
import type { CardView } from "./view-schemas.js";

/** Returns a card as the control API shows it. */
export function toCardView(card: CardState, core: SimulatorCore): CardView {
  const { production } = card;
  const expired = !isWithinProductionWindow(card.createdAt, core.now);
  const advice = production === undefined ? null : adviceFor(production);
  return {
    profileId: card.profileId,
    cardToken: card.cardToken,
    production: production ?? null,
    shown: core.readableState(card).lastReported ?? null,
    advice: advice && { ...advice, canProduce: advice.canProduce && !expired },
    expired,
    createdAt: card.createdAt.toISOString(),
    prints: card.history.filter(({ status }) => status === "IN_PROGRESS").length,
    outcomes: [...card.outcomes],
  };
}
