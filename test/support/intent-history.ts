import { isIntentWindowOver } from "../../src/calls/intent-clock.js";
import { type ReconciledIntent, reconcileIntent } from "../../src/calls/reconcile-intent.js";
import type { Production, ProductionIntent } from "../../src/index.js";
import { isEarlierState } from "../../src/production/production-order.js";
import { isSameProduction } from "../../src/production/same-production.js";
import { type CallInWorld, type Ending, proceed, type Scenario, startCall } from "./call-model.js";
import type { Choose } from "./explore-histories.js";
import { createIntent } from "./intents.js";
import {
  acceptsProduction,
  BEGINNING,
  beginForCall,
  beginForOther,
  end,
  type KioskWorld,
  OTHER_KIOSK,
  OUR_KIOSK,
  type Past,
  visibleStates,
  type WorldRules,
  worldAfter,
  worldAt,
} from "./kiosk-world.js";

const ONE_MINUTE_MS = 60_000;
const ONE_HOUR_MS = 60 * ONE_MINUTE_MS;

const INTENT_WINDOW_MS = 10_000;

/** The time limit of an attempt in the model of a call, with the time that its request takes to arrive. */
const ATTEMPT_MS = 2020;

/** Longer than any window, with clocks 2 minutes apart. */
const LONG_MS = 20 * ONE_MINUTE_MS;

const INTENT_PASTS: readonly Past[] = [
  [[5000, "READY"]],
  [
    [2 * ONE_HOUR_MS, "READY"],
    [ONE_HOUR_MS, "IN_PROGRESS"],
    [ONE_HOUR_MS - ONE_MINUTE_MS, "PRODUCTION_ERROR"],
  ],
  [
    [ONE_HOUR_MS, "READY"],
    [90_000, "IN_PROGRESS", OTHER_KIOSK],
    [20_000, "PRODUCTION_ERROR", OTHER_KIOSK],
  ],
  [
    [ONE_HOUR_MS, "READY"],
    [2 * ONE_MINUTE_MS, "IN_PROGRESS"],
    [4000, "PRODUCTION_ERROR"],
  ],
  [
    [ONE_HOUR_MS, "READY"],
    [30_000, "IN_PROGRESS"],
  ],
  [
    [ONE_HOUR_MS, "READY"],
    [30_000, "IN_PROGRESS", OTHER_KIOSK],
  ],
  [
    [2 * ONE_HOUR_MS, "READY"],
    [ONE_HOUR_MS, "IN_PROGRESS"],
    [ONE_HOUR_MS - ONE_MINUTE_MS, "PRODUCED"],
  ],
];

/** What the clocks show, and when a client reads them, in milliseconds. */
interface Clocks {
  /** How far the clock of the machine that wrote the intent is ahead of Wise's. */
  readonly writerMs: number;
  /** How far the clock of the machine that reads is ahead of Wise's. */
  readonly readerMs: number;
  /** How long before the intent Wise created the last response that its client received; `undefined` if it received none. */
  readonly responseAgoMs: number | undefined;
  /** How long that response took. */
  readonly latencyMs: number;
  /** How long before its request each intent was written. */
  readonly storingMs: number;
  /** Whether responses to reads have a `Date`. */
  readonly readsHaveDate: boolean;
}

/** What happened to one intent. */
export interface IntentHistory {
  readonly intent: ProductionIntent;
  /** The outcome, or `undefined` if there was none after a long time. */
  readonly reconciled: ReconciledIntent | undefined;
  /** The promises that were broken. */
  readonly broken: readonly string[];
}

