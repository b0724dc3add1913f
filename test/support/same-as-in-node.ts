import { Blob as NodeBlob } from "node:buffer";
import { request } from "node:http";
import { URL as NodeUrl } from "node:url";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { Agent, Request as UndiciRequest, fetch as undiciFetch, request as undiciRequest } from "undici";
import { Agent as Agent6 } from "undici-6";
import { describe, expect, it, vi } from "vitest";
import {
  createRefreshingToken,
  type DispatcherLike,
  type Exchange,
  type FetchLike,
  WiseKioskClient,
} from "../../src/index.js";
import { createKioskSimulator, signWebhook } from "../../src/testing/index.js";
import { KioskWebhooks } from "../../src/webhooks/index.js";
import { nodeListener } from "../../src/webhooks/node.js";
import { makeAuthority } from "./certificates.js";
import { startConnectProxy } from "./connect-proxy.js";
import { productionBody, SUBSCRIPTION_ID } from "./event-bodies.js";
import { reply, replyInTurn, startHttpServer } from "./http-server.js";
import { startMtlsServer } from "./mtls-server.js";
import { newTokens, startOauthServer } from "./oauth-server.js";
import { signedHeaders, wise } from "./signed-delivery.js";
import { CARD, catchRejection, createClient, PRODUCE } from "./transports.js";
import { serve } from "./webhook-loopback.js";
import { WISE_EXAMPLES } from "./wise-examples.js";

const CARDS = [CARD];

/** Converts text to every kind of bytes in a test environment. */
const BYTES: readonly (readonly [string, (text: string) => Uint8Array | ArrayBuffer])[] = [
  ["a Buffer", (text) => Buffer.from(text)],
  ["bytes of the environment's TextEncoder", (text) => new TextEncoder().encode(text)],
  ["the environment's Uint8Array", (text) => Uint8Array.from(Buffer.from(text))],
  ["the environment's ArrayBuffer", (text) => Uint8Array.from(Buffer.from(text)).buffer],
  ["a Uint8Array of node:vm", (text) => runInNewContext("Uint8Array.from(bytes)", { bytes: [...Buffer.from(text)] })],
];

/** Creates a URL of every class in a test environment. */
const URLS: readonly (readonly [string, (text: string) => URL])[] = [
  ["the environment's URL", (text) => new URL(text)],
  ["the URL of node:url", (text) => new NodeUrl(text) as URL],
];

/**
 * Defines the tests that must pass in every test environment, even if it replaces classes of Node.js.
 *
 * @param moreWays further ways to send in this environment.
 */
