import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyProductionEvent,
  applyProductionRead,
  type KioskProductionEvent,
  type Production,
  type ProductionEventOutcome,
  type ProductionState,
  type ProductionStateCard,
} from "wise-card-kiosk/webhooks";

type Status = "READY" | "IN_PROGRESS" | "PRODUCED" | "PRODUCTION_ERROR" | "REQUEST_ERROR" | "COLLECTED";

const STATUSES = ["READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR", "REQUEST_ERROR"] as const;

const CARD = { profileId: 123456, cardToken: "35050a4a" };

function production(status: Status, occurredAt: string | null, more: object = {}): Production {
  const known = (STATUSES as readonly string[]).includes(status)
    ? { status }
    : { status: "UNRECOGNIZED", rawStatus: status };
  return { ...known, kioskId: "WIS00001", occurredAt, errorCode: null, description: null, ...more } as Production;
}

function createEvent(production: Production, more: object = {}): KioskProductionEvent {
  return {
    type: "cards#card-production-status-change",
    ...CARD,
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

const MS = (time: number): string => new Date(time).toISOString();
const SECONDS = (time: number): string => MS(Math.floor(time / 1000) * 1000).replace(".000Z", "Z");
const at = (second: number, ms = 0): string => MS(Date.UTC(2024, 0, 1) + second * 1000 + ms);

/** A state of a card, as an event or a read reports it. */
interface Sighting {
  readonly by: "event" | "read";
  readonly production: Production;
}

function apply(state: ProductionState | undefined, { by, production }: Sighting) {
  return by === "event"
    ? applyProductionEvent(state, createEvent(production))
    : applyProductionRead(state, CARD, production);
}

function applyAll(sightings: readonly Sighting[]): ProductionState | undefined {
  return sightings.reduce<ProductionState | undefined>((state, sighting) => apply(state, sighting).state, undefined);
}

function toState(production: Production): ProductionState {
  return { ...CARD, production };
}

describe("invalid arguments of applyProductionRead", () => {
  const current = toState(production("READY", at(1)));

  it.each<[string, ProductionStateCard]>([
    ["a card other than that of the state", { ...CARD, cardToken: "ca0c8154" }],
    ["a profile other than that of the state", { ...CARD, profileId: 1 }],
    ["a card token that differs in letter case", { ...CARD, cardToken: "35050A4A" }],
  ])("rejects a read for %s", (_, card) => {
    expect(() => applyProductionRead(current, card, production("PRODUCED", at(2)))).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "card" }),
    );
  });

  it.each<[string, unknown]>([
    ["no card", undefined],
    ["a token alone", "35050a4a"],
    ["no profile", { cardToken: "35050a4a" }],
    ["the profile of a test notification", { ...CARD, profileId: 0 }],
    ["a fraction as the profile", { ...CARD, profileId: 1.5 }],
    ["a profile above the safe integers", { ...CARD, profileId: 2n ** 53n }],
    ["a string that is not a number as the profile", { ...CARD, profileId: "12a" }],
    ["no token", { profileId: 123456 }],
    ["an empty token", { ...CARD, cardToken: "" }],
    ["null as the token, as in events", { ...CARD, cardToken: null }],
  ])("rejects a read for a card given as %s", (_, card) => {
    expect(() => applyProductionRead(null, card as ProductionStateCard, production("READY", at(1)))).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "card" }),
    );
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    ["PRODUCED", "a string"],
    [{}, "an object"],
    [{ status: 5 }, "an object"],
    [{ production: production("READY", at(1)) }, "an object"],
  ])("rejects an invalid production: %j", (value: unknown, found) => {
    const message = expect.stringMatching(`must be a Production.*, not ${found}$`);
    expect(() => applyProductionRead(null, CARD, value as Production)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "production", message }),
    );
  });
});

