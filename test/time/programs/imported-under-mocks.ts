import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

const CARD = { profileId: 123456, cardToken: "card" };

/** Lets all work run that waits for no timer. */
async function runImmediateWork(): Promise<void> {
  for (let count = 0; count < 20; count += 1) await turn();
}

/** Imports the package while timers are mocked, and creates a client that sends through this `fetch`. */
async function createClient(fetch: () => Promise<Response>) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { WiseKioskClient } = await import("../../../src/index.js");
  return new WiseKioskClient({ environment: "sandbox", token: "token", fetch, maxRetries: 0 });
}

/** Returns the code of the error with which a call without a response rejects within 6 mocked seconds. */
async function codeWithinSixSeconds(call: Promise<unknown>): Promise<unknown> {
  let code: unknown;
  call.catch((error) => {
    code = error.code;
  });
  for (let second = 0; second < 6; second += 1) {
    await runImmediateWork();
    mock.timers.tick(1000);
  }
  await runImmediateWork();
  return code;
}

afterEach(() => mock.timers.reset());

test("a call that ends before its limit works", async () => {
  const kiosk = await createClient(async () => Response.json({ status: "READY" }));
  assert.equal((await kiosk.getProductionStatus(CARD)).status, "READY");
});

for (const mocks of ["the next mocks", "the mocks after those"]) {
  test(`a time limit passes with ${mocks}, which have the same function`, async () => {
    const kiosk = await createClient(() => new Promise(() => {}));
    assert.equal(await codeWithinSixSeconds(kiosk.getProductionStatus(CARD, { timeoutMs: 5000 })), "ERR_TIMEOUT");
  });
}
