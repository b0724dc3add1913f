import { printable } from "../../text/printable.js";

/** Returns the time of day of an ISO 8601 time, in UTC. */
export function formatTimeOfDay(at: string): string {
  return at.slice("2026-01-01T".length, -1);
}

/** Returns a card as `PROFILE:TOKEN`. */
export function formatCard(profileId: string | null | undefined, cardToken: string | null | undefined): string {
  return `${printable(profileId ?? "?", 40)}:${printable(cardToken ?? "?", 80)}`;
}
