import type { CardView } from "../view/view-schemas.js";

/** What to do next, in words. */
export const NEXT_STEPS: Readonly<Record<string, string>> = {
  "retry-later": "Wait, then print again.",
  "fix-kiosk-and-retry": "Fix the kiosk, then print again.",
  "fix-request": "Correct the request.",
  "check-status": "Read the status before anything else.",
  "contact-wise": "Contact Wise.",
};

/** The parts of a kiosk and its servers, in words. */
export const COMPONENTS: Readonly<Record<string, string>> = {
  "central-base": "Main server",
  "data-preparation": "Data preparation",
  satellite: "Satellite",
  printer: "Printer",
  production: "Card path",
  inventory: "Inventory",
  unknown: "Other",
};

/** How many deliveries and requests the page shows. The control API lists more. */
export const SHOWN_ENTRIES = 10;

/** Says that a card may be in the machine. */
export const CARD_LEFT_INSIDE = "A card may be left inside: collect, count and destroy it.";

/** Returns the lane of a card. */
export function laneOf({ production }: CardView): string {
  return production === null ? "NOT_READY" : production.status;
}

/** Returns the first part of a card token, to tell cards apart. */
export function shortToken(cardToken: string): string {
  return cardToken.length > 13 ? `${cardToken.slice(0, 8)}…` : cardToken;
}

/** Returns the time of day of an ISO 8601 time, in UTC. */
export function timeOfDay(time: string): string {
  return time.slice(11, 19);
}