export function describeSameAsInNode(
  moreWays: readonly (readonly [string, { readonly fetch: FetchLike }])[] = [],
): void {
  describe("the client over a real connection", () => {
    it.each<readonly [string, { readonly dispatcher?: DispatcherLike; readonly fetch?: FetchLike }]>([
      ["the default dispatcher", {}],
      ["a dispatcher of undici 7", { dispatcher: new Agent() }],
      ["a dispatcher of undici 6", { dispatcher: new Agent6() as unknown as DispatcherLike }],
      ["undici's fetch", { fetch: undiciFetch }],
      ...moreWays,
    ])("prints, reads and simulates through %s", async (_way, options) => {
      await using server = await startHttpServer((response, request) => {
        const body = request.method === "POST" ? "" : WISE_EXAMPLES[request.method === "PUT" ? "inProgress" : "ready"];
        reply(200, body, { Vary: "Accept", "x-trace-id": "a-trace" })(response, request);
      });
      const exchanges: Exchange[] = [];
      const kiosk = createClient(server, { ...options, onExchange: (exchange) => exchanges.push(exchange) });
      expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS", kioskId: "WIS00001" });
      expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
      await kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" });
      expect(exchanges.map(({ httpStatus, traceId }) => [httpStatus, traceId])).toEqual([
        [200, "a-trace"],
        [200, "a-trace"],
        [200, "a-trace"],
      ]);
    });

    it("reads a refusal, an error and a compressed body", async () => {
      const compressed = gzipSync(WISE_EXAMPLES.ready);
      await using server = await startHttpServer(
        replyInTurn(
          reply(422, WISE_EXAMPLES.requestError),
          reply(404, { message: "no such card" }),
          (response) => void response.writeHead(200, { "Content-Encoding": "gzip" }).end(compressed),
        ),
      );
      const kiosk = createClient(server);
      expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "REQUEST_ERROR" });
      expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ name: "KioskNotFoundError" });
      expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
    });

    it.each(URLS)("accepts %s as its base URL", async (_which, url) => {
      await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
      const kiosk = createClient(server, { baseUrl: url(`${server.url}/wise`) });
      expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
      expect(server.requests[0]?.path).toMatch(/^\/wise\/v3\//);
    });

    it("ends a call when the environment's AbortSignal aborts", async () => {
      await using server = await startHttpServer(() => {});
      const controller = new AbortController();
      const call = catchRejection(createClient(server).getProductionStatus(CARD, { signal: controller.signal }));
      await vi.waitFor(() => expect(server.requests).toHaveLength(1));
      const reason = new Error("the user left");
      controller.abort(reason);
      expect(await call).toBe(reason);
    });

    it("follows a production to its end", async () => {
      await using server = await startHttpServer(
        replyInTurn(
          reply(200, WISE_EXAMPLES.inProgress),
          reply(200, { ...JSON.parse(WISE_EXAMPLES.ready), status: "PRODUCED" }),
        ),
      );
      const { signal } = new AbortController();
      const kiosk = createClient(server);
      expect(await kiosk.waitForProduction(CARD, { signal })).toMatchObject({ status: "PRODUCED" });
    });
  });

  describe("a client certificate", () => {
    const authority = makeAuthority();
    const { cert, key } = authority.issue("your-bank");

    it.each(BYTES.filter(([kind]) => !kind.endsWith("ArrayBuffer")))(
      "reads a client certificate from %s",
      async (_kind, bytes) => {
        const pem = (text: string) => bytes(text) as Uint8Array;
        await using server = await startMtlsServer(authority);
        await using kiosk = createClient(server, { mtls: { cert: pem(cert), key: pem(key), ca: pem(authority.ca) } });
        expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
      },
    );

    it.each(URLS)("presents a client certificate through a proxy given as %s", async (_which, url) => {
      await using server = await startMtlsServer(authority);
      await using proxy = await startConnectProxy();
      await using kiosk = createClient(server, { mtls: { cert, key, ca: authority.ca, proxy: url(proxy.url) } });
      expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
      expect(proxy.requests).toHaveLength(1);
    });
  });

  it.each<[string, () => Date]>([
    ["the environment's Date", () => new Date()],
    ["a Date of node:vm", () => runInNewContext("new Date()") as Date],
  ])("a token expires at a time given as %s", async (_which, now) => {
    await using server = await startOauthServer(newTokens());
    const token = createRefreshingToken({
      baseUrl: server.url,
      clientId: "your-bank",
      clientSecret: "a-client-secret",
      refreshToken: "a-refresh-token",
      accessToken: "an-older-access-token",
      expiresAt: now(),
      onRefresh: () => {},
    });
    expect(await token({ profileId: "123456", operation: "produceCard" })).toBe("access-1");
  });

  describe("webhooks", () => {
    const body = productionBody({ data: { description: "Größe ✓" } });
    const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey], subscriptionIds: [SUBSCRIPTION_ID] });

    it.each(BYTES)("verifies a webhook from %s", async (_kind, bytes) => {
      expect(await webhooks.unwrap(bytes(body), signedHeaders(body))).toMatchObject({ isTest: false });
      const forged = bytes(body.replace("IN_PROGRESS", "PRODUCED"));
      expect(await catchRejection(webhooks.unwrap(forged, signedHeaders(`${body} `)))).toMatchObject({
        reason: "mismatch",
      });
    });

    it("verifies a webhook with the environment's Headers", async () => {
      expect(await webhooks.unwrap(body, new Headers(signedHeaders(body)))).toMatchObject({ isTest: false });
    });

    it("handles a webhook in the environment's Request", async () => {
      const onProduction = vi.fn();
      const request = new Request("https://bank.example/wise", { method: "POST", headers: signedHeaders(body), body });
      const response = await webhooks.handler({ onProduction })(request);
      expect([response.status, await response.json()]).toEqual([200, expect.anything()]);
      expect(onProduction).toHaveBeenCalledOnce();
    });

    it("receives a webhook with nodeListener over a real connection", async () => {
      const onProduction = vi.fn();
      const url = await serve(nodeListener(webhooks.handler({ onProduction })));
      expect(await postWithoutFetch(url, body, signedHeaders(body))).toBe(200);
      expect(onProduction).toHaveBeenCalledOnce();
    });

    it.each(BYTES.filter(([kind]) => !kind.endsWith("ArrayBuffer")))(
      "signs a webhook from %s",
      async (_kind, bytes) => {
        const signature = signWebhook(bytes(body) as Uint8Array, wise.privateKey);
        expect(await webhooks.unwrap(body, { "X-Signature-SHA256": signature })).toMatchObject({ isTest: false });
      },
    );
  });

  describe("the simulator", () => {
    it("the simulator runs its quick start", async () => {
      const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: CARDS });
      const kiosk = new WiseKioskClient(simulator.clientOptions());
      expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
      simulator.card(CARD.cardToken).fail("PRD_HOPPER_JAM");
      expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ errorCode: "PRD_HOPPER_JAM" });
      expect(simulator.requests[0]?.headers).not.toHaveProperty("authorization");
      expect(JSON.stringify(simulator.requests)).not.toContain(simulator.clientOptions().token);
    });

    it("the simulator responds through its dispatcher and its server", async () => {
      const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: CARDS });
      await using server = await simulator.listen();
      const { token } = simulator.clientOptions();
      for (const way of [
        { baseUrl: "https://wise.example", dispatcher: simulator.dispatcher },
        { baseUrl: server.url },
      ]) {
        const kiosk = new WiseKioskClient({ ...way, token });
        expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
      }
    });

    it.each([
      ["the environment's Request", (url: string, init: RequestInit) => new Request(url, init)],
      [
        "undici's Request",
        (url: string, init: RequestInit) => new UndiciRequest(url, init as never) as unknown as Request,
      ],
    ])("the simulator responds to %s, in any letter case of its headers", async (_which, request) => {
      const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: CARDS });
      const { token } = simulator.clientOptions();
      const url = `https://wise.example/v3/spend/profiles/${CARD.profileId}/cards/${CARD.cardToken}/production`;
      const headers = { AUTHORIZATION: `Bearer ${token}`, "Content-TYPE": "application/json" };
      const body = JSON.stringify({ kioskId: "WIS00001" });
      const response = await simulator.fetch(request(url, { method: "PUT", headers, body }));
      expect([response.status, await response.json()]).toEqual([
        200,
        expect.objectContaining({ status: "IN_PROGRESS" }),
      ]);
    });

    it.each<readonly [string, (text: string) => unknown]>([
      ...BYTES.filter(([kind]) => !kind.endsWith("ArrayBuffer")),
      ["a Blob of node:buffer", (text) => new NodeBlob([text])],
    ])("the simulator accepts %s as a request body through its dispatcher", async (_kind, toBody) => {
      const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: CARDS });
      const { statusCode } = await undiciRequest(
        `https://wise.example/v3/spend/profiles/${CARD.profileId}/cards/${CARD.cardToken}/production`,
        {
          method: "PUT",
          headers: { Authorization: `Bearer ${simulator.clientOptions().token}` },
          body: toBody(JSON.stringify({ kioskId: "WIS00001" })) as Uint8Array,
          dispatcher: simulator.dispatcher,
        },
      );
      expect(statusCode).toBe(200);
      expect(simulator.requests[0]?.body).toEqual({ kioskId: "WIS00001" });
    });

    it("the simulator fails as a network does", async () => {
      const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: CARDS });
      const kiosk = new WiseKioskClient({ ...simulator.clientOptions(), maxRetries: 0 });
      for (const fault of ["connection-refused", "connection-reset", "lost-response", "truncated-body"] as const) {
        simulator.injectFault({ fault });
        expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ name: "KioskConnectionError" });
      }
      simulator.injectFault({ fault: "timeout" });
      expect(await catchRejection(kiosk.getProductionStatus(CARD, { timeoutMs: 50 }))).toMatchObject({
        code: "ERR_TIMEOUT",
      });
    });

    it("the simulator delivers its webhooks to a listener", async () => {
      const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: CARDS });
      const webhooks = new KioskWebhooks(simulator.webhookOptions());
      const onProduction = vi.fn();
      const url = await serve(nodeListener(webhooks.handler({ onProduction })));
      const target = simulator.deliverTo(new URL(url));
      simulator.card(CARD.cardToken).produce().complete();
      await target.settled();
      expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200, 200]);
      expect(onProduction).toHaveBeenCalledTimes(2);
    });

    it.each(BYTES)("the simulator delivers %s as a body", async (_kind, bytes) => {
      const simulator = createKioskSimulator();
      simulator.deliver(bytes('{"größe":1}'));
      expect(simulator.deliveries[0]?.body).toBe('{"größe":1}');
    });
  });
}

/** Posts without `fetch`, which a test environment replaces, and returns the HTTP status. */
function postWithoutFetch(url: string, body: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { method: "POST", headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end(body);
  });
}
