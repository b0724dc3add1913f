import { expect, it } from "vitest";
import { createRefreshingToken } from "wise-card-kiosk";
import { makeAuthority } from "../support/certificates.js";
import { ConnectionWatch } from "../support/connection-watch.js";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { startMtlsServer } from "../support/mtls-server.js";
import { newTokens, optionsFor, startOauthServer } from "../support/oauth-server.js";
import { CARD, createClient, PRODUCE, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const PRODUCED = { status: "PRODUCED", kioskId: PRODUCE.kioskId, occurredAt: "2026-01-02T03:04:05.678Z" };
const LOST: Responder = (response) => void response.destroy();

it.each(TRANSPORTS)("connects to its baseUrl and to nothing else, through %s", async (_transport, options) => {
  await using server = await startHttpServer(replyInTurn(reply(200, WISE_EXAMPLES.ready), LOST, reply(200, PRODUCED)));
  using watch = new ConnectionWatch();
  await using kiosk = createClient(server, { ...options, maxRetries: 2, reconcileWindowMs: 0 });
  await kiosk.getProductionStatus(CARD);
  await kiosk.produceCard(PRODUCE).catch(() => undefined);
  await kiosk.waitForProduction(CARD);
  expect(server.requests.length).toBeGreaterThanOrEqual(4);
  expect(findPorts(watch)).toEqual([server.port]);
});

it("connects to its baseUrl and to nothing else, with a client certificate", async () => {
  const authority = makeAuthority();
  await using server = await startMtlsServer(authority);
  using watch = new ConnectionWatch();
  await using kiosk = createClient(server, { mtls: { ...authority.issue("your-bank"), ca: authority.ca } });
  await kiosk.getProductionStatus(CARD);
  expect(findPorts(watch)).toEqual([server.port]);
});

it("refreshes a token at its baseUrl and connects to nothing else", async () => {
  await using server = await startOauthServer(newTokens());
  using watch = new ConnectionWatch();
  await using kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server)) });
  await kiosk.getProductionStatus(CARD);
  expect(server.refreshes).toHaveLength(1);
  expect(findPorts(watch)).toEqual([server.port]);
});

function findPorts({ targets }: ConnectionWatch): readonly number[] {
  return [...new Set(targets.map(({ port }) => port))];
}
