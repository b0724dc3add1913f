import { createKioskSimulator } from "../../../src/testing/index.js";

/** Leaves every kind of work unfinished, each for ten minutes, and must exit nevertheless. */
const simulator = createKioskSimulator({
  cards: [{ profileId: 123456, cardToken: "card", outcomes: ["PRODUCED"], productionDelayMs: 600_000 }],
  readLagMs: 600_000,
});
const path = "/v3/spend/profiles/123456/cards/card/production";
const put = {
  method: "PUT",
  headers: { authorization: `Bearer ${simulator.clientOptions().token}` },
  body: '{"kioskId":"WIS00001"}',
};
const server = await simulator.listen();
await fetch(server.url + path, put);
simulator.injectFault({ fault: { arrivesAfterMs: 600_000 } });
const late = await fetch(server.url + path, put).catch(() => "no response");
simulator.latencyMs = 600_000;
const slow = fetch(server.url + path, put).catch(() => "no response");
while (simulator.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
await server.close();
console.log(JSON.stringify({ late, slow: await slow }));
