/** Under this key the copies of this package (ESM, CommonJS, entry points) find the same switch. */
const HOLDERS = Symbol.for("wise-card-kiosk.sendThroughGlobalFetch");

const sharedSwitch = globalThis as { [HOLDERS]?: number };

/** Whether clients without a `fetch` of their own are to send through the global one. */
export function globalFetchIsOn(): boolean {
  return (sharedSwitch[HOLDERS] ?? 0) > 0;
}

/** Turns the switch on until the function it gives is called; with several holders, until the last one lets go. */
export function holdGlobalFetch(): () => void {
  sharedSwitch[HOLDERS] = (sharedSwitch[HOLDERS] ?? 0) + 1;
  let held = true;
  return () => {
    if (held) sharedSwitch[HOLDERS] = (sharedSwitch[HOLDERS] ?? 1) - 1;
    held = false;
  };
}