describe("applyProductionRead", () => {
  it("returns a state of plain data, whatever the type of the profile id", () => {
    for (const profileId of [123456, "123456", 123456n]) {
      const read = { ...production("PRODUCTION_ERROR", at(1), { errorCode: "PRD_HOPPER_JAM" }), colour: "dropped" };
      const { state, outcome } = applyProductionRead(undefined, { ...CARD, profileId }, read);
      expect(outcome).toBe("applied");
      expect(state).toStrictEqual(toState(production("PRODUCTION_ERROR", at(1), { errorCode: "PRD_HOPPER_JAM" })));
      expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
    }
  });

  it("treats null as the current state like undefined", () => {
    const read = production("READY", at(1));
    expect(applyProductionRead(null, CARD, read)).toStrictEqual(applyProductionRead(undefined, CARD, read));
  });

  it("does not mutate its arguments", () => {
    const current = Object.freeze(toState(Object.freeze(production("IN_PROGRESS", at(1)))));
    expect(applyProductionRead(current, CARD, Object.freeze(production("READY", at(0)))).state).toBe(current);
    expect(applyProductionRead(current, CARD, Object.freeze(production("PRODUCED", at(1)))).state).not.toBe(current);
  });

  it.each<[string, Production, Production, ProductionEventOutcome]>([
    ["a later state", production("IN_PROGRESS", at(1)), production("PRODUCTION_ERROR", at(2)), "applied"],
    ["the end of the same print", production("IN_PROGRESS", at(1)), production("PRODUCTION_ERROR", at(1)), "applied"],
    ["the next print", production("PRODUCTION_ERROR", at(1)), production("IN_PROGRESS", at(2)), "applied"],
    ["a state that lags behind", production("PRODUCTION_ERROR", at(1)), production("IN_PROGRESS", at(1)), "stale"],
    ["a state from before the print", production("IN_PROGRESS", at(2)), production("READY", at(1)), "stale"],
    ["an older failure", production("IN_PROGRESS", at(2)), production("PRODUCTION_ERROR", at(1)), "stale"],
    ["a failure after the end", production("PRODUCED", at(1)), production("PRODUCTION_ERROR", at(9)), "stale"],
    ["the same state", production("IN_PROGRESS", at(1)), production("IN_PROGRESS", at(1)), "duplicate"],
    [
      "the same state with another description",
      production("PRODUCED", at(1)),
      production("PRODUCED", at(1), { description: "x" }),
      "duplicate",
    ],
    ["the end at another time", production("PRODUCED", at(1)), production("PRODUCED", at(2)), "duplicate"],
    ["the end without a time", production("PRODUCED", at(1)), production("PRODUCED", null), "duplicate"],
    [
      "the end without a time after a failure",
      production("PRODUCTION_ERROR", at(1)),
      production("PRODUCED", null),
      "applied",
    ],
    ["READY without a time", production("IN_PROGRESS", at(1)), production("READY", null), "stale"],
    ["IN_PROGRESS without a time", production("PRODUCTION_ERROR", at(1)), production("IN_PROGRESS", null), "unordered"],
    ["a failure without a time", production("IN_PROGRESS", at(1)), production("PRODUCTION_ERROR", null), "unordered"],
    [
      "a failure with an invalid time",
      production("IN_PROGRESS", at(1)),
      production("PRODUCTION_ERROR", "?"),
      "unordered",
    ],
    ["an unknown status without a time", production("READY", at(1)), production("COLLECTED", null), "unordered"],
    [
      "a failure without a time after the end",
      production("PRODUCED", at(1)),
      production("PRODUCTION_ERROR", null),
      "stale",
    ],
    [
      "a failure without a time if no time is known",
      production("IN_PROGRESS", null),
      production("PRODUCTION_ERROR", null),
      "applied",
    ],
    [
      "a beginning without a time if no time is known",
      production("PRODUCTION_ERROR", null),
      production("IN_PROGRESS", null),
      "unordered",
    ],
    ["READY if no time is known", production("PRODUCTION_ERROR", null), production("READY", null), "stale"],
    ["the same state if no time is known", production("IN_PROGRESS", "?"), production("IN_PROGRESS", "?"), "duplicate"],
    [
      "a state with a time if none was known",
      production("PRODUCTION_ERROR", null),
      production("IN_PROGRESS", at(1)),
      "applied",
    ],
  ])("determines the outcome of a read of %s", (_, known, read, outcome) => {
    const applied = applyProductionRead(toState(known), CARD, read);
    expect(applied.outcome).toBe(outcome);
    if (outcome === "applied") expect(applied.state).toStrictEqual(toState(read));
    if (outcome === "stale" || outcome === "unordered") expect(applied.state).toStrictEqual(toState(known));
    expect(applied.state.production.status).toBe(outcome === "applied" ? read.status : known.status);
  });

  const SECOND = "2024-01-01T12:24:56Z";
  const WITHIN = "2024-01-01T12:24:56.789Z";

  it.each<[string, string]>([
    [SECOND, WITHIN],
    [WITHIN, SECOND],
  ])("orders the end of a print after its beginning: IN_PROGRESS at %s, PRODUCTION_ERROR at %s", (beginning, end) => {
    const sightings: Sighting[] = [
      { by: "event", production: production("IN_PROGRESS", beginning) },
      { by: "read", production: production("PRODUCTION_ERROR", end) },
    ];
    expect(applyAll(sightings)?.production.status).toBe("PRODUCTION_ERROR");
    expect(applyAll(sightings.toReversed())?.production.status).toBe("PRODUCTION_ERROR");
  });

  it.each([...STATUSES, "COLLECTED"] as const)(
    "treats %s in whole seconds and in milliseconds as the same state",
    (status) => {
      const seconds: Sighting = { by: "event", production: production(status, SECOND) };
      const milliseconds: Sighting = { by: "read", production: production(status, WITHIN) };
      expect(apply(applyAll([seconds]), milliseconds).outcome).toBe("duplicate");
      expect(apply(applyAll([milliseconds]), seconds).outcome).toBe("duplicate");
    },
  );
});

