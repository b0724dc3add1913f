import { describe, expect, it } from "vitest";
import { type IntentRead, reconcileIntent } from "../../src/calls/reconcile-intent.js";
import type { Production, ProductionIntent } from "../../src/index.js";
import { createIntent } from "../support/intents.js";

const BEGAN = Date.UTC(2026, 0, 1, 12);
const WINDOW_MS = 10_000;
/** The end of the window by Wise's clock: `wiseAt` + 1 s + (`expiresAt` - `wiseAtOurs`) + the window. */
const END = BEGAN + 35_000 + 1000 + WINDOW_MS;
const KIOSK = "WIS00001";
const ELSEWHERE = "WIS00002";

type Status = Exclude<Production["status"], "UNRECOGNIZED">;

function production(status: Status, atSeconds: number | null, kioskId: string | null = KIOSK): Production {
  const occurredAt = atSeconds === null ? null : new Date(BEGAN + atSeconds * 1000).toISOString();
  const errorCode =
    status === "PRODUCTION_ERROR" ? "PRD_HOPPER_JAM" : status === "REQUEST_ERROR" ? "PAN_ALREADY_EXISTS" : null;
  return { status, kioskId, occurredAt, errorCode, description: null } as Production;
}

const ready = production("READY", -600, null);
const refused = (errorCode: string, atSeconds: number) =>
  ({ ...production("REQUEST_ERROR", atSeconds), errorCode }) as Production;
const unrecognized = { ...ready, status: "UNRECOGNIZED", rawStatus: "MELTED" } as Production;
const earlierFailure = production("PRODUCTION_ERROR", -600);

const withinWindow = (read: Production): IntentRead => ({ production: read, startedAt: BEGAN, wiseAt: END - 1 });
const afterWindow = (read: Production): IntentRead => ({ production: read, startedAt: BEGAN, wiseAt: END });

const knowing = (previous: Production | null): ProductionIntent => createIntent(BEGAN, { previous });

describe("a read of the card of an intent", () => {
  it.each<[string, Production, Production | null, "ours" | "not-taken" | "unknown"]>([
    ["READY", ready, null, "not-taken"],
    ["READY, as before", ready, ready, "not-taken"],
    ["the failure that was known before", earlierFailure, earlierFailure, "not-taken"],
    [
      "the failure that was known before without its code",
      earlierFailure,
      { ...earlierFailure, errorCode: null } as Production,
      "not-taken",
    ],
    [
      "the failure that was known before, without its time",
      production("PRODUCTION_ERROR", null),
      earlierFailure,
      "unknown",
    ],
    ["the failure that was known before, now PRODUCED", production("PRODUCED", -600), earlierFailure, "unknown"],
    ["a refusal shortly before the intent", refused("PIN_VERIFICATION_FAILED", -30), ready, "not-taken"],
    ["a failure from before the intent", earlierFailure, null, "not-taken"],
    [
      "a failure from before the intent with the code of a refusal",
      { ...earlierFailure, errorCode: "REQUEST_ALREADY_EXISTS" } as Production,
      null,
      "not-taken",
    ],
    ["a failure from before the known one", production("PRODUCTION_ERROR", -900), earlierFailure, "not-taken"],
    ["a refusal from before the intent", refused("PIN_VERIFICATION_FAILED", -600), null, "not-taken"],
    ["a refusal that cannot be ordered", refused("PIN_VERIFICATION_FAILED", -30), null, "not-taken"],
    [
      "the refusal of an earlier request from the second before the intent",
      refused("PIN_VERIFICATION_FAILED", -1),
      refused("PIN_VERIFICATION_FAILED", -1),
      "not-taken",
    ],
    ["a refusal because a request exists", refused("REQUEST_ALREADY_EXISTS", -600), null, "unknown"],
    ["a request that was created but not started", refused("REQUEST_CREATED_BUT_NOT_STARTED", -30), null, "unknown"],
    ["a failure shortly before the intent", production("PRODUCTION_ERROR", -30), null, "unknown"],
    ["a failure without a time", production("PRODUCTION_ERROR", null), null, "unknown"],
    ["a failure at another kiosk", production("PRODUCTION_ERROR", 5, ELSEWHERE), null, "unknown"],
    [
      "a failure after another print in progress",
      production("PRODUCTION_ERROR", 5),
      production("IN_PROGRESS", -9),
      "unknown",
    ],
    ["IN_PROGRESS at another kiosk", production("IN_PROGRESS", 5, ELSEWHERE), null, "unknown"],
    ["PRODUCED at another kiosk", production("PRODUCED", 5, ELSEWHERE), ready, "unknown"],
    ["PRODUCED from before the intent", production("PRODUCED", -600), null, "unknown"],
    ["PRODUCED, as before", production("PRODUCED", -600), production("PRODUCED", -600), "unknown"],
    ["PRODUCED without a time", production("PRODUCED", null), null, "unknown"],
    ["a status of a later version", unrecognized, null, "unknown"],
    ["IN_PROGRESS at this kiosk from before the intent", production("IN_PROGRESS", -600), null, "ours"],
  ])("says nothing within the window if it shows %s, and decides after it", (_title, read, previous, outcome) => {
    expect(reconcileIntent(knowing(previous), withinWindow(read), WINDOW_MS)).toBeUndefined();
    expect(reconcileIntent(knowing(previous), afterWindow(read), WINDOW_MS)).toEqual({ outcome, production: read });
  });

  it.each<[string, Production, Production | null]>([
    ["IN_PROGRESS", production("IN_PROGRESS", 0), null],
    ["IN_PROGRESS in other letters", production("IN_PROGRESS", 0, "wis00001"), null],
    ["IN_PROGRESS without a kiosk", production("IN_PROGRESS", 0, null), null],
    ["IN_PROGRESS without a time", production("IN_PROGRESS", null), null],
    ["PRODUCED", production("PRODUCED", 0), null],
    ["PRODUCED after READY", production("PRODUCED", -30), ready],
    ["a failure", production("PRODUCTION_ERROR", 0), null],
    ["a failure after another", production("PRODUCTION_ERROR", 0), earlierFailure],
    [
      "a failure in the second before the intent, because a Date has whole seconds",
      production("PRODUCTION_ERROR", -1),
      null,
    ],
    ["a refusal", refused("PIN_VERIFICATION_FAILED", 0), null],
  ])("is ours immediately if it shows %s of the intent", (_title, read, previous) => {
    const ours = { outcome: "ours", production: read };
    expect(reconcileIntent(knowing(previous), withinWindow(read), WINDOW_MS)).toEqual(ours);
    expect(reconcileIntent(knowing(previous), afterWindow(read), WINDOW_MS)).toEqual(ours);
  });

  it("counts from the first request of the call, and ends the window after the last", () => {
    const intent = createIntent(BEGAN, { expiresAt: new Date(BEGAN + 95_000).toISOString(), requests: 2 });
    expect(reconcileIntent(intent, withinWindow(production("PRODUCED", 0)), WINDOW_MS)?.outcome).toBe("ours");
    expect(reconcileIntent(intent, afterWindow(ready), WINDOW_MS)).toBeUndefined();
    const later = { ...afterWindow(ready), wiseAt: END + 60_000 };
    expect(reconcileIntent(intent, later, WINDOW_MS)?.outcome).toBe("not-taken");
  });
});

