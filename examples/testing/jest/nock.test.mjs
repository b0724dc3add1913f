// nock 15 is an ES module: run Jest on Node.js 22 or later with NODE_OPTIONS=--experimental-vm-modules.
import nock from "nock";
import { WiseKioskClient } from "wise-card-kiosk";
import { fixtures } from "wise-card-kiosk/testing";
import { printCard } from "./print-card.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const path = `/v3/spend/profiles/${card.profileId}/cards/${card.cardToken}/production`;

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
});

test("shows the clerk why the request was refused", async () => {
  const { httpStatus, body } = fixtures.error.requestError({ body: { errorCode: "KIOSK_ID_NOT_FOUND" } });
  nock("https://api.wise-sandbox.com").put(path, { kioskId: "WIS9" }).reply(httpStatus, body);
  const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token" });
  expect(await printCard(kiosk, { ...card, kioskId: "WIS9" })).toMatch(/No kiosk is set up under this kiosk id/);
});
