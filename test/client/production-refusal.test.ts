import { describe, expect, it } from "vitest";
import { WiseKioskClient, type WiseKioskClientOptions } from "../../src/index.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, rejectionOf, TOKEN } from "../support/transports.js";

/** A simulation by a client with these options: what it rejected with, and what it did before. */
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
    onExchange: () => done.push("told of an exchange"),
    ...options,
  } as WiseKioskClientOptions);
  const error = await rejectionOf(kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }));
  return { error, done };
}

const REFUSED = { name: "KioskArgumentError", argument: "environment", mayHaveTakenEffect: false };

describe("a simulation is refused before anything is done", () => {
  it("in production", async () => {
    expect(await simulate({ environment: "production" })).toMatchObject({ error: REFUSED, done: [] });
  });

  it("in production behind a gateway", async () => {
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
  ])("to %s, whatever the environment is said to be", async (baseUrl) => {
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
])("a simulation may be sent to %s", async (baseUrl) => {
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
] as const)("a client of the %s sends to %s", async (environment, origin) => {
  const urls: string[] = [];
  const fetch = async (url: string) => {
    urls.push(url);
    return new Response('{"status":"READY"}');
  };
  await new WiseKioskClient({ environment, token: TOKEN, fetch }).getProductionStatus(CARD);
  expect(urls).toEqual([`${origin}/v3/spend/profiles/123456/cards/${CARD.cardToken}/production`]);
});