/** A random history: a call of `produceCard`, the death of its process, and the reads of another. */
export function runIntentHistory(random: () => number): IntentHistory {
  const choose: Choose = (count) => Math.floor(random() * count);
  const among = <T>(...values: readonly T[]): T => values[choose(values.length)] as T;
  const lagMs = among(0, 0, 3000, INTENT_WINDOW_MS);
  const rules: WorldRules = {
    lagMs,
    delayMs: among(0, INTENT_WINDOW_MS - lagMs),
    decidesByLag: among(false, true),
    times: among("request", "change", "whole seconds"),
    othersPrint: among(0, 0, 1, 2),
    dateCutMs: choose(1000),
  };
  const past = among(...INTENT_PASTS);
  const world = worldAfter(rules, past);
  const previous = among(undefined, world.states.at(-1)?.production);
  const policy = {
    maxRetries: 2,
    reconcileWindowMs: INTENT_WINDOW_MS,
    resend: among(false, true),
    retryDelayMs: (retry: number, retryAfterMs: number | null) => retryAfterMs ?? 100 * 2 ** retry,
  };
  const slackMs = 4900;
  const latencyMs = choose(slackMs);
  const writerMs = among(-120_000, -60_000, 0, 60_000, 120_000);
  const clocks: Clocks = {
    writerMs,
    readerMs: writerMs + among(-120_000, -60_000, 0, 60_000, 120_000),
    responseAgoMs: among(undefined, latencyMs + choose(1000), latencyMs + choose(590_000)),
    latencyMs,
    storingMs: choose(slackMs - latencyMs),
    readsHaveDate: among(true, true, false),
  };
  const died = dieDuringCall({ rules, policy, previous, hasOtherToken: among(false, true) }, world, choose);
  const intent = writeIntent(died.sends, clocks);
  const reconciled = readUntilDecided(rules, died.world, intent, clocks, choose);
  return {
    intent,
    reconciled: reconciled?.outcome,
    broken: findBrokenIntentPromises(rules, past, intent, clocks, reconciled),
  };
}

/** A request of the call: when it was sent, and what was known before. */
interface Send {
  readonly at: number;
  readonly before: Production | undefined;
}

/** Runs a call until its process dies, which may be after its end. */
function dieDuringCall(scenario: Scenario, world: KioskWorld, choose: Choose) {
  const sends: Send[] = [{ at: world.now, before: scenario.previous }];
  let state: CallInWorld | Ending = startCall(world, scenario);
  for (let steps = choose(60); steps > 0 && !("end" in state); steps -= 1) {
    const { requests } = state;
    state = proceed(scenario, state, choose);
    if (state.requests > requests) sends.push({ at: state.phase.sentAt, before: state.known.before });
  }
  const { phase, known } = state;
  const now = state.world.now;
  // The process may have written another intent without sending its request.
  if (phase.of === "pause" && phase.next === "send" && !("end" in state) && choose(2) === 0) {
    sends.push({ at: now, before: known.before });
  }
  const inTransit = phase.of === "transit" && !("end" in state);
  const onTheirWay = inTransit ? [{ sentAt: phase.sentAt, until: now + scenario.rules.delayMs }] : [];
  return { sends, world: { ...state.world, onTheirWay: [...state.world.onTheirWay, ...onTheirWay] } };
}

function writeIntent(sends: readonly Send[], clocks: Clocks): ProductionIntent {
  const { writerMs, responseAgoMs, latencyMs, storingMs } = clocks;
  const text = (ms: number) => new Date(ms).toISOString();
  const [first, last] = [sends[0], sends.at(-1)] as [Send, Send];
  const requestedAt = first.at - storingMs;
  const sendBy = last.at - storingMs + 5000;
  const createdAt = responseAgoMs === undefined ? undefined : requestedAt - responseAgoMs;
  return createIntent(requestedAt + writerMs, {
    kioskId: OUR_KIOSK,
    previous: last.before ?? null,
    sendBy: text(sendBy + writerMs),
    expiresAt: text(sendBy + ATTEMPT_MS + writerMs),
    wiseAt: createdAt === undefined ? null : text(Math.floor(createdAt / 1000) * 1000),
    wiseAtOurs: createdAt === undefined ? null : text(createdAt + latencyMs + writerMs),
    requests: sends.length,
  });
}

/** An outcome, and the truth at that moment. */
interface Decision {
  readonly outcome: ReconciledIntent;
  readonly world: KioskWorld;
  /** Whether a request of the call could still arrive when the read began. */
  readonly isAwaited: boolean;
  /** Whether a request of the call caused the state that was read. */
  readonly isOfCall: boolean;
  /** Whether the state that was read had ended before the call. */
  readonly hadEnded: boolean;
}

