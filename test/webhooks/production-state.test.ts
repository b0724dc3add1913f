import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AppliedProductionEvent,
  applyProductionEvent,
  eventKey,
  type KioskProductionEvent,
  type Production,
  type ProductionState,
} from "wise-card-kiosk/webhooks";

type Status = "READY" | "IN_PROGRESS" | "PRODUCED" | "PRODUCTION_ERROR" | "REQUEST_ERROR" | "COLLECTED";

const KNOWN: readonly string[] = ["READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR", "REQUEST_ERROR"];

function production(status: Status, occurredAt: string | null, more: object = {}): Production {
  const known = KNOWN.includes(status) ? { status } : { status: "UNRECOGNIZED", rawStatus: status };
  return { ...known, kioskId: "WIS00001", occurredAt, errorCode: null, description: null, ...more } as Production;
}

function createEvent(production: Production, more: object = {}): KioskProductionEvent {
  return {
    type: "cards#card-production-status-change",
    profileId: 123456,
    cardToken: "35050a4a",
    clientId: "your-bank",
    subscriptionId: "01234567",
    schemaVersion: "4.0.0",
    sentAt: "2024-01-01T12:34:56.123Z",
    deliveryId: null,
    isTest: false,
    production,
    ...more,
  };
}

function event(status: Status, occurredAt: string | null, more: object = {}): KioskProductionEvent {
  return createEvent(production(status, occurredAt), more);
}

function applyAll(events: readonly KioskProductionEvent[]): ProductionState | undefined {
  return events.reduce<ProductionState | undefined>(
    (state, next) => applyProductionEvent(state, next).state,
    undefined,
  );
}

/** Applies two events and returns the result of the second. */
function then(first: KioskProductionEvent, second: KioskProductionEvent): AppliedProductionEvent {
  return applyProductionEvent(applyAll([first]), second);
}

const at = (second: number, milliseconds = 0): string =>
  new Date(Date.UTC(2024, 0, 1) + second * 1000 + milliseconds).toISOString();

describe("an event of another card", () => {
  const state = applyAll([event("READY", at(1))]);

  it.each([
    ["another card", { cardToken: "ca0c8154" }],
    ["another profile", { profileId: 1 }],
    ["another profile and no card", { profileId: 1, cardToken: null }],
    ["a card token that differs in letter case", { cardToken: "35050A4A" }],
  ])("rejects an event of %s", (_, more) => {
    expect(() => applyProductionEvent(state, event("PRODUCED", at(2), more))).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "event" }),
    );
  });
});

describe("an event that cannot be ordered", () => {
  const state = applyAll([event("IN_PROGRESS", at(1))]);

  it.each([
    "",
    "yesterday",
    "1704112000",
    "2024-01-01",
    "2024-01-01T12:24:56",
    "2024-01-01 12:24:56Z",
    "2024-01-01T12:24Z",
    "2024-01-01T12:24:96Z",
    "2024-01-01T12:24:960Z",
    "2024-01-01T12:24:5600Z",
    "2024-01-01T12:24:56.Z",
    "2024-02-30T12:24:56Z",
    "2023-02-29T12:24:56Z",
    "2024-13-01T12:24:56Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T12:24:56ZZ",
    "2024-01-01T12:24:56Z\n",
    "Mon, 01 Jan 2024 12:24:56 GMT",
    null,
  ])("changes nothing for an event with the invalid time %j", (occurredAt) => {
    for (const status of ["READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR", "COLLECTED"] as const) {
      expect(applyProductionEvent(state, event(status, occurredAt))).toStrictEqual({ state, outcome: "unordered" });
      const first = applyProductionEvent(undefined, event(status, occurredAt));
      expect(first).toStrictEqual({ state: undefined, outcome: "unordered" });
    }
  });

  it("changes nothing for an event that names no card", () => {
    const nameless = event("PRODUCED", at(2), { cardToken: null });
    expect(applyProductionEvent(undefined, nameless)).toStrictEqual({ state: undefined, outcome: "unordered" });
    expect(applyProductionEvent(state, nameless)).toStrictEqual({ state, outcome: "unordered" });
  });
});