/** A failure, and reports of it that lack a part of what is known. */
const JAM = production("PRODUCTION_ERROR", at(1, 500), { errorCode: "PRD_HOPPER_JAM", description: "jam" });
const PRODUCED = production("PRODUCED", at(1, 500), { description: "done" });

describe("a poorer report of a state", () => {
  it.each<[string, Production, Production, ProductionEventOutcome]>([
    ["the error code", JAM, { ...JAM, errorCode: null } as Production, "applied"],
    ["the kiosk", JAM, { ...JAM, kioskId: null }, "applied"],
    ["the error code and the kiosk", JAM, { ...JAM, errorCode: null, kioskId: null } as Production, "applied"],
    ["the description", JAM, { ...JAM, description: null }, "duplicate"],
    [
      "the kiosk of a print in progress",
      production("IN_PROGRESS", at(1)),
      production("IN_PROGRESS", at(1), { kioskId: null }),
      "applied",
    ],
    ["the milliseconds of the end", PRODUCED, { ...PRODUCED, occurredAt: "2024-01-01T00:00:01Z" }, "duplicate"],
    [
      "the milliseconds and the kiosk of the end",
      PRODUCED,
      { ...PRODUCED, occurredAt: "2024-01-01T00:00:01Z", kioskId: null },
      "duplicate",
    ],
  ])("without %s is a duplicate, and the state keeps what is known in both orders", (_, full, poor, outcome) => {
    for (const by of ["event", "read"] as const) {
      expect(apply(toState(full), { by, production: poor })).toStrictEqual({
        state: toState(full),
        outcome: "duplicate",
      });
      expect(apply(toState(poor), { by, production: full })).toStrictEqual({ state: toState(full), outcome });
    }
  });

  it("that lacks the error code but adds the kiosk does not replace the error code, and is replaced by it", () => {
    const [code, kiosk] = [{ ...JAM, kioskId: null }, { ...JAM, errorCode: null } as Production];
    expect(apply(toState(code), { by: "read", production: kiosk })).toStrictEqual({
      state: toState(code),
      outcome: "stale",
    });
    expect(apply(toState(kiosk), { by: "read", production: code })).toStrictEqual({
      state: toState(code),
      outcome: "applied",
    });
  });

  it("of a failure in whole seconds is a duplicate, although its time sorts last", () => {
    const poor = production("PRODUCTION_ERROR", "2024-01-01T00:00:01Z");
    expect(apply(toState(JAM), { by: "event", production: poor })).toStrictEqual({
      state: toState(poor),
      outcome: "duplicate",
    });
  });

  it("is stale or applied if it names another error code or another kiosk", () => {
    for (const other of [{ ...JAM, errorCode: "PRT_RIBBON" } as Production, { ...JAM, kioskId: "WIS00002" }]) {
      expect(apply(toState(JAM), { by: "event", production: other }).outcome).toBe("applied");
      expect(apply(toState(other), { by: "event", production: JAM }).outcome).toBe("stale");
    }
  });
});

