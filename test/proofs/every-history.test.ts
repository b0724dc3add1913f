import { describe, expect, it } from "vitest";
import type { ReconcilePolicy } from "../../src/calls/reconciliation.js";
import { explore, WINDOW_MS } from "../support/every-history.js";
import type { WorldRules } from "../support/kiosk-world.js";

describe("produceCard, over every history of three requests", { timeout: 120_000 }, () => {
  it.each<[string, Partial<WorldRules>, Parameters<typeof explore>[1]?]>([
    ["reads do not lag and requests are not delayed", { lagMs: 0, delayMs: 0 }],
    ["requests are delayed by up to the window", { lagMs: 0, delayMs: WINDOW_MS }],
    ["reads lag by up to the window", { lagMs: WINDOW_MS, delayMs: 0 }],
    [
      "reads lag by up to the window and Wise decides by the lagging state",
      { lagMs: WINDOW_MS, delayMs: 0, decidesByLag: true },
    ],
    ["lag and delay add up to the window", {}],
    ["lag and delay add up to the window and Wise decides by the lagging state", { decidesByLag: true }],
    ["no one else prints", { othersPrint: 0 }],
    ["others print twice", { othersPrint: 2 }],
    ["others print twice and Wise decides by the lagging state", { othersPrint: 2, decidesByLag: true }],
    ["occurredAt is the time of the change", { times: "change" }],
    ["times are in whole seconds", { times: "whole seconds" }],
    ["there are no times", { times: "missing" }],
    ["the Date of a response is almost a second old", { dateCutMs: 999 }],
    ["a token is rejected and there is another one", { othersPrint: 0 }, { hasOtherToken: true }],
    ["the client does not send again", {}, { resend: false }],
  ])("never prints twice or misreports a print in any history if %s", (_case, rules, client) => {
    const { broken, histories } = explore(rules, client);
    expect([...broken]).toEqual([]);
    expect(histories).toBeGreaterThan(20_000);
  });

  it.each<[string, Partial<WorldRules>, Partial<ReconcilePolicy>]>([
    ["without a window, if reads lag", { delayMs: 0 }, { reconcileWindowMs: 0 }],
    ["without a window, if requests are delayed", { lagMs: 0 }, { reconcileWindowMs: 0 }],
    ["with a window shorter than lag and delay together", {}, { reconcileWindowMs: WINDOW_MS - 10 }],
  ])("finds a history that prints a card twice %s", (_case, rules, client) => {
    expect([...explore(rules, client).broken.keys()]).toContain("no request prints a card again");
  });

  it("never prints a card twice without resending, however long reads lag and requests are delayed", () => {
    const { broken } = explore({ lagMs: 5000, delayMs: 5000, othersPrint: 0 }, { resend: false, reconcileWindowMs: 0 });
    expect([...broken.keys()]).not.toContain("no request prints a card again");
  });
});
