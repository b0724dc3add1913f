/** The key under which all copies of this package (ESM, CommonJS, entry points) find the same switch. */
const HOLDERS = Symbol.for("wise-card-kiosk.sendThroughGlobalFetch");

const sharedSwitch = globalThis as { [HOLDERS]?: number };

/** Returns whether clients without a `fetch` of their own send through the global one. */
export function globalFetchIsOn(): boolean {
  return (sharedSwitch[HOLDERS] ?? 0) > 0;
}

/** Turns the switch on until the returned function is called. With several holders it stays on until the last one releases it. */
export function holdGlobalFetch(): () => void {
  sharedSwitch[HOLDERS] = (sharedSwitch[HOLDERS] ?? 0) + 1;
  let held = true;
  return () => {
    if (held) sharedSwitch[HOLDERS] = (sharedSwitch[HOLDERS] ?? 1) - 1;
    held = false;
  };
}
