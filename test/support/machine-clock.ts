/** Sets the wall clock of this process ahead by `CLOCK_AHEAD_MS`, as on a machine whose clock is wrong. */
export function setMachineClock(): void {
  const aheadMs = Number(process.env["CLOCK_AHEAD_MS"] ?? 0);
  const now = Date.now.bind(Date);
  Date.now = () => now() + aheadMs;
}
