/** Whether two ids name the same kiosk. The case of letters does not matter, in any locale. */
export function isSameKiosk(one: string | null, other: string | null): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}
