import { Bag, type Bagged } from "./bag.js";
import { type Clock, type Instant, steadyMs } from "./clock.js";

/** How often the alarms of the wheel are checked at least, in milliseconds. A shorter alarm needs a timer of its own. */
export const TICK_MS = 1000;

/** An alarm on the wheel. */
export interface WheelAlarm extends Bagged {
  /** Measures the time of the alarm. */
  readonly clock: Clock;
  /** When the alarm was set. */
  readonly setAt: Instant;
  /** When it rings, in milliseconds after `setAt`: more than {@link TICK_MS}. */
  readonly ms: number;
  /** Whether the alarm keeps the process alive. */
  readonly holdsProcess: boolean;
  /** Only ticks after this total, in milliseconds, count for the alarm. The wheel sets it. */
  countsFromMs: number;
  /** Called when the time has passed. `byTimer` is `false` if only the wall clock shows that. */
  ring(byTimer: boolean): void;
}

/** The timers of this process. Test suites replace the global ones, and drop the timers of their own without notice. */
const { setTimeout: usualSetTimeout, clearTimeout: usualClearTimeout } = globalThis;

/**
 * One timer for many alarms. Almost every alarm is turned off long before it rings, and a timer for each of them costs more than
 * the rest of its bookkeeping. The timer stays armed for a moment after the last alarm, but does not keep the process alive then.
 */
class TimerWheel {
  readonly #alarms = new Bag<WheelAlarm>();
  #timer: NodeJS.Timeout | undefined;
  /** The length of the tick that the timer measures; 0 without a timer. */
  #tickMs = 0;
  /** The total length of the ticks so far. It grows even if the clocks are mocked. */
  #tickedMs = 0;
  #holders = 0;

  add(alarm: WheelAlarm): void {
    // A tick that has begun before the alarm does not count for it.
    alarm.countsFromMs = this.#tickedMs + this.#tickMs;
    if (this.#timer === undefined) this.#arm(TICK_MS);
    this.#alarms.add(alarm);
    if (!alarm.holdsProcess) return;
    this.#holders += 1;
    this.#timer?.ref();
  }

  delete(alarm: WheelAlarm): void {
    if (!this.#alarms.delete(alarm) || !alarm.holdsProcess) return;
    this.#holders -= 1;
    if (this.#holders === 0) this.#timer?.unref();
  }

  /** @param ms whole milliseconds: a fraction could be too small to change the total of the ticks, and the next tick would be as short. */
  #arm(ms: number): void {
    this.#tickMs = ms;
    this.#timer = usualSetTimeout(() => this.#tick(), ms);
    if (this.#holders === 0) this.#timer.unref();
  }

  #disarm(): void {
    usualClearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tickMs = 0;
  }

  #tick(): void {
    this.#tickedMs += this.#tickMs;
    this.#disarm();
    let nextMs = TICK_MS;
    this.#alarms.forEach((alarm) => {
      const leftMs = this.#check(alarm);
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
    });
    // An alarm that rings may have set another one.
    this.#disarm();
    if (this.#alarms.size > 0) this.#arm(Math.ceil(nextMs));
  }

  /** Lets an alarm ring if its time has passed. Returns how much is left, in milliseconds. */
  #check(alarm: WheelAlarm): number {
    const now = alarm.clock.now();
    const passedMs = Math.max(steadyMs(alarm.setAt, now), this.#tickedMs - alarm.countsFromMs);
    const leftMs = alarm.ms - Math.max(passedMs, now.wallMs - alarm.setAt.wallMs);
    if (leftMs > 0) return leftMs;
    this.delete(alarm);
    alarm.ring(passedMs >= alarm.ms);
    return 0;
  }
}

const wheel = new TimerWheel();
let isUsable: boolean | undefined;

/**
 * Returns the wheel, or `undefined` if timers are mocked or do not work as in Node.js. Each alarm then needs timers of its own, as
 * mocked ones may be dropped, and may advance neither clock.
 */
export function findTimerWheel(): TimerWheel | undefined {
  isUsable ??= areUsualTimersOfNode();
  return isUsable && globalThis.setTimeout === usualSetTimeout ? wheel : undefined;
}

/**
 * Returns whether no timers were mocked when this module was loaded. The timers of a mock are of no class `Timeout`, apart from
 * those of `node:test`, whose function is a bound one. A timer of a Cloudflare worker ends with the request that set it.
 */
function areUsualTimersOfNode(): boolean {
  const { navigator } = globalThis as { navigator?: { readonly userAgent: string } };
  if (usualSetTimeout.name !== "setTimeout" || navigator?.userAgent === "Cloudflare-Workers") return false;
  const timer: unknown = usualSetTimeout(() => {}, 0);
  usualClearTimeout(timer as NodeJS.Timeout);
  return typeof timer === "object" && timer?.constructor.name === "Timeout";
}
