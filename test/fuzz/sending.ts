import type { DispatcherLike, DispatchHandlerLike, FetchLike, FetchResponseLike } from "wise-card-kiosk";
import type { Dice } from "../support/dice.js";
import { generateFailure, type Quote } from "./failures.js";
import type { GeneratedResponse } from "./http-responses.js";

/** Generates the response to each request. */
export type Respond = () => GeneratedResponse;

const CONTROLLER = { abort: () => {} };

type Report = (handler: DispatchHandlerLike, response: GeneratedResponse, dice: Dice) => void;

/** Undici 7 and 8: header fields by name. */
const newer: Report = (handler, { status, headers, body }, dice) => {
  handler.onRequestStart(CONTROLLER, {});
  if (dice.chance(0.05)) handler.onResponseStart(CONTROLLER, 103, { link: "</>" });
  handler.onResponseStart(CONTROLLER, status, toRecord(headers));
  for (const chunk of chunksOf(body, dice)) handler.onResponseData(CONTROLLER, chunk);
  handler.onResponseEnd(CONTROLLER, {});
};

/** Undici 6: a flat list of header fields. */
const older: Report = (handler, { status, headers, body }, dice) => {
  handler.onConnect(() => {});
  if (dice.chance(0.5)) handler.onBodySent();
  const fields = headers.flat().map((field) => Buffer.from(field, "latin1"));
  if (dice.chance(0.02)) fields.pop();
  handler.onHeaders(status, fields, () => {}, "OK");
  for (const chunk of chunksOf(body, dice)) handler.onData(chunk);
  handler.onComplete(null);
};

type Mishap = (handler: DispatchHandlerLike, response: GeneratedResponse, dice: Dice, failure: Error) => void;

/** What goes wrong on the way, or what a careless wrapper does. */
const MISHAPS: readonly Mishap[] = [
  (_handler, _response, _dice, failure) => {
    throw failure;
  },
  (handler, _response, _dice, failure) => handler.onError(failure),
  (handler, _response, _dice, failure) => {
    handler.onRequestStart(CONTROLLER, {});
    handler.onResponseError(CONTROLLER, failure);
  },
  (handler, response, _dice, failure) => {
    handler.onRequestStart(CONTROLLER, {});
    handler.onResponseStart(CONTROLLER, response.status, toRecord(response.headers));
    handler.onResponseData(CONTROLLER, response.body);
    handler.onResponseError(CONTROLLER, failure);
  },
  (handler) => {
    handler.onRequestStart(CONTROLLER, {});
    handler.onResponseEnd(CONTROLLER, {});
  },
  (handler, response) => {
    handler.onRequestStart(CONTROLLER, {});
    handler.onResponseStart(CONTROLLER, Number.NaN, {});
    handler.onResponseData(CONTROLLER, response.body);
  },
  (handler, response) => {
    handler.onConnect(() => {});
    handler.onHeaders(response.status, [null] as unknown as Buffer[], () => {}, "");
    handler.onData(null as unknown as Buffer);
    handler.onComplete([]);
  },
  (handler, response, dice) => {
    newer(handler, response, dice);
    newer(handler, response, dice);
  },
  (handler, response, dice) => {
    handler.onResponseStart(CONTROLLER, response.status, {});
    older(handler, response, dice);
  },
  (handler) => handler.onResponseError(CONTROLLER, undefined as unknown as Error),
];

/** Returns a dispatcher that responds in this process, of either generation, and that sometimes goes wrong. */
export function fuzzDispatcher(dice: Dice, respond: Respond, quote: Quote): DispatcherLike {
  return {
    dispatch(_options, handler) {
      const report = dice.chance(0.1) ? generateMishap(dice, quote) : dice.pick([newer, older]);
      const response = respond();
      if (dice.chance(0.5)) queueMicrotask(() => reportSafely(report, handler, response, dice));
      else report(handler, response, dice);
      return true;
    },
  };
}

function generateMishap(dice: Dice, quote: Quote): Report {
  const mishap = dice.pick(MISHAPS);
  const failure = generateFailure(dice, quote) as Error;
  return (handler, response, reportDice) => mishap(handler, response, reportDice, failure);
}

/** A dispatcher reports what it throws later to the handler. */
function reportSafely(report: Report, handler: DispatchHandlerLike, response: GeneratedResponse, dice: Dice): void {
  try {
    report(handler, response, dice);
  } catch (error) {
    handler.onError(error as Error);
  }
}

type Fetched = (
  response: GeneratedResponse,
  dice: Dice,
  quote: Quote,
) => FetchResponseLike | Promise<FetchResponseLike>;

const FETCHED: readonly Fetched[] = [
  ({ status, headers, body }) => ({
    status,
    headers: { get: (name) => toRecord(headers)[name]?.toString() ?? null },
    arrayBuffer: async () => new Uint8Array(body).buffer,
  }),
  ({ status, headers, body }, dice) => ({
    status,
    headers: { get: (name) => toRecord(headers)[name]?.toString() ?? null },
    body: oneByOne(chunksOf(body, dice)),
  }),
  ({ status, body }) => ({ status, headers: new Headers(), text: async () => body.toString() }),
  ({ status }) => ({ status, headers: new Headers() }),
  ({ body }) => ({ status: "200" as unknown as number, headers: new Headers(), text: async () => body.toString() }),
  ({ status }) => ({ status, headers: { get: () => 5 as unknown as string }, text: async () => null as never }),
  ({ status }) => ({ status, headers: new Headers(), body: oneByOne([1, null, {}, "text"]) }),
  () => null as unknown as FetchResponseLike,
  (_response, dice, quote) => Promise.reject(generateFailure(dice, quote)),
  (_response, dice, quote) => {
    throw generateFailure(dice, quote);
  },
  ({ status }, dice, quote) => ({
    status,
    headers: new Headers(),
    arrayBuffer: () => Promise.reject(generateFailure(dice, quote)),
  }),
  ({ status, body }, dice, quote) => ({
    status,
    headers: new Headers(),
    body: oneByOne(chunksOf(body, dice), () => generateFailure(dice, quote)),
  }),
];

/** Returns a `fetch` that responds in this process: as `Response` does, or as a careless replacement does. */
export function fuzzFetch(dice: Dice, respond: Respond, quote: Quote): FetchLike {
  return async () => {
    const response = respond();
    if (dice.chance(0.4)) return dice.pick(FETCHED)(response, dice, quote);
    const { status, headers, body } = response;
    const isEmpty = [204, 205, 304].includes(status);
    const valid = headers.filter(([name, value]) => name !== "" && !/[^\t\x20-\xff]/.test(value));
    return new Response(isEmpty ? null : new Uint8Array(body), { status, headers: valid.map(([...field]) => field) });
  };
}

async function* oneByOne(chunks: readonly unknown[], fail?: () => unknown): AsyncGenerator<unknown> {
  yield* chunks;
  if (fail !== undefined) throw fail();
}

function chunksOf(body: Buffer, dice: Dice): readonly Buffer[] {
  if (dice.chance(0.7)) return [body];
  const at = dice.below(body.length + 1);
  return [body.subarray(0, at), Buffer.alloc(0), body.subarray(at)];
}

function toRecord(headers: GeneratedResponse["headers"]): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = Object.hasOwn(record, key) ? record[key] : undefined;
    Object.defineProperty(record, key, {
      value: before === undefined ? value : [before, value].flat(),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return record;
}
