import type { WiseKioskClient } from "../../client/wise-kiosk-client.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { Production } from "../../production/production.js";
import { LONGEST_TIMER_MS } from "../../time/longest-times.js";
import type { ProgramIo } from "../definition/program-io.js";
import type { NamedCard } from "../input/card-and-kiosk.js";
import { ProgressLine } from "./progress-line.js";

/** The limits of a wait. */
export interface WaitLimits {
  /** A state that does not end the wait. */
  readonly previous?: Production | undefined;
  /** In milliseconds. */
  readonly maxWaitMs: number | undefined;
}

/** Waits until the production of a card ends, and shows its progress on a terminal. */
export async function waitForEnd(
  kiosk: WiseKioskClient,
  card: NamedCard,
  limits: WaitLimits,
  { stderr, signal }: Pick<ProgramIo, "stderr" | "signal">,
): Promise<Production> {
  const progress = new ProgressLine(stderr);
  try {
    return await kiosk.waitForProduction(card, {
      ...limits,
      signal,
      onChange: (production) => progress.show(production),
    });
  } finally {
    progress.end();
  }
}

/**
 * Parses `--max-wait` and returns it in milliseconds.
 *
 * @throws {KioskArgumentError} if it is not a number of seconds.
 */
export function parseMaxWait(seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(seconds) ? Math.ceil(Number(seconds) * 1000) : Number.NaN;
  if (ms >= 1 && ms <= LONGEST_TIMER_MS) return ms;
  throw new KioskArgumentError(
    "--max-wait",
    `must be a number of seconds above 0 and up to ${LONGEST_TIMER_MS / 1000}, such as 60 or 0.5`,
  );
}
