import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createKioskSimulator } from "../../../src/testing/index.js";

const URL_OF_CARD = "https://kiosk.example/v3/spend/profiles/123456/cards/card/production";

for (const apis of [undefined, ["setTimeout"], ["Date"]] as const) {
  test(`delayed requests and lagging reads follow mocks of ${apis ?? "everything"}`, async (context) => {
    context.mock.timers.enable(apis && { apis: [...apis] });
    const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }], readLagMs: 60_000 });
    const headers = { authorization: `Bearer ${simulator.clientOptions().token}` };
    const statusRead = async () => {
      const response = await simulator.fetch(URL_OF_CARD, { headers });
      return JSON.parse(await response.text()).status;
    };
    simulator.injectFault({ fault: { arrivesAfterMs: 30_000 } });
    const body = '{"kioskId":"WIS00001"}';
    await assert.rejects(simulator.fetch(URL_OF_CARD, { method: "PUT", headers, body }));
    context.mock.timers.tick(20_000);
    assert.equal(simulator.card("card").production?.status, "READY");
    context.mock.timers.tick(10_000);
    assert.equal(simulator.card("card").production?.status, "IN_PROGRESS");
    context.mock.timers.tick(50_000);
    assert.equal(await statusRead(), "READY");
    context.mock.timers.tick(10_000);
    assert.equal(await statusRead(), "IN_PROGRESS");
  });
}

test("targets try again in real time under mocks of everything", async (context) => {
  context.mock.timers.enable();
  let count = 0;
  const receiver = createServer((_request, response) => response.writeHead(++count < 3 ? 500 : 200).end());
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
  const target = simulator.deliverTo(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}`);
  simulator.card("card").produce();
  await target.settled();
  receiver.close();
  assert.deepEqual(
    target.attempts.map(({ httpStatus }) => httpStatus),
    [500, 500, 200],
  );
});
