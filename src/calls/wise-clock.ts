import { parseDateHeader } from "../response/retry-after.js";
import { Clock, elapsedMs, type Instant, setBackMs } from "../time/clock.js";
import type { HttpResponse } from "../transport/http-message.js";

/** An older response does not show Wise's time: clocks drift, and ours may have been set since. */
const OLDEST_MS = 10 * 60_000;

/**
 * A slower response does not show Wise's time exactly enough: its `Date` may be from any moment of the exchange. With
 * {@link MOST_SET_BACK_MS} this is less than the 5 s by which an attempt ends before its intent expires.
 */
const SLOWEST_MS = 2900;

/** Two times on our clock are not compared if it was set back further between them. The clocks of a machine differ slightly. */
const MOST_SET_BACK_MS = 2000;

/** A time on Wise's clock, and the same time on ours, in milliseconds since 1970. */
export interface WiseTime {
  readonly at: number;
  readonly atOurs: number;
}

/** What Wise's clock showed when the client last received a response. All calls of a client share it. */
export class WiseClock {
  readonly #clock = new Clock();
  #latest: { readonly headers: HttpResponse["headers"]; readonly arrivedAt: Instant } | undefined;

  /** Records a response that has just arrived. Both instants are of the clock of its call. */
  observe({ headers }: HttpResponse, startedAt: Instant, arrivedAt: Instant): void {
    const isInTime = elapsedMs(startedAt, arrivedAt) <= SLOWEST_MS;
    if (headers.has("date") && !headers.has("age") && isInTime) this.#latest = { headers, arrivedAt };
  }

  /** Returns the `Date` of the latest response and when it arrived, or `undefined` if that does not show Wise's time now. */
  read(): WiseTime | undefined {
    if (this.#latest === undefined) return undefined;
    const at = parseDateHeader(this.#latest.headers);
    const now = this.#clock.now();
    // The timers of another call say nothing about the time since.
    const arrivedAt: Instant = { ...this.#latest.arrivedAt, firedMs: now.firedMs };
    if (at === null || elapsedMs(arrivedAt, now) > OLDEST_MS || isSetBack(arrivedAt, now)) return undefined;
    return { at, atOurs: arrivedAt.wallMs };
  }
}

/** Returns whether our clock was set back so far between two instants that their times on it must not be compared. */
export function isSetBack(from: Instant, to: Instant): boolean {
  return setBackMs(from, to) > MOST_SET_BACK_MS;
}
