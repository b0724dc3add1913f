/** Whether two ids name the same kiosk. Letter case does not matter, in any locale. */
export function isSameKiosk(one: string | null, other: string | null): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}
