import { KioskIntentError } from "../errors/intent-error.js";
import type { Production } from "../production/production.js";
import { toTimestamp } from "../production/timestamp.js";
import { elapsedMs, type Instant } from "../time/clock.js";
import { pause } from "../time/wait.js";
import type { Call } from "./call.js";
import type { Permit } from "./permit.js";
import type { OnIntent, ProductionIntent } from "./production-intent.js";
import { isSetBack, type WiseTime } from "./wise-clock.js";

/** How long after its intent a request may start, in milliseconds. */
const SEND_WITHIN_MS = 5000;

/** When the first request of a call that may have left was about to start. */
interface Beginning {
  readonly at: Instant;
  readonly wise: WiseTime | undefined;
}

/** The print that a call asks for. */
export interface RequestedPrint {
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
  /** The kiosk that the request names. */
  readonly kioskId: string;
}

/** The intents of one call of `produceCard`. Each request needs one, and must start within 5 s of it. */
export class CallIntents {
  readonly #call: Call;
  readonly #print: RequestedPrint;
  readonly #onIntent: OnIntent;
  #beginning: Beginning | undefined;
  #requests = 0;

  constructor(call: Call, print: RequestedPrint, onIntent: OnIntent) {
    this.#call = call;
    this.#print = print;
    this.#onIntent = onIntent;
  }

  /** Returns the permit of the next request. `before` is the newest state of the card that is known. */
  permit(before: Production | undefined): Permit {
    const { clock } = this.#call;
    let beginning: Beginning | undefined;
    let writtenAt: Instant | undefined;
    const isValid = () => writtenAt !== undefined && elapsedMs(writtenAt, clock.now()) <= SEND_WITHIN_MS;
    return {
      obtain: async (signal) => {
        for (;;) {
          const now = clock.now();
          writtenAt = now;
          beginning = this.#beginning ?? { at: now, wise: this.#call.wiseClock?.read() };
          await this.#write(this.#intent(before, beginning, now));
          if (signal.aborted || isValid()) return;
          // A function that blocks the thread must not keep the time limit of the attempt from ending it.
          await pause(0, signal);
        }
      },
      isValid,
      use: () => {
        this.#requests += 1;
        this.#beginning = beginning;
      },
    };
  }

  #intent(before: Production | undefined, { at, wise }: Beginning, now: Instant): ProductionIntent {
    const sendBy = now.wallMs + SEND_WITHIN_MS;
    const known = isSetBack(at, now) ? undefined : wise;
    return {
      ...this.#print,
      correlationId: this.#call.correlationId,
      // A copy, because reads are compared with `before`.
      previous: before === undefined ? null : { ...before },
      requestedAt: toTimestamp(at.wallMs),
      sendBy: toTimestamp(sendBy),
      expiresAt: toTimestamp(sendBy + this.#call.timeoutMs),
      wiseAt: known === undefined ? null : toTimestamp(known.at),
      wiseAtOurs: known === undefined ? null : toTimestamp(known.atOurs),
      requests: this.#requests + 1,
    };
  }

  async #write(intent: ProductionIntent): Promise<void> {
    try {
      await this.#onIntent(intent);
    } catch (cause) {
      const message = `${this.#call.operation}: onIntent failed, so the request was not sent; its error is the cause`;
      throw new KioskIntentError(message, { cause });
    }
  }
}