/** Reads at random intervals until there is an outcome. */
function readUntilDecided(
  rules: WorldRules,
  died: KioskWorld,
  intent: ProductionIntent,
  { readerMs, readsHaveDate }: Clocks,
  choose: Choose,
): Decision | undefined {
  let world = died;
  const giveUpAt = Math.max(died.now, Date.parse(intent.expiresAt)) + LONG_MS;
  while (world.now < giveUpAt) {
    world = advanceWorld(rules, world, [1, 20, 250, 3000, 30_000, 200_000][choose(6)] as number, choose);
    const startedAt = world.now;
    const isAwaited = world.onTheirWay.length > 0;
    world = advanceWorld(rules, world, choose(800), choose);
    const visible = visibleStates(rules, world);
    const shown = visible[choose(visible.length)] as (typeof visible)[number];
    const respondedAt = Math.floor((world.now - rules.dateCutMs) / 1000) * 1000;
    world = advanceWorld(rules, world, choose(800), choose);
    const read = {
      production: shown.production,
      startedAt: startedAt + readerMs,
      wiseAt: readsHaveDate ? respondedAt - (world.now - startedAt) : null,
    };
    const outcome = reconcileIntent(intent, read, INTENT_WINDOW_MS);
    if (outcome !== undefined) {
      const next = visible[visible.indexOf(shown) + 1];
      const hadEnded = next !== undefined && next.since < BEGINNING;
      return { outcome, world, isAwaited, isOfCall: shown.isOfCall, hadEnded };
    }
    if (isIntentWindowOver(intent, read, INTENT_WINDOW_MS)) throw new Error("A read after the window must decide");
  }
  return undefined;
}

/** Returns the world some time later. Requests on their way arrive in time or never. */
function advanceWorld(rules: WorldRules, world: KioskWorld, ms: number, choose: Choose): KioskWorld {
  const until = world.now + ms;
  let later = world;
  for (let events = choose(3); events > 0; events -= 1) {
    const deadline = Math.min(until, ...later.onTheirWay.map(({ until: last }) => last));
    const at = Math.max(later.now, deadline - choose(Math.max(1, deadline - later.now)));
    later = causeEvent(rules, worldAt(rules, later, at), choose);
  }
  return worldAt(rules, later, until);
}

function causeEvent(rules: WorldRules, world: KioskWorld, choose: Choose): KioskWorld {
  const visible = rules.decidesByLag ? visibleStates(rules, world) : world.states.slice(-1);
  const decisive = visible[choose(visible.length)] as (typeof visible)[number];
  switch (choose(4)) {
    case 0:
      return end(rules, world, "PRODUCED");
    case 1:
      return end(rules, world, "PRODUCTION_ERROR");
    case 2: {
      if (world.printsOfOthers >= rules.othersPrint || !acceptsProduction(decisive)) return world;
      return beginForOther(rules, world, choose(2) === 0 ? OUR_KIOSK : OTHER_KIOSK);
    }
    default: {
      if (world.onTheirWay.length === 0) return world;
      const arrived = { ...world, onTheirWay: world.onTheirWay.slice(1) };
      return acceptsProduction(decisive) ? beginForCall(rules, arrived) : arrived;
    }
  }
}

function wasKnown(production: Production, previous: Production): boolean {
  return isSameProduction(production, previous) || isEarlierState(production, previous);
}

/** How far before the call a print must have begun so that a client can know that it is older. */
const KNOWN_AS_OLDER_MS = { byWise: 70_000, byOurClock: 8 * ONE_MINUTE_MS };

function findBrokenIntentPromises(
  rules: WorldRules,
  past: Past,
  intent: ProductionIntent,
  { readsHaveDate }: Clocks,
  decision: Decision | undefined,
): readonly string[] {
  if (decision === undefined) return ["there is an outcome after the window"];
  const { outcome, world, isAwaited, isOfCall, hadEnded } = decision;
  const { production } = outcome;
  const broken: string[] = [];
  if (outcome.outcome === "not-taken") {
    if (world.firstPrintAt !== undefined) broken.push("not-taken means that no request of the intent started a print");
    if (isAwaited) broken.push("not-taken means that no request of the intent can arrive any more");
    if (!acceptsProduction({ production, isOfCall, since: 0 }))
      broken.push("not-taken means that the card can be produced");
  }
  if (outcome.outcome === "ours" && !isOfCall) {
    // A print that is under way at the kiosk counts as that of the intent, whoever asked for it.
    const isUnderWay = production.status === "IN_PROGRESS" && !hadEnded;
    const olderMs = intent.wiseAt === null ? KNOWN_AS_OLDER_MS.byOurClock : KNOWN_AS_OLDER_MS.byWise;
    if (production.kioskId !== OUR_KIOSK) broken.push("ours is never a print at another kiosk");
    if (!isUnderWay && Date.parse(production.occurredAt ?? "") < BEGINNING - olderMs) {
      broken.push("ours is never a print from long before the intent");
    }
    if (!isUnderWay && intent.previous !== null && wasKnown(production, intent.previous)) {
      broken.push("ours is never a state that was known before");
    }
  }
  const isAlone = rules.othersPrint === 0 && past.length === 1 && intent.wiseAt !== null && readsHaveDate;
  if (isAlone && outcome.outcome === "unknown") broken.push("the outcome is known if no one else prints the card");
  return broken;
}