describe("the order of two events", () => {
  it.each<[string, KioskProductionEvent, KioskProductionEvent]>([
    ["a later time", event("READY", at(1)), event("IN_PROGRESS", at(2))],
    ["a time later by a millisecond", event("PRODUCTION_ERROR", at(1)), event("IN_PROGRESS", at(1, 1))],
    [
      "a failure in milliseconds after a beginning in microseconds",
      event("IN_PROGRESS", `${at(1, 412).slice(0, -1)}789Z`),
      event("PRODUCTION_ERROR", at(1, 412)),
    ],
    ["IN_PROGRESS of the next print", event("PRODUCTION_ERROR", at(1)), event("IN_PROGRESS", at(2))],
    ["PRODUCED after an earlier time", event("IN_PROGRESS", at(9)), event("PRODUCED", at(1))],
    ["PRODUCED after a later failure", event("PRODUCTION_ERROR", at(9)), event("PRODUCED", at(1))],
    ["PRODUCED after a later unknown status", event("COLLECTED", at(9)), event("PRODUCED", at(1))],
    ["an unknown status at a later time", event("PRODUCTION_ERROR", at(1)), event("COLLECTED", at(2))],
    ["IN_PROGRESS after READY at the same time", event("READY", at(1)), event("IN_PROGRESS", at(1))],
    ["an unknown status after IN_PROGRESS at the same time", event("IN_PROGRESS", at(1)), event("COLLECTED", at(1))],
    ["REQUEST_ERROR after IN_PROGRESS at the same time", event("IN_PROGRESS", at(1)), event("REQUEST_ERROR", at(1))],
    [
      "PRODUCTION_ERROR after IN_PROGRESS at the same time",
      event("IN_PROGRESS", at(1)),
      event("PRODUCTION_ERROR", at(1)),
    ],
    [
      "PRODUCTION_ERROR after an unknown status at the same time",
      event("COLLECTED", at(1)),
      event("PRODUCTION_ERROR", at(1)),
    ],
    ["PRODUCED after PRODUCTION_ERROR at the same time", event("PRODUCTION_ERROR", at(1)), event("PRODUCED", at(1))],
    [
      "a time in another zone",
      event("IN_PROGRESS", "2024-01-01T13:24:56+02:00"),
      event("READY", "2024-01-01T12:24:56Z"),
    ],
    [
      "a time zone without a colon",
      event("IN_PROGRESS", "2024-01-01T12:24:56Z"),
      event("READY", "2024-01-01T11:24:56-0130"),
    ],
    [
      "a later second after the documented malformed time",
      event("IN_PROGRESS", "2024-01-01T12:24:560Z"),
      event("READY", "2024-01-01T12:24:57Z"),
    ],
    [
      "the documented malformed time after an earlier second",
      event("IN_PROGRESS", "2024-01-01T12:24:55.9Z"),
      event("READY", "2024-01-01T12:24:560Z"),
    ],
    [
      "a later stray digit in the documented malformed time",
      event("IN_PROGRESS", "2024-01-01T12:34:565Z"),
      event("READY", "2024-01-01T12:34:567Z"),
    ],
    [
      "PRODUCED at the same time as the documented malformed time",
      event("IN_PROGRESS", "2024-01-01T12:24:560Z"),
      event("PRODUCED", "2024-01-01T12:24:56Z"),
    ],
  ])("orders %s", (_, earlier, later) => {
    const { profileId, cardToken, production } = later;
    const state = { profileId, cardToken, production };
    expect(then(earlier, later)).toStrictEqual({ state, outcome: "applied" });
    expect(then(later, earlier)).toStrictEqual({ state, outcome: "stale" });
    expect(then(later, later)).toStrictEqual({ state, outcome: "duplicate" });
  });

  it("recognises a redelivery with other unsigned and changing parts as a duplicate", () => {
    const again = event("PRODUCED", at(1), { deliveryId: "other", sentAt: at(99), subscriptionId: "x", isTest: true });
    expect(then(event("PRODUCED", at(1)), again).outcome).toBe("duplicate");
  });

  it("treats null as the current state like undefined", () => {
    const first = event("READY", at(1));
    expect(applyProductionEvent(null, first)).toStrictEqual(applyProductionEvent(undefined, first));
  });
});

