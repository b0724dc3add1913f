const { MockAgent } = require("undici");
const { WiseKioskClient } = require("wise-card-kiosk");
const { fixtures } = require("wise-card-kiosk/testing");
const { printCard } = require("./print-card.js");

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const path = `/v3/spend/profiles/${card.profileId}/cards/${card.cardToken}/production`;
let agent;

beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
});
afterEach(async () => {
  agent.assertNoPendingInterceptors();
  await agent.close();
});

test("shows the clerk why the request was refused", async () => {
  const { httpStatus, body } = fixtures.error.requestError({ body: { errorCode: "KIOSK_ID_NOT_FOUND" } });
  agent.get("https://api.wise-sandbox.com").intercept({ method: "PUT", path }).reply(httpStatus, body);
  const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", dispatcher: agent });
  expect(await printCard(kiosk, { ...card, kioskId: "WIS9" })).toMatch(/No kiosk is set up under this kiosk id/);
});
