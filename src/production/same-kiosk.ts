/** Returns whether two ids name the same kiosk. Letter case does not matter, in any locale. */
export function isSameKiosk(one: string | null, other: string | null): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

/** Returns whether a production names a kiosk other than the one with this id. Without one of the ids, it does not. */
export function isElsewhere(production: { readonly kioskId: string | null }, kioskId: string | null): boolean {
  return production.kioskId !== null && kioskId !== null && !isSameKiosk(production.kioskId, kioskId);
}