describe("the state", () => {
  it("keeps signed content only", () => {
    const state = applyAll([event("READY", at(1), { deliveryId: "unsigned", isTest: true })]);
    expect(Object.keys(state ?? {}).sort()).toEqual(["cardToken", "production", "profileId"]);
    expect(JSON.stringify(state)).not.toContain("unsigned");
  });

  it("returns a new state, or the same object if nothing changed", () => {
    const state = Object.freeze(applyAll([event("IN_PROGRESS", at(1))])) as ProductionState;
    expect(applyProductionEvent(state, event("IN_PROGRESS", at(1))).state).toBe(state);
    expect(applyProductionEvent(state, event("READY", at(0))).state).toBe(state);
    expect(applyProductionEvent(state, event("PRODUCED", at(2))).state).not.toBe(state);
  });
});

interface History {
  /** In the order in which it happened. */
  readonly events: readonly KioskProductionEvent[];
}

/**
 * A history of a card as the flow allows it: READY, then prints that all fail except perhaps the last. All changes of an
 * print share one `occurredAt`, or each change has its own. No two prints share one.
 */
const history: fc.Arbitrary<History> = fc
  .record({
    prints: fc.array(fc.record({ gap: fc.integer({ min: 1, max: 5000 }), kiosk: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 1,
      maxLength: 5,
    }),
    unit: fc.constantFrom("s" as const, "ms" as const),
    tied: fc.boolean(),
    last: fc.constantFrom("open" as const, "failed" as const, "produced" as const),
    readyGap: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ prints, unit, tied, last, readyGap }) => {
    const text = (time: number) =>
      unit === "s" ? new Date(time * 1000).toISOString().replace(".000Z", "Z") : new Date(time).toISOString();
    let time = 1_704_110_000;
    const events = [createEvent(production("READY", text(time), { kioskId: null }))];
    time += readyGap;
    prints.forEach(({ gap, kiosk }, index) => {
      if (index > 0) time += gap;
      const kioskId = `WIS0000${kiosk}`;
      const isLast = index === prints.length - 1;
      const end = isLast ? last : "failed";
      events.push(createEvent(production("IN_PROGRESS", text(time), { kioskId })));
      if (end === "open") return;
      if (!tied) time += 1;
      const failed = { kioskId, errorCode: "PRD_HOPPER_JAM", description: "Production error: hopper card jam." };
      const ended =
        end === "failed"
          ? production("PRODUCTION_ERROR", text(time), failed)
          : production("PRODUCED", text(time), { kioskId });
      events.push(createEvent(ended));
    });
    return { events };
  });

/** A history and its deliveries: each event at least once, in any order. */
const deliveredHistory = history.chain(({ events }) =>
  fc
    .array(fc.nat(events.length - 1), { maxLength: 12 })
    .chain((again) => {
      const all = [...events.keys(), ...again];
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    })
    .map((order) => ({ events, deliveries: order.map((index) => events[index] as KioskProductionEvent) })),
);

const RUNS = { numRuns: 2000 };

