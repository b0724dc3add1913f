import { MockAgent } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WiseKioskClient } from "wise-card-kiosk";
import { fixtures } from "wise-card-kiosk/testing";
import { printCard } from "./print-card.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const path = `/v3/spend/profiles/${card.profileId}/cards/${card.cardToken}/production`;
let agent: MockAgent;

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
  agent
    .get("https://api.wise-sandbox.com")
    .intercept({ method: "PUT", path })
    .reply(httpStatus, body as object);
  const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", dispatcher: agent });
  expect(await printCard(kiosk, { ...card, kioskId: "WIS9" })).toMatch(/No kiosk is set up under this kiosk id/);
});
