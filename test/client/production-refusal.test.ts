import { describe, expect, it } from "vitest";
import { WiseKioskClient, type WiseKioskClientOptions } from "../../src/index.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, TOKEN } from "../support/transports.js";

/** Simulates a status with a client of these options. Returns the rejection, and what the client did before it. */
async function simulate(options: Partial<WiseKioskClientOptions>) {
  const done: string[] = [];
  const kiosk = new WiseKioskClient({
    token: () => {
      done.push("asked for a token");
      return TOKEN;
    },
    fetch: async (url) => {
      done.push(`fetched ${url}`);
      return new Response();
    },
    onExchange: () => done.push("reported an exchange"),
    ...options,
  } as WiseKioskClientOptions);
  const error = await catchRejection(kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }));
  return { error, done };
}

const REFUSED = { name: "KioskArgumentError", argument: "environment", mayHaveTakenEffect: false };

describe("simulateProductionStatus in production", () => {
  it("refuses to simulate in production before it does anything", async () => {
    expect(await simulate({ environment: "production" })).toMatchObject({ error: REFUSED, done: [] });
  });

  it("refuses to simulate in production behind a gateway", async () => {
    await using server = await startHttpServer(reply(200));
    const { error, done } = await simulate({ environment: "production", baseUrl: server.url });
    expect([error, done, server.requests]).toMatchObject([REFUSED, [], []]);
  });

  it.each([
    "https://api.wise.com",
    "https://API.Wise.COM/",
    "https://api.wise.com./prefix",
    "https://api.wise.com..:8443",
    "https://wise.com",
    "https://twcard.wise.com",
    "https://api.eu.wise.com",
    "https://%61pi.wise.com",
    "https://api。wise。com",
    "https://api-mtls.transferwise.com",
    "https://API-MTLS.TRANSFERWISE.COM.",
    "https://api.transferwise.com",
    "https://transferwise.com",
  ])("refuses to simulate at %s, whatever the environment option says", async (baseUrl) => {
    expect(await simulate({ baseUrl })).toMatchObject({ error: REFUSED, done: [] });
    expect(await simulate({ baseUrl: new URL(baseUrl), environment: "sandbox" })).toMatchObject({
      error: REFUSED,
      done: [],
    });
  });
});

it.each([
  "https://api.wise-sandbox.com",
  "https://api-mtls.wise-sandbox.com",
  "https://wise.com.gateway.example",
  "https://notwise.com",
  "https://api-wise.com",
])("allows a simulation at %s", async (baseUrl) => {
  const { done } = await simulate({
    baseUrl,
    maxRetries: 0,
    fetch: () => Promise.reject(new Error("No network here.")),
  });
  expect(done).toContain("asked for a token");
});

it.each([
  ["sandbox", "https://api.wise-sandbox.com"],
  ["production", "https://api.wise.com"],
] as const)("sends the requests of a client for the %s environment to %s", async (environment, origin) => {
  const urls: string[] = [];
  const fetch = async (url: string) => {
    urls.push(url);
    return new Response('{"status":"READY"}');
  };
  await new WiseKioskClient({ environment, token: TOKEN, fetch }).getProductionStatus(CARD);
  expect(urls).toEqual([`${origin}/v3/spend/profiles/123456/cards/${CARD.cardToken}/production`]);
});
