import type { ServerResponse } from "node:http";
import { expect, it, vi } from "vitest";
import type { OnDeliveryNews } from "../../src/sandbox/state/delivery-log.js";
import { Sandbox } from "../../src/sandbox/state/sandbox.js";
import { cardHandle } from "../../src/testing/simulator/card-handle.js";
import { startHttpServer } from "../support/http-server.js";

const CARD = { profileId: 1, cardToken: "a-card" };

function createSandbox(onDeliveryNews: OnDeliveryNews = () => {}, webhookUrl: string | null = null): Sandbox {
  const simulator = { cards: [CARD], now: "2026-01-31T12:00:00Z" };
  return new Sandbox({ simulator, auto: false, webhookUrl, showsToken: true }, onDeliveryNews);
}

it("a listener is called after faults are injected, and no more once it is removed", () => {
  const sandbox = createSandbox();
  const listener = vi.fn();
  const removeListener = sandbox.onChange(listener);
  sandbox.faults.inject({ fault: "lost-response" });
  expect(listener).toHaveBeenCalledTimes(1);
  removeListener();
  sandbox.faults.inject({ fault: "lost-response" });
  expect(listener).toHaveBeenCalledTimes(1);
});

it.each([
  [0, 1],
  [1000, 2],
])("with a read lag of %i ms, a change of a card without a delivery is reported %i times", (readLagMs, times) => {
  const sandbox = createSandbox();
  sandbox.core.readLagMs = readLagMs;
  sandbox.deliveries.hold();
  const listener = vi.fn();
  sandbox.onChange(listener);
  cardHandle(sandbox.core, CARD.cardToken).ready();
  sandbox.core.clock.advance(1000);
  expect(listener).toHaveBeenCalledTimes(times);
});

it("an attempt of a delivery that is forgotten is not reported, and the next delivery goes out", async () => {
  const waiting: ServerResponse[] = [];
  await using receiver = await startHttpServer((response) => void waiting.push(response));
  const onDeliveryNews = vi.fn();
  const sandbox = createSandbox(onDeliveryNews, receiver.url);
  for (let count = 0; count <= 500; count += 1) cardHandle(sandbox.core, CARD.cardToken).ready();
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]?.end();
  await expect.poll(() => waiting.length).toBe(2);
  expect(onDeliveryNews).not.toHaveBeenCalled();
  sandbox.stop();
});