describe("a read after an unordered event", () => {
  const time = at(5);

  it.each([null, "", "yesterday"])(
    "applies the read that follows an unordered event with occurredAt %j",
    (occurredAt) => {
      for (const known of [undefined, toState(production("IN_PROGRESS", at(1)))]) {
        const event = applyProductionEvent(known, createEvent(production("PRODUCTION_ERROR", occurredAt)));
        expect(event).toStrictEqual({ outcome: "unordered", state: known });
        const read = applyProductionRead(event.state, CARD, production("PRODUCTION_ERROR", time));
        expect(read).toStrictEqual({ outcome: "applied", state: toState(production("PRODUCTION_ERROR", time)) });
      }
    },
  );
});

/**
 * A history of a card as the flow allows it. An event, a read or both report each step. Events have whole seconds or
 * milliseconds; reads have milliseconds and another description. No two prints are within one second.
 */
const seenHistory: fc.Arbitrary<{ readonly last: Production; readonly sightings: readonly Sighting[] }> = fc
  .record({
    prints: fc.array(
      fc.record({
        gap: fc.integer({ min: 1000, max: 90_000 }),
        length: fc.integer({ min: 0, max: 5000 }),
        ms: fc.nat(999),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    eventTime: fc.constantFrom(MS, SECONDS),
    last: fc.constantFrom("open" as const, "failed" as const, "produced" as const),
    seenBy: fc.infiniteStream(fc.constantFrom("event" as const, "read" as const, "both" as const)),
  })
  .map(({ prints, eventTime, last, seenBy }) => {
    const sightings: Sighting[] = [];
    let latest = production("READY", null);
    const see = (status: Status, time: number, more: object = {}) => {
      const { value: by } = seenBy.next();
      latest = production(status, MS(time), { description: "as read", ...more });
      const event = production(status, eventTime(time), { description: "as sent", ...more });
      if (by !== "event") sightings.push({ by: "read", production: latest });
      if (by !== "read") sightings.push({ by: "event", production: event });
    };
    let time = Date.UTC(2024, 0, 1);
    see("READY", time, { kioskId: null });
    prints.forEach(({ gap, length, ms }, index) => {
      time = Math.floor((time + gap) / 1000) * 1000 + 1000 + ms;
      see("IN_PROGRESS", time);
      const isLast = index === prints.length - 1;
      if (isLast && last === "open") return;
      // All changes of a print share one `occurredAt`, or each change has its own.
      time += length;
      if (isLast && last === "produced") see("PRODUCED", time);
      else see("PRODUCTION_ERROR", time, { errorCode: "PRD_HOPPER_JAM" });
    });
    return { last: latest, sightings };
  });

/** A history with its sightings in any order, each at least once. */
const seenInAnyOrder = seenHistory.chain(({ last, sightings }) =>
  fc
    .array(fc.nat(sightings.length - 1), { maxLength: 8 })
    .chain((again) => {
      const all = [...sightings.keys(), ...again];
      return fc.shuffledSubarray(all, { minLength: all.length });
    })
    .map((order) => ({ last, sightings, shuffled: order.map((index) => sightings[index] as Sighting) })),
);

const RUNS = { numRuns: 1000 };

describe("mixed events and reads of a valid history", () => {
  it("results in the last state of a valid history, in any order and with repetitions", () => {
    fc.assert(
      fc.property(seenInAnyOrder, ({ last, sightings, shuffled }) => {
        const state = applyAll(shuffled);
        expect(state).toStrictEqual(applyAll(sightings));
        expect(state?.production).toMatchObject({
          status: last.status,
          errorCode: last.errorCode,
          kioskId: last.kioskId,
        });
      }),
      RUNS,
    );
  });

  it("results in one state for every permutation of a short history", () => {
    const short = seenHistory.filter(({ sightings }) => sightings.length <= 6);
    fc.assert(
      fc.property(short, ({ sightings }) => {
        const states = new Set(permute(sightings).map((order) => JSON.stringify(applyAll(order))));
        expect(states.size).toBe(1);
      }),
      { numRuns: 40 },
    );
  });

  it("results in the last state if states go through JSON, and only applied ones are stored", () => {
    fc.assert(
      fc.property(seenInAnyOrder, ({ last, shuffled }) => {
        let stored = "null";
        for (const sighting of shuffled) {
          const { state, outcome } = apply(JSON.parse(stored), sighting);
          if (outcome === "applied") stored = JSON.stringify(state);
        }
        expect(JSON.parse(stored).production).toMatchObject({ status: last.status, errorCode: last.errorCode });
      }),
      RUNS,
    );
  });

  it("applies each state of the card at most once", () => {
    fc.assert(
      fc.property(seenInAnyOrder, ({ shuffled }) => {
        const applied: string[] = [];
        let state: ProductionState | undefined;
        for (const sighting of shuffled) {
          const next = apply(state, sighting);
          const { status, occurredAt } = sighting.production;
          if (next.outcome === "applied") applied.push(`${status} ${SECONDS(Date.parse(String(occurredAt)))}`);
          state = next.state;
          expect(["duplicate", "stale"]).toContain(apply(state, sighting).outcome);
        }
        expect(new Set(applied).size).toBe(applied.length);
      }),
      RUNS,
    );
  });
});

/** Any event or read. There are few values, so that ties of every kind occur, with times of both precisions and without. */
const anySighting: fc.Arbitrary<Sighting> = fc
  .record({
    by: fc.constantFrom("event" as const, "read" as const),
    status: fc.constantFrom<Status>(...STATUSES, "COLLECTED"),
    occurredAt: fc.constantFrom(at(1), at(1, 500), at(2), "2024-01-01T00:00:01Z", "2024-01-01T00:00:010Z", "?", null),
    kioskId: fc.constantFrom("WIS00001", "WIS00002", null),
    errorCode: fc.constantFrom("PRD_HOPPER_JAM", null),
    description: fc.constantFrom("a", "b", null),
  })
  .map(({ by, status, occurredAt, ...more }) => ({ by, production: production(status, occurredAt, more) }));

describe("arbitrary events and reads of one card", () => {
  it("results in one state for arbitrary events and reads, in any order and with repetitions", () => {
    const orders = fc.array(anySighting, { maxLength: 7 }).chain((sightings) =>
      fc.record({
        sightings: fc.constant(sightings),
        shuffled: fc.shuffledSubarray([...sightings, ...sightings], { minLength: sightings.length * 2 }),
      }),
    );
    fc.assert(
      fc.property(orders, ({ sightings, shuffled }) => {
        expect(applyAll(shuffled)).toStrictEqual(applyAll(sightings));
      }),
      { numRuns: 3000 },
    );
  });

  it("stays PRODUCED after a read of PRODUCED, with or without a time", () => {
    fc.assert(
      fc.property(fc.array(anySighting, { maxLength: 7 }), fc.constantFrom(at(1), null), (sightings, occurredAt) => {
        const first: Sighting = { by: "read", production: production("PRODUCED", occurredAt) };
        expect(applyAll([first, ...sightings])?.production.status).toBe("PRODUCED");
        expect(applyAll([...sightings, first])?.production.status).toBe("PRODUCED");
      }),
      RUNS,
    );
  });

  it("returns a state after every read", () => {
    fc.assert(
      fc.property(fc.array(anySighting, { maxLength: 7 }), anySighting, (sightings, { production }) => {
        expect(applyProductionRead(applyAll(sightings), CARD, production).state).toMatchObject(CARD);
      }),
      RUNS,
    );
  });
});

function permute<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permute(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
