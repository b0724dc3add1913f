import { describe, expect, it } from "vitest";
import { KioskArgumentError } from "wise-card-kiosk";
import { fixtures } from "wise-card-kiosk/testing";
import {
  applyProductionEvent,
  applyProductionRead,
  eventKey,
  type KioskProductionEvent,
  type KioskWebhookEvent,
  KioskWebhooks,
  type ProductionState,
} from "wise-card-kiosk/webhooks";

const webhooks = new KioskWebhooks({ environment: "sandbox" });
const unwrapped: KioskWebhookEvent = webhooks.parseUnverified(
  JSON.stringify(fixtures.webhook.productionStatusChange()),
);
const event = unwrapped as KioskProductionEvent;
const other = webhooks.parseUnverified(
  JSON.stringify(fixtures.webhook.productionStatusChange({ event_type: "cards#card-status-change" })),
);
const state = applyProductionEvent(undefined, event).state as ProductionState;
const card = { profileId: state.profileId, cardToken: state.cardToken };

const NOT_STATES: readonly (readonly [string, unknown, RegExp])[] = [
  ["its JSON text", JSON.stringify(state), /not text: call `JSON\.parse` on it first/],
  ["an empty string", "", /call `JSON\.parse`/],
  ["the whole result of an earlier call", applyProductionEvent(undefined, event), /not an object/],
  ["its production alone", state.production, /not an object/],
  ["an object without a production", { ...state, production: undefined }, /not an object/],
  ["a production in JSON text", { ...state, production: JSON.stringify(state.production) }, /not an object/],
  ["a profile in text", { ...state, profileId: String(state.profileId) }, /not an object/],
  ["an event that names no card", { ...event, cardToken: null }, /not an object/],
  ["an array", [state], /not an array/],
  ["a promise of it", Promise.resolve(state), /not a Promise/],
  ["a number", 0, /not 0/],
  ["false", false, /not false/],
];

describe.each([
  ["applyProductionEvent", (current: never) => applyProductionEvent(current, event)],
  ["applyProductionRead", (current: never) => applyProductionRead(current, card, state.production)],
])("the current state passed to %s", (name, apply) => {
  it.each(NOT_STATES)(`${name} rejects %s as the current state`, (_title, current, message) => {
    const act = () => apply(current as never);
    expect(act).toThrow(KioskArgumentError);
    expect(act).toThrow(expect.objectContaining({ argument: "current", message: expect.stringMatching(message) }));
  });

  it(`${name} accepts a state, null and undefined as the current state`, () => {
    const stored = JSON.parse(JSON.stringify(state)) as ProductionState;
    expect([stored, null, undefined].map((current) => apply(current as never).outcome)).toEqual([
      "duplicate",
      "applied",
      "applied",
    ]);
  });
});

describe.each([
  ["applyProductionEvent", (value: never) => applyProductionEvent(state, value)],
  ["applyProductionEvent without a state", (value: never) => applyProductionEvent(undefined, value)],
  ["eventKey", (value: never) => eventKey(value)],
])("the event passed to %s", (name, apply) => {
  it.each<[string, unknown, RegExp]>([
    ["its JSON text", JSON.stringify(event), /not text: call `JSON\.parse` on it first/],
    ["undefined", undefined, /not undefined/],
    ["null", null, /not null/],
    ["an event of another type", other, /not an object/],
    ["a body that was not unwrapped", fixtures.webhook.productionStatusChange(), /not an object/],
  ])(`${name} rejects %s as an event`, (_title, value, message) => {
    const act = () => apply(value as never);
    expect(act).toThrow(KioskArgumentError);
    expect(act).toThrow(expect.objectContaining({ argument: "event", message: expect.stringMatching(message) }));
  });
});
