import { getEventListeners } from "node:events";
import { expect, it, onTestFinished, vi } from "vitest";
import { WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { onAbort } from "../../src/time/on-abort.js";
import { CARD } from "../support/transports.js";

it("adds one listener to a signal for all callbacks, and removes it with the last one", () => {
  const controller = new AbortController();
  const { signal } = controller;
  const callbacks = [vi.fn(), vi.fn(), vi.fn()];
  const [stop = () => {}, ...others] = callbacks.map((callback) => onAbort(signal, callback));
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  for (const one of others) one();
  stop();
  expect(getEventListeners(signal, "abort")).toEqual([]);
  onAbort(signal, callbacks[0] as () => void);
  controller.abort();
  stop();
  expect(callbacks.map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0]);
});

it("many calls and waits with one signal cause no warning", async () => {
  const warn = vi.spyOn(process, "emitWarning");
  onTestFinished(() => warn.mockRestore());
  const simulator = createKioskSimulator({ cards: [CARD], latencyMs: 20 });
  const kiosk = new WiseKioskClient(simulator.clientOptions());
  const controller = new AbortController();
  const { signal } = controller;
  const calls = Array.from({ length: 30 }, () => kiosk.getProductionStatus(CARD, { signal }));
  const waits = Array.from({ length: 30 }, () => kiosk.waitForProduction(CARD, { signal }).catch(() => {}));
  await Promise.all(calls);
  controller.abort();
  await Promise.all(waits);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(warn.mock.calls.filter(([, type]) => String(type).includes("MaxListeners"))).toEqual([]);
});

it("calls each callback that was not removed, whichever others were", () => {
  const controller = new AbortController();
  const [kept, removed] = [vi.fn(), vi.fn()];
  onAbort(controller.signal, kept);
  onAbort(controller.signal, removed)();
  controller.abort();
  expect([kept.mock.calls.length, removed.mock.calls.length]).toEqual([1, 0]);
});

it("needs no other listener after a callback was removed twice", () => {
  const { signal } = new AbortController();
  const listen = vi.spyOn(signal, "addEventListener");
  const remove = onAbort(signal, () => {});
  remove();
  onAbort(signal, () => {});
  remove();
  onAbort(signal, () => {});
  expect(listen).toHaveBeenCalledTimes(2);
});