describe("clocks of two machines", () => {
  const SKEWS_MS = [-120_000, -60_000, 0, 60_000, 120_000];
  const pairs = SKEWS_MS.flatMap((written) => SKEWS_MS.map((read) => [written, read] as const));
  const apart = pairs.filter(([written, read]) => Math.abs(written - read) <= 120_000);

  /** The intent as a machine wrote it whose clock differs from Wise's by `skewMs`. */
  function writtenBy(skewMs: number): ProductionIntent {
    const shift = (time: string | null) => time && new Date(Date.parse(time) + skewMs).toISOString();
    const { requestedAt, sendBy, expiresAt, wiseAtOurs, ...rest } = createIntent(BEGAN);
    const shifted = { requestedAt: shift(requestedAt), sendBy: shift(sendBy), expiresAt: shift(expiresAt) };
    return { ...rest, ...shifted, wiseAtOurs: shift(wiseAtOurs) } as ProductionIntent;
  }

  it.each(pairs)("do not matter if they differ from Wise's by %d and %d ms and Wise sends a Date", (written, read) => {
    const intent = writtenBy(written);
    const seen = (wiseAt: number) => ({ production: ready, startedAt: wiseAt + read, wiseAt });
    expect(reconcileIntent(intent, seen(END - 1), WINDOW_MS)).toBeUndefined();
    expect(reconcileIntent(intent, seen(END), WINDOW_MS)?.outcome).toBe("not-taken");
    const old = production("PRODUCTION_ERROR", -62);
    const recent = production("PRODUCTION_ERROR", -61);
    expect(reconcileIntent(intent, { ...seen(END), production: old }, WINDOW_MS)?.outcome).toBe("not-taken");
    expect(reconcileIntent(intent, { ...seen(END), production: recent }, WINDOW_MS)?.outcome).toBe("unknown");
  });

  it.each(apart)(
    "never make it not-taken too early if they differ by %d and %d ms and no Date is known",
    (written, read) => {
      const intent = { ...writtenBy(written), wiseAt: null, wiseAtOurs: null };
      const seen = (at: number) => ({ production: ready, startedAt: at + read, wiseAt: null });
      expect(reconcileIntent(intent, seen(BEGAN + 35_000 + WINDOW_MS - 1), WINDOW_MS)).toBeUndefined();
      expect(reconcileIntent(intent, seen(BEGAN + 35_000 + WINDOW_MS + 240_000), WINDOW_MS)?.outcome).toBe("not-taken");
      const ourFailure = production("PRODUCTION_ERROR", 0);
      expect(reconcileIntent(intent, { ...seen(BEGAN + 9e5), production: ourFailure }, WINDOW_MS)?.outcome).toBe(
        "unknown",
      );
    },
  );
});
