import { describe, expect, it } from "vitest";
import { version } from "../../package.json";
import type { ApiVersion, TokenContext, WiseKioskClient } from "../../src/index.js";
import { type CompleteRequest, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { CARD, createClient, PRODUCE, TOKEN, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const production = `profiles/${CARD.profileId}/cards/${CARD.cardToken}/production`;

const CALLS = [
  ["produceCard", (kiosk: WiseKioskClient) => kiosk.produceCard(PRODUCE)],
  ["getProductionStatus", (kiosk: WiseKioskClient) => kiosk.getProductionStatus(CARD)],
  [
    "simulateProductionStatus",
    (kiosk: WiseKioskClient) => kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }),
  ],
] as const;

/** Headers that depend on the connection or the transport, not on the client. */
const CONNECTION_HEADERS = new Set(["host", "connection", "content-length", "accept-language", "sec-fetch-mode"]);

function comparableHeaders({ headers }: CompleteRequest): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.has(name)));
}

describe.each(TRANSPORTS)("requests through %s", (_name, transport) => {
  it.each<[ApiVersion, string, string, string]>([
    ["legacy", "", `/v3/spend/${production}`, `/v1/simulation/spend/${production}`],
    ["2026Q3", "", `/2026Q3/spend/${production}`, `/2026Q3/simulation/spend/${production}`],
    [
      "2031Q4",
      "/gate/wise/",
      `/gate/wise/2031Q4/spend/${production}`,
      `/gate/wise/2031Q4/simulation/spend/${production}`,
    ],
    ["legacy", "/gate", `/gate/v3/spend/${production}`, `/gate/v1/simulation/spend/${production}`],
  ])("uses the paths of %s under the prefix '%s'", async (apiVersion, prefix, card, simulation) => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
    const kiosk = createClient({ url: server.url + prefix }, { apiVersion, ...transport });
    for (const [, call] of CALLS) await call(kiosk);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${card}`,
      `GET ${card}`,
      `POST ${simulation}`,
    ]);
  });

  it("sends only the expected headers", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
    const kiosk = createClient(server, transport);
    for (const [, call] of CALLS) await call(kiosk);
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": `wise-card-kiosk/${version}`,
      "x-external-correlation-id": expect.stringMatching(UUID),
    };
    const withBody = { ...headers, "content-type": "application/json" };
    const read = { ...headers, "cache-control": "no-cache" };
    expect(server.requests.map(comparableHeaders)).toEqual([withBody, read, withBody]);
  });

  it("sends only the body fields that Wise documents", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
    const kiosk = createClient(server, transport);
    const previous = await kiosk.getProductionStatus(CARD);
    await kiosk.produceCard({ ...PRODUCE, kioskId: 'WIS "é" 00001', previous });
    await kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" });
    await kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCTION_ERROR" });
    await kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCTION_ERROR", errorCode: "PRT_NOT_REACHABLE" });
    const [read, ...writes] = server.requests.map(({ body }) => body);
    expect(read).toBe("");
    expect(writes.map((body) => JSON.parse(body))).toEqual([
      { kioskId: 'WIS "é" 00001' },
      { status: "PRODUCED" },
      { status: "PRODUCTION_ERROR" },
      { status: "PRODUCTION_ERROR", errorCode: "PRT_NOT_REACHABLE" },
    ]);
  });

  it.each([
    ["a/b?c#d", "a%2Fb%3Fc%23d"],
    ["../..", "..%2F.."],
    ["a b+c%2e", "a%20b%2Bc%252e"],
    ["...", "..."],
    ["ключ", "%D0%BA%D0%BB%D1%8E%D1%87"],
    ["{profileId}", "%7BprofileId%7D"],
    ["$&$1", "%24%26%241"],
  ])("encodes the card token %s as one segment of the path", async (cardToken, segment) => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    await createClient(server, transport).getProductionStatus({ ...CARD, cardToken });
    expect(server.requests[0]?.path).toBe(`/v3/spend/profiles/123456/cards/${segment}/production`);
  });

  it.each([[123456], ["123456"], [123456n], [Number.MAX_SAFE_INTEGER], ["9007199254740991"], [9007199254740991n]])(
    "sends the profile id %s in decimal digits",
    async (profileId) => {
      await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
      await createClient(server, transport).getProductionStatus({ ...CARD, profileId });
      expect(server.requests[0]?.path).toContain(`/profiles/${String(profileId)}/cards/`);
    },
  );

  it("sends the given correlation id with every attempt of a call, or else a new one for each call", async () => {
    await using server = await startHttpServer(
      replyInTurn(
        reply(500, "", { "Retry-After": "0" }),
        reply(503, "", { "Retry-After": "0" }),
        reply(200, WISE_EXAMPLES.ready),
      ),
    );
    const kiosk = createClient(server, { maxRetries: 2, ...transport });
    const correlationId = `~${"!".repeat(35)}`;
    await kiosk.getProductionStatus(CARD, { correlationId });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    const ids = server.requests.map(({ headers }) => headers["x-external-correlation-id"]);
    expect(ids.slice(0, 3)).toEqual([correlationId, correlationId, correlationId]);
    expect(new Set(ids).size).toBe(3);
  });

  it("sends the token of the call, or else that of the client", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const kiosk = createClient(server, transport);
    await kiosk.getProductionStatus(CARD, { token: "another-token" });
    await kiosk.getProductionStatus(CARD);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer another-token",
      `Bearer ${TOKEN}`,
    ]);
  });

  it("requests a token before each attempt, for the profile and method of the call", async () => {
    await using server = await startHttpServer(
      replyInTurn(reply(500, "", { "Retry-After": "0" }), reply(200, WISE_EXAMPLES.inProgress)),
    );
    const asked: TokenContext[] = [];
    const token = async (context: TokenContext) => `token-${asked.push(context)}`;
    const kiosk = createClient(server, { maxRetries: 1, token, ...transport });
    await kiosk.getProductionStatus(CARD);
    for (const [, call] of CALLS) await call(kiosk);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `Bearer token-${n}`),
    );
    expect(asked.map(({ profileId, operation }) => [profileId, operation])).toEqual([
      ["123456", "getProductionStatus"],
      ["123456", "getProductionStatus"],
      ["123456", "produceCard"],
      ["123456", "getProductionStatus"],
      ["123456", "simulateProductionStatus"],
    ]);
    expect(asked.every((context) => context.signal instanceof AbortSignal && !("rejectedToken" in context))).toBe(true);
  });
});