describe("deliveries of a valid history", () => {
  it("results in the state of the last event, in any order and with repetitions", () => {
    fc.assert(
      fc.property(deliveredHistory, ({ events, deliveries }) => {
        const last = events.at(-1) as KioskProductionEvent;
        expect(applyAll(events)?.production).toStrictEqual(last.production);
        expect(applyAll(deliveries)).toStrictEqual(applyAll(events));
      }),
      RUNS,
    );
  });

  it("results in the same state if each state goes through JSON", () => {
    fc.assert(
      fc.property(deliveredHistory, ({ events, deliveries }) => {
        let stored = "null";
        for (const delivered of deliveries) {
          stored = JSON.stringify(applyProductionEvent(JSON.parse(stored), delivered).state);
        }
        expect(JSON.parse(stored)).toStrictEqual(applyAll(events));
      }),
      RUNS,
    );
  });

  it("reports for each event whether it changed the state", () => {
    fc.assert(
      fc.property(deliveredHistory, ({ deliveries }) => {
        let state: ProductionState | undefined;
        for (const delivered of deliveries) {
          const before = JSON.stringify(state);
          const next = applyProductionEvent(state, delivered);
          expect(next.outcome === "applied").toBe(JSON.stringify(next.state) !== before);
          state = next.state;
          expect(applyProductionEvent(state, delivered).outcome).not.toBe("applied");
        }
      }),
      RUNS,
    );
  });

  it("applies every event that arrives in order exactly once", () => {
    fc.assert(
      fc.property(history, ({ events }) => {
        let state: ProductionState | undefined;
        for (const next of events) {
          const applied = applyProductionEvent(state, next);
          expect(applied.outcome).toBe("applied");
          expect(applyProductionEvent(applied.state, next).outcome).toBe("duplicate");
          state = applied.state;
        }
      }),
      RUNS,
    );
  });

  it("derives one key for each event", () => {
    fc.assert(
      fc.property(deliveredHistory, ({ events, deliveries }) => {
        expect(new Set(events.map(eventKey)).size).toBe(events.length);
        expect(new Set(deliveries.map(eventKey))).toEqual(new Set(events.map(eventKey)));
      }),
      RUNS,
    );
  });
});

/** Any event of one card, valid or not. There are few values, so that ties of every kind occur. */
const anyEvent = fc
  .record({
    status: fc.constantFrom<Status>(
      "READY",
      "IN_PROGRESS",
      "PRODUCED",
      "PRODUCTION_ERROR",
      "REQUEST_ERROR",
      "COLLECTED",
    ),
    occurredAt: fc.constantFrom(
      at(1),
      at(2),
      "1970-01-01T00:00:01Z",
      "2024-01-01T00:00:010Z",
      "2024-01-01T01:00:01+01:00",
      "?",
      null,
    ),
    kioskId: fc.constantFrom("WIS00001", "WIS00002", "", null),
    errorCode: fc.constantFrom("PRD_HOPPER_JAM", null),
    description: fc.constantFrom("a", "b", "", null),
  })
  .map(({ status, occurredAt, ...more }) => createEvent(production(status, occurredAt, more)));

describe("arbitrary events of one card", () => {
  it("results in one state for arbitrary events, in any order and with repetitions", () => {
    const orders = fc.array(anyEvent, { maxLength: 8 }).chain((events) =>
      fc.record({
        events: fc.constant(events),
        shuffled: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
      }),
    );
    fc.assert(
      fc.property(orders, ({ events, shuffled }) => {
        expect(applyAll(shuffled)).toStrictEqual(applyAll(events));
      }),
      { numRuns: 5000 },
    );
  });

  it("stays PRODUCED after an event of PRODUCED with a valid time", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 8 }), (events) => {
        const state = applyAll([event("PRODUCED", at(1)), ...events]);
        expect(state?.production.status).toBe("PRODUCED");
      }),
      RUNS,
    );
  });
});

