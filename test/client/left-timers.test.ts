import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CallOptions, WiseKioskClient, WiseKioskClientOptions } from "wise-card-kiosk";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Respond = WiseKioskClientOptions["fetch"];

const produced: Respond = async () => Response.json({ status: "PRODUCED" });
const missing: Respond = async () => new Response("", { status: 404 });
const LIMITS = { timeoutMs: 20_000, deadlineMs: 30_000 } satisfies CallOptions;

const METHODS: readonly (readonly [string, (kiosk: WiseKioskClient) => Promise<unknown>])[] = [
  ["produceCard", (kiosk) => kiosk.produceCard(PRODUCE, LIMITS)],
  ["getProductionStatus", (kiosk) => kiosk.getProductionStatus(CARD, LIMITS)],
  ["simulateProductionStatus", (kiosk) => kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }, LIMITS)],
  ["waitForProduction", (kiosk) => kiosk.waitForProduction(CARD, { ...LIMITS, maxWaitMs: 40_000 })],
  [
    "watchProduction",
    async (kiosk) => {
      for await (const _production of kiosk.watchProduction(CARD, { ...LIMITS, maxWaitMs: 40_000 }));
    },
  ],
];

it.each(METHODS)("%s leaves no timer behind, whether it succeeds or fails", async (_method, call) => {
  await call(createClient({ url: "http://127.0.0.1" }, { fetch: produced }));
  expect(vi.getTimerCount()).toBe(0);
  await catchRejection(call(createClient({ url: "http://127.0.0.1" }, { fetch: missing })));
  expect(vi.getTimerCount()).toBe(0);
});
