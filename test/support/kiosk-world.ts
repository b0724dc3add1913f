import type { Production } from "../../src/production/production.js";

/** The kiosk that the call under test names. */
export const OUR_KIOSK = "WIS00001";
/** The kiosk that other clients can name. */
export const OTHER_KIOSK = "WIS00002";

/** How Wise behaves. */
export interface WorldRules {
  /** A read shows a state that the card had at most this many milliseconds ago. */
  readonly lagMs: number;
  /** A request arrives at most this many milliseconds after its sender gave up, or never. */
  readonly delayMs: number;
  /** Whether such an old state also decides requests. */
  readonly decidesByLag: boolean;
  /** Which time `occurredAt` is, and how it is written. */
  readonly times: "request" | "change" | "whole seconds" | "missing";
  /** The maximum number of prints that other clients begin during the call. */
  readonly othersPrint: number;
  /** By how many milliseconds the `Date` of a response precedes the response. */
  readonly dateCutMs: number;
}

/** A state of the card. */
interface WorldState {
  /** When the state began. */
  readonly since: number;
  readonly production: Production;
  /** Whether a request of the call under test caused it. */
  readonly isOfCall: boolean;
}

/** Wise and its kiosks, reduced to one card. Plain data, so that equal worlds can be recognised. */
export interface KioskWorld {
  /** Wise's clock, in milliseconds since 1970. */
  readonly now: number;
  /** The states that a read may still show, oldest first. The last one is current. */
  readonly states: readonly WorldState[];
  /** Requests of the call that may still arrive: when each was sent, and until when it can arrive. */
  readonly onTheirWay: readonly { readonly sentAt: number; readonly until: number }[];
  /** The number of prints that other clients began. */
  readonly printsOfOthers: number;
  /** When a request of the call first started a print. */
  readonly firstPrintAt: number | undefined;
  /** Whether more than one request of the call started a print. */
  readonly printedTwice: boolean;
}

/** The time of every new world, in milliseconds since 1970. */
export const BEGINNING = Date.UTC(2026, 0, 1);

/** Returns a world in which the card has been in these states. */
export function worldAfter(rules: WorldRules, past: Past): KioskWorld {
  let requestedAt = BEGINNING;
  const states = past.map(([agoMs, status, kioskId = OUR_KIOSK]) => {
    const since = BEGINNING - agoMs;
    if (status === "READY" || status === "IN_PROGRESS") requestedAt = since;
    const occurredAt = timestamp(rules, requestedAt, since);
    return { since, production: production(status, kioskId, occurredAt, "PRD_HOPPER_JAM"), isOfCall: false };
  });
  return { now: BEGINNING, states, onTheirWay: [], printsOfOthers: 0, firstPrintAt: undefined, printedTwice: false };
}

/** States of the card, oldest first, each with the milliseconds since it began. */
export type Past = readonly (readonly [agoMs: number, status: PastStatus, kioskId?: string])[];

type PastStatus = "READY" | "IN_PROGRESS" | "PRODUCED" | "PRODUCTION_ERROR";

function production(status: PastStatus, kioskId: string, occurredAt: string | null, errorCode: string): Production {
  const details = { kioskId, occurredAt, description: null };
  if (status === "READY") return { ...details, status, kioskId: null, errorCode: null };
  return status === "PRODUCTION_ERROR" ? { ...details, status, errorCode } : { ...details, status, errorCode: null };
}

function timestamp({ times }: WorldRules, requestedAt: number, changedAt: number): string | null {
  if (times === "missing") return null;
  const text = new Date(times === "change" ? changedAt : requestedAt).toISOString();
  return times === "whole seconds" ? text.replace(/\.\d+/, "") : text;
}

/** Returns the current state. */
export function currentState({ states }: KioskWorld): WorldState {
  return states.at(-1) as WorldState;
}

/** Returns the states that a read may show now. */
export function visibleStates({ lagMs }: WorldRules, { now, states }: KioskWorld): readonly WorldState[] {
  return states.filter((_, index) => index === states.length - 1 || (states[index + 1]?.since ?? 0) > now - lagMs);
}

/** Returns the world at a later time, without states that no read shows and requests that can no longer arrive. */
export function worldAt(rules: WorldRules, world: KioskWorld, now: number): KioskWorld {
  const later = { ...world, now, onTheirWay: world.onTheirWay.filter(({ until }) => until >= now) };
  return { ...later, states: visibleStates(rules, later) };
}

function withState(rules: WorldRules, world: KioskWorld, production: Production, isOfCall: boolean): KioskWorld {
  const changed = { ...world, states: [...world.states, { since: world.now, production, isOfCall }] };
  return worldAt(rules, changed, world.now);
}

/** Whether Wise accepts a production request in this state. */
export function acceptsProduction({ production: { status } }: WorldState): boolean {
  return status === "READY" || status === "PRODUCTION_ERROR";
}

/** Returns the world after Wise accepts a request of another client: the kiosk begins to print. */
export function beginForOther(rules: WorldRules, world: KioskWorld, kioskId: string): KioskWorld {
  return { ...begin(rules, world, kioskId, false), printsOfOthers: world.printsOfOthers + 1 };
}

/** Returns the world after Wise accepts a request of the call under test. */
export function beginForCall(rules: WorldRules, world: KioskWorld): KioskWorld {
  return {
    ...begin(rules, world, OUR_KIOSK, true),
    printedTwice: world.printedTwice || world.firstPrintAt !== undefined,
    firstPrintAt: world.firstPrintAt ?? world.now,
  };
}

function begin(rules: WorldRules, world: KioskWorld, kioskId: string, isOfCall: boolean): KioskWorld {
  const occurredAt = timestamp(rules, world.now, world.now);
  return withState(rules, world, production("IN_PROGRESS", kioskId, occurredAt, ""), isOfCall);
}

/** Returns the world after the current print has ended, or the same world if there is none. */
export function end(rules: WorldRules, world: KioskWorld, status: "PRODUCED" | "PRODUCTION_ERROR"): KioskWorld {
  const { production: current, isOfCall } = currentState(world);
  if (current.status !== "IN_PROGRESS") return world;
  const occurredAt = rules.times === "change" ? new Date(world.now).toISOString() : current.occurredAt;
  return withState(rules, world, production(status, current.kioskId as string, occurredAt, "PRD_HOPPER_JAM"), isOfCall);
}

/** Returns what Wise responds to a request that it refuses. */
export function refusedRequest(world: KioskWorld, errorCode: string): Production {
  const occurredAt = new Date(world.now).toISOString();
  return { status: "REQUEST_ERROR", kioskId: OUR_KIOSK, occurredAt, errorCode, description: null };
}