describe("two prints that share an occurredAt", () => {
  it("prefers PRODUCTION_ERROR if two prints share an occurredAt, in any order", () => {
    const events = [event("IN_PROGRESS", at(1)), event("PRODUCTION_ERROR", at(1)), event("IN_PROGRESS", at(1))];
    expect(applyAll(events)?.production.status).toBe("PRODUCTION_ERROR");
    expect(applyAll(events.toReversed())?.production.status).toBe("PRODUCTION_ERROR");
  });

  it("prefers PRODUCED if two prints share an occurredAt", () => {
    const events = [event("PRODUCED", at(1)), event("PRODUCTION_ERROR", at(1)), event("IN_PROGRESS", at(1))];
    expect(applyAll(events)?.production.status).toBe("PRODUCED");
  });
});

describe("eventKey", () => {
  const key = eventKey(event("PRODUCED", at(1)));

  it.each([
    ["the delivery", { deliveryId: "another" }],
    ["sentAt, which changes", { sentAt: at(99) }],
    ["the subscription", { subscriptionId: "another" }],
    ["the schema version", { schemaVersion: "2.0.0" }],
    ["the test header", { isTest: true }],
    ["the description", { production: production("PRODUCED", at(1), { description: "prose" }) }],
  ])("derives an event key that does not depend on %s", (_, more) => {
    expect(eventKey(event("PRODUCED", at(1), more))).toBe(key);
  });

  it.each<[string, KioskProductionEvent]>([
    ["the profile", event("PRODUCED", at(1), { profileId: 1 })],
    ["the card", event("PRODUCED", at(1), { cardToken: "x" })],
    ["a card that is null", event("PRODUCED", at(1), { cardToken: null })],
    ['a card with the token "null"', event("PRODUCED", at(1), { cardToken: "null" })],
    ["the status", event("IN_PROGRESS", at(1))],
    ["the unknown status", event("COLLECTED", at(1))],
    ["the kiosk", createEvent(production("PRODUCED", at(1), { kioskId: "WIS00002" }))],
    ["the time", event("PRODUCED", at(2))],
    ["the error", createEvent(production("PRODUCED", at(1), { errorCode: "X" }))],
  ])("derives an event key that depends on %s", (_, other) => {
    expect(eventKey(other)).not.toBe(key);
  });

  it.each(["READY", "IN_PROGRESS", "PRODUCTION_ERROR", "PRODUCED"] as const)(
    "applies %s once and in one form, although two schema versions give it two event keys",
    (status) => {
      const precise = event(status, at(1, 234));
      const whole = event(status, "2024-01-01T00:00:01Z", { schemaVersion: "2.0.0" });
      expect(eventKey(whole)).not.toBe(eventKey(precise));
      const [one, other] = [then(precise, whole), then(whole, precise)];
      expect([one.outcome, other.outcome]).toEqual(["duplicate", "duplicate"]);
      expect(other.state).toStrictEqual(one.state);
    },
  );

  it.each([null, "", "null", "2026-11-20", "0001-01-01T00:00:00"])(
    "uses sentAt in the event key if occurredAt is %j, which cannot be ordered",
    (occurredAt) => {
      const first = event("PRODUCTION_ERROR", occurredAt, { sentAt: at(1) });
      expect(eventKey({ ...first, sentAt: at(2) })).not.toBe(eventKey(first));
      expect(eventKey({ ...first, deliveryId: "another" })).toBe(eventKey(first));
    },
  );

  it("still depends on an occurredAt that cannot be ordered if Wise sent no sentAt", () => {
    const [first, second] = ["2026-11-20", "2026-11-21"].map((occurredAt) =>
      eventKey(event("PRODUCTION_ERROR", occurredAt, { sentAt: null })),
    );
    expect(second).not.toBe(first);
  });

  it("derives the same event key for an unknown status and for a version that knows it", () => {
    const unknown = event("PRODUCED", at(1), {
      production: { ...production("PRODUCED", at(1)), status: "UNRECOGNIZED", rawStatus: "PRODUCED" },
    });
    expect(eventKey(unknown)).toBe(key);
  });
});
