import { afterFailedRead } from "../../src/calls/after-read.js";
import { afterSend } from "../../src/calls/after-send.js";
import { concludeProduction } from "../../src/calls/conclude.js";
import { type Conclude, reconcileRead } from "../../src/calls/reconcile-read.js";
import {
  beginReconciliation,
  type Next,
  type ReconcilePolicy,
  type Reconciliation,
  type Step,
} from "../../src/calls/reconciliation.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import type { Production } from "../../src/production/production.js";
import type { WriteOutcome } from "../../src/response/attempt-outcome.js";
import type { Instant } from "../../src/time/clock.js";
import type { Choose } from "./explore-histories.js";
import {
  acceptsProduction,
  beginForCall,
  beginForOther,
  currentState,
  end,
  type KioskWorld,
  OTHER_KIOSK,
  OUR_KIOSK,
  refusedRequest,
  visibleStates,
  type WorldRules,
  worldAt,
} from "./kiosk-world.js";

const TRANSIT_MS = 20;
const TIMEOUT_MS = 2000;
/** The maximum number of world events until the next step of the client or the next deadline, by phase. */
const EVENTS_IN_A_ROW = { pause: 2, transit: 1, timeout: 2 };

/** What the client waits for: its next step, its request to arrive, or its timeout. */
interface Phase {
  readonly of: "pause" | "transit" | "timeout";
  /** When the phase ends. */
  readonly until: number;
  /** The step after a pause. */
  readonly next: "send" | "read";
  /** When the latest request was sent. */
  readonly sentAt: number;
}

/** One call of `produceCard` and the world around it. */
export interface CallInWorld {
  readonly world: KioskWorld;
  /** What the client knows. */
  readonly known: Reconciliation;
  /** What the client waits for. */
  readonly phase: Phase;
  /** The number of world events since the last step of the client or the last deadline. */
  readonly events: number;
  /** The number of production requests that the call has sent. */
  readonly requests: number;
  /** Whether the token provider still has another token. */
  readonly hasOtherToken: boolean;
  /** Whether a gateway sent a request of the call twice. */
  readonly isRepeated: boolean;
  /** Whether a read has shown a print of this call that can be distinguished from older ones. */
  readonly isShown: boolean;
  /** The events so far. They are not part of the key of a state. */
  readonly trace: Trace | undefined;
}

/** The world and the client under test. */
export interface Scenario {
  /** How Wise behaves. */
  readonly rules: WorldRules;
  /** How the client retries and reconciles. */
  readonly policy: ReconcilePolicy;
  /** The option `previous` of the call. */
  readonly previous: Production | undefined;
  /** Whether the token provider has another token if one is rejected. */
  readonly hasOtherToken: boolean;
}

/** How a call ended. */
export interface Ending extends CallInWorld {
  /** The last step of the call. */
  readonly end: Extract<Step<Production>, { do: "resolve" | "reject" }>;
  /** Whether a request of this call caused the state that was read last. */
  readonly isOfCall: boolean;
}

/** Returns a call that has just sent its first request. */
export function startCall(world: KioskWorld, { previous, hasOtherToken }: Scenario): CallInWorld {
  return {
    world,
    known: beginReconciliation(previous),
    phase: { of: "transit", until: world.now + TRANSIT_MS, next: "send", sentAt: world.now },
    events: 0,
    requests: 1,
    hasOtherToken,
    isRepeated: false,
    isShown: false,
    trace: undefined,
  };
}

const parsed = new Map<string, number>();

/** Caches `Date.parse`, which would take most of the time of this model. */
function parse(timestamp: string): number {
  const known = parsed.get(timestamp) ?? Date.parse(timestamp);
  parsed.set(timestamp, known);
  return known;
}

/**
 * Returns a key that differs between states if their futures can differ. Moments count by their distance from now. Times of
 * productions count by their distance before the first request with an unknown outcome, or by their order after it.
 */
export function stateKey({ rules, policy }: Scenario, state: CallInWorld): string {
  const { world, known, phase, events, requests, hasOtherToken, isRepeated, isShown } = state;
  const { now } = world;
  const ago = (moment: Instant | number | undefined, atMost: number) =>
    moment === undefined ? null : Math.min(atMost, now - (typeof moment === "number" ? moment : moment.wallMs));
  const since = known.since?.wallMs;
  const times = [...world.states.map(({ production }) => production), known.before].map((one) => one?.occurredAt);
  const later = [...new Set(times)].filter((one) => since !== undefined && one && parse(one) >= since).sort();
  const describeTime = (occurredAt: string | null) => {
    const place = occurredAt === null ? -1 : later.indexOf(occurredAt);
    return place >= 0 ? `#${place}` : occurredAt && parse(occurredAt) - (since ?? now);
  };
  const describeState = (one: Production) => [one.status, one.kioskId, describeTime(one.occurredAt)];
  return JSON.stringify([
    world.states.map((one) => [ago(one.since, rules.lagMs), one.isOfCall, ...describeState(one.production)]),
    world.onTheirWay.map(({ until }) => until - now),
    [world.printsOfOthers, world.firstPrintAt !== undefined, world.printedTwice],
    [known.sends, known.reads, known.failedReads, ago(known.windowBeganAt, policy.reconcileWindowMs)],
    [ago(known.backoff?.from, 1000), known.backoff?.ms, known.refused?.errorCode, known.since === undefined],
    known.before && describeState(known.before),
    [phase.of, phase.next, phase.until - now, ago(phase.sentAt, Number.POSITIVE_INFINITY)],
    [events, requests, hasOtherToken, isRepeated, isShown],
  ]);
}

