import { describe, expect, it } from "vitest";
import type { WriteVerdict } from "../../src/answer/verdict.js";
import { momentAtWise } from "../../src/delivery/freshness.js";
import { settleProduction } from "../../src/delivery/settle-production.js";
import {
  afterFailedRead,
  afterRead,
  afterSend,
  beginSettlement,
  type Settlement,
  type Step,
} from "../../src/delivery/settlement.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import type { Production } from "../../src/production/production.js";
import { type Choose, everyHistory, KioskWorld, OTHER_KIOSK, OUR_KIOSK } from "./kiosk-world.js";

const MAX_RETRIES = 2;

const error = () => new KioskConnectionError("no answer", { requestSent: true });
const lost = { kind: "ambiguous", error, retryAfterMs: null } as const;
const limited = { kind: "not-taken", error, retryAfterMs: null } as const;

/** What happened in one history, beside what the world itself remembers. */
interface Outcome {
  readonly world: KioskWorld;
  readonly end: Step<Production>;
  /** Whether a read has shown a print of this call, with nothing but an older state known before it. */
  readonly shown: boolean;
  /** The card at the moment at which Wise told what the call resolved with. */
  readonly told: Production;
  /** A delayed request of the call took effect, and its print failed, between a read and the request after it. */
  readonly failedInTheGap: boolean;
  readonly sends: number;
}

/** The states in which the call can find a card. */
const BEGINNINGS = [
  () => new KioskWorld("READY", 5_000),
  () => new KioskWorld("PRODUCTION_ERROR", 3_600_000),
  () => new KioskWorld("PRODUCTION_ERROR", 30_000),
  () => new KioskWorld("IN_PROGRESS", 30_000),
  () => new KioskWorld("IN_PROGRESS", 3_600_000, OTHER_KIOSK),
  () => new KioskWorld("PRODUCED", 3_600_000),
] as const;

/** Runs the real decisions against the world, and lets `choose` decide everything that the client can not. */
function play(choose: Choose): Outcome {
  const world = (BEGINNINGS[choose(BEGINNINGS.length)] as () => KioskWorld)();
  const previous = choose(2) === 1 ? world.card : undefined;
  let known: Settlement = beginSettlement(MAX_RETRIES, previous);
  let step: Step<Production> = { do: "send", pause: undefined };
  let told = world.card;
  let shown = false;
  let failedInTheGap = false;
  let sends = 0;
  while (step.do === "send" || step.do === "read") {
    if (step.do === "send") {
      if (sends > 0 && step.pause === undefined) failedInTheGap = beforeTheNextRequest(world, choose) || failedInTheGap;
      sends += 1;
      const startedAt = world.now;
      const verdict = send(world, choose);
      told = world.card;
      [known, step] = afterSend(known, verdict, startedAt);
      if (step.do === "read") {
        world.now += 700;
        meanwhile(world, choose);
        if (sends === 1) meanwhile(world, choose);
      }
    } else if (choose(2) === 1) {
      [known, step] = afterFailedRead(known);
    } else {
      told = world.card;
      const wholeSeconds = Math.floor(world.now / 1000) * 1000;
      const began = momentAtWise(wholeSeconds, world.now - (known.doubtSince as number), 0);
      const settling = settleProduction({ read: told, kioskId: OUR_KIOSK, before: known.before, began });
      shown ||= world.isOfCall && previous?.status !== "IN_PROGRESS";
      [known, step] = afterRead(known, told, settling);
    }
  }
  return { world, end: step, shown, told, failedInTheGap, sends };
}

/** One request, and what becomes of it. */
function send(world: KioskWorld, choose: Choose): WriteVerdict<Production> {
  switch (choose(5)) {
    case 0:
      return answered(world.takeFromCall());
    case 1:
      world.takeFromCall();
      return lost;
    case 2:
      return lost;
    case 3:
      world.delayed.push(world.now);
      return lost;
    default:
      return limited;
  }
}

function answered(answer: Production): WriteVerdict<Production> {
  return answer.status === "REQUEST_ERROR" ? { kind: "refused", production: answer } : { kind: "done", value: answer };
}

/** Time passes: requests that were delayed arrive, prints end, and somebody else produces the card. */
function meanwhile(world: KioskWorld, choose: Choose): void {
  switch (choose(world.delayed.length > 0 ? 6 : 4)) {
    case 0:
      return;
    case 1:
      world.end("PRODUCED");
      return;
    case 2:
      world.end("PRODUCTION_ERROR");
      return;
    case 3:
      world.take(choose(2) === 0 ? OUR_KIOSK : OTHER_KIOSK);
      return;
    case 4:
      arrive(world);
      return;
    default:
      arrive(world);
      world.end(choose(2) === 0 ? "PRODUCED" : "PRODUCTION_ERROR");
  }
}

/** The one round trip, as good as no time, between a read and the request that it led to. */
function beforeTheNextRequest(world: KioskWorld, choose: Choose): boolean {
  const choice = world.delayed.length > 0 ? choose(3) : 0;
  if (choice === 0) return false;
  const printsBefore = world.printsOfCall;
  arrive(world);
  if (choice === 1) return false;
  world.end("PRODUCTION_ERROR");
  return world.printsOfCall > printsBefore;
}

function arrive(world: KioskWorld): void {
  world.takeFromCall(world.delayed.shift());
}

describe("the settlement of produceCard, over every history of three requests", () => {
  it("keeps its promises", { timeout: 120_000 }, () => {
    const broken: string[] = [];
    let gaps = 0;
    const histories = everyHistory((choose) => {
      const { world, end, shown, told, failedInTheGap, sends } = play(choose);
      const check = (promise: string, kept: boolean) => {
        if (!kept)
          broken.push(
            `${promise}: ${JSON.stringify({ card: world.card, end, prints: world.printsOfCall, told, sends })}`,
          );
      };
      if (failedInTheGap) gaps += 1;
      check("no request prints a card again", !world.printedTwice || failedInTheGap);
      check("at most maxRetries + 1 requests", sends <= MAX_RETRIES + 1);
      if (end.do === "resolve") {
        const value = end.value as Production;
        check("what is resolved is true", value.status === "REQUEST_ERROR" || value === told);
        check("no REQUEST_ERROR where a read has shown a print of ours", !(shown && value.status === "REQUEST_ERROR"));
      }
      if (end.do === "reject") {
        check("no error where a read has shown a print of ours", !shown);
        check(
          "no effect is denied",
          end.mayHaveTakenEffect || (world.printsOfCall === 0 && world.delayed.length === 0),
        );
      }
    });
    expect(broken.slice(0, 5)).toEqual([]);
    expect(histories).toBeGreaterThan(100_000);
    expect(gaps).toBeGreaterThan(0);
  });
});