/** Returns the state after the next event, in the world or in the call. `choose` decides all that the client cannot. */
export function proceed(scenario: Scenario, state: CallInWorld, choose: Choose): CallInWorld | Ending {
  const { rules } = scenario;
  const deadlines = state.world.onTheirWay.map(({ until }) => until).filter((until) => until > state.world.now);
  const slotEnd = Math.min(state.phase.until, ...deadlines);
  const events = EVENTS_IN_A_ROW[state.phase.of];
  const at = slotEnd - events + state.events;
  if (state.events < events && at > state.world.now) {
    const happened = happen(rules, worldAt(rules, state.world, at), choose);
    if (happened !== undefined) {
      const [what, world] = happened;
      return { ...state, world, events: state.events + 1, trace: note(state, world, what) };
    }
  }
  const later = { ...state, world: worldAt(rules, state.world, slotEnd), events: 0 };
  if (slotEnd < state.phase.until) return later;
  if (state.phase.of === "transit") return arrive(scenario, later, choose);
  if (state.phase.of === "timeout") return receiveOutcome(scenario, later, "timeout", LOST);
  return state.phase.next === "send" ? sendRequest(later) : read(scenario, later, choose);
}

const error = () => new KioskConnectionError("no response", { requestSent: true });
const LOST = { kind: "ambiguous", error, retryAfterMs: null } as const;
const LIMITED = { kind: "not-taken", error, retryAfterMs: null } as const;
const UNAUTHORIZED = { kind: "unauthorized", error } as const;
const NOT_FOUND = { kind: "rejected", error } as const;

const instant = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms, firedMs: 0 });

/** The events of a history, the last one first. */
export interface Trace {
  /** The time of the event, by Wise's clock. */
  readonly at: number;
  /** What happened. */
  readonly what: unknown;
  /** The events before it. */
  readonly before: Trace | undefined;
}

const note = ({ trace: before }: CallInWorld, { now: at }: KioskWorld, what: unknown): Trace => ({ at, what, before });

/** Returns an event in the world, or `undefined` if nothing more happens in this phase. */
function happen(rules: WorldRules, world: KioskWorld, choose: Choose): readonly [string, KioskWorld] | undefined {
  const events: (() => readonly [string, KioskWorld])[] = [];
  if (currentState(world).production.status === "IN_PROGRESS") {
    for (const status of ["PRODUCED", "PRODUCTION_ERROR"] as const) {
      events.push(() => [status, end(rules, world, status)]);
    }
  }
  if (world.printsOfOthers < rules.othersPrint && couldBegin(rules, world)) {
    for (const kioskId of [OUR_KIOSK, OTHER_KIOSK]) {
      events.push(() => [`another client prints at ${kioskId}`, beginForOther(rules, world, kioskId)]);
    }
  }
  if (world.onTheirWay.length > 0) {
    const arrived = { ...world, onTheirWay: world.onTheirWay.slice(1) };
    events.push(() => {
      const begun = takeFromCall(rules, arrived, choose);
      return [`a delayed request arrives, ${begun === undefined ? "refused" : "accepted"}`, begun ?? arrived];
    });
  }
  return events[choose(events.length + 1) - 1]?.();
}

function couldBegin(rules: WorldRules, world: KioskWorld): boolean {
  return rules.decidesByLag
    ? visibleStates(rules, world).some(acceptsProduction)
    : acceptsProduction(currentState(world));
}

/** Returns the world after a request of the call reaches Wise, or `undefined` if it is refused. */
function takeFromCall(rules: WorldRules, world: KioskWorld, choose: Choose): KioskWorld | undefined {
  const visible = rules.decidesByLag ? visibleStates(rules, world) : [currentState(world)];
  const accepts = visible.map(acceptsProduction);
  const isMixed = accepts.includes(true) && accepts.includes(false);
  const isAccepted = isMixed ? choose(2) === 1 : accepts.includes(true);
  return isAccepted ? beginForCall(rules, world) : undefined;
}

function sendRequest(state: CallInWorld): CallInWorld {
  const { now } = state.world;
  return {
    ...state,
    phase: { of: "transit", until: now + TRANSIT_MS, next: "send", sentAt: now },
    requests: state.requests + 1,
    trace: note(state, state.world, "PUT"),
  };
}

/** Chooses what happens to a request in transit. */
function arrive(scenario: Scenario, state: CallInWorld, choose: Choose): CallInWorld | Ending {
  const { rules } = scenario;
  const { world } = state;
  const { sentAt } = state.phase;
  switch (choose(state.hasOtherToken ? 8 : 7)) {
    case 0: {
      const begun = takeFromCall(rules, world, choose);
      const after = { ...state, world: begun ?? world };
      return receiveOutcome(scenario, after, "response", responseTo(after.world, begun !== undefined));
    }
    case 1: {
      const begun = takeFromCall(rules, world, choose);
      return waitForTimeout({ ...state, world: begun ?? world }, begun === undefined ? "refused" : "accepted");
    }
    case 2: {
      const onTheirWay = [...world.onTheirWay, { sentAt, until: world.now + TIMEOUT_MS + rules.delayMs }];
      return waitForTimeout({ ...state, world: { ...world, onTheirWay } }, "delayed");
    }
    case 3:
      return receiveOutcome(scenario, state, "lost", LOST);
    case 4:
      return receiveOutcome(scenario, state, "rate limited", LIMITED);
    case 5:
      return receiveOutcome(scenario, state, "refused for another reason", {
        kind: "refused",
        production: refusedRequest(world, "UNABLE_TO_ACCEPT_REQUEST"),
      });
    case 6: {
      const begun = takeFromCall(rules, world, choose);
      const after = { ...state, world: begun ?? world, isRepeated: true };
      return receiveOutcome(scenario, after, "sent twice by a gateway", responseTo(after.world, false));
    }
    default:
      return receiveOutcome(scenario, { ...state, hasOtherToken: false }, "401", UNAUTHORIZED);
  }
}

function responseTo(world: KioskWorld, isAccepted: boolean): WriteOutcome<Production> {
  if (isAccepted) return { kind: "done", value: currentState(world).production };
  return { kind: "refused", production: refusedRequest(world, "REQUEST_ALREADY_EXISTS") };
}

function waitForTimeout(state: CallInWorld, what: string): CallInWorld {
  const { now } = state.world;
  return {
    ...state,
    phase: { ...state.phase, of: "timeout", until: now + TIMEOUT_MS },
    trace: note(state, state.world, `${what}, no response`),
  };
}

function receiveOutcome(
  { policy }: Scenario,
  state: CallInWorld,
  what: string,
  outcome: WriteOutcome<Production>,
): CallInWorld | Ending {
  const span = { startedAt: instant(state.phase.sentAt), endedAt: instant(state.world.now) };
  return follow(state, what, afterSend(policy, state.known, outcome, span));
}

function read(scenario: Scenario, state: CallInWorld, choose: Choose): CallInWorld | Ending {
  const { rules, policy } = scenario;
  const { world, known } = state;
  const now = instant(world.now);
  const span = { startedAt: now, endedAt: now };
  const visible = visibleStates(rules, world);
  const shown = visible[choose(visible.length + 1)];
  if (shown === undefined) return follow(state, "read failed", afterFailedRead(policy, known, NOT_FOUND, span));
  const { production, isOfCall } = shown;
  const respondedAt = world.now - rules.dateCutMs;
  const conclude: Conclude = (evidence) => concludeProduction({ ...evidence, kioskId: OUR_KIOSK });
  const informed = { ...state, isShown: state.isShown || (isOfCall && isDistinguishable(scenario, known)) };
  const next = reconcileRead<Production>(policy, known, { production, respondedAt: respondedAt }, conclude, span);
  return follow(informed, { read: production }, next, isOfCall);
}

/** Whether a print of the call can be distinguished from an earlier one. If that began just before, it takes milliseconds. */
function isDistinguishable({ rules: { times }, previous }: Scenario, { windowBeganAt }: Reconciliation): boolean {
  if (times === "missing" || previous?.status === "IN_PROGRESS") return false;
  return times !== "whole seconds" || windowBeganAt !== undefined;
}

function follow(
  state: CallInWorld,
  what: unknown,
  [known, step]: Next<Production>,
  isOfCall = false,
): CallInWorld | Ending {
  const after = { ...state, known, trace: note(state, state.world, what) };
  if (step.do === "resolve" || step.do === "reject") return { ...after, end: step, isOfCall };
  const until = state.world.now + step.waitMs;
  return { ...after, phase: { of: "pause", until, next: step.do, sentAt: state.phase.sentAt } };
}
