import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { type AddressInfo, createServer as createNetServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CallOptions, TokenContext } from "../../src/index.js";
import { makeAuthority } from "../support/certificates.js";
import { type HttpServer, type Responder, reply, startHttpServer } from "../support/http-server.js";
import { startRawServer } from "../support/raw-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TRANSPORTS } from "../support/transports.js";
import { WAYS } from "../support/ways-through.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const usual = getGlobalDispatcher();
let agent: Agent;

beforeEach(() => {
  // One connection: a second request must wait in undici.
  agent = new Agent({ connections: 1, connect: { rejectUnauthorized: false } });
});

afterEach(async () => {
  setGlobalDispatcher(usual);
  await agent.destroy();
});

describe.each(WAYS)("abandoned calls through %s", (_name, through) => {
  it("never sends a request that was given up while it was queued", async () => {
    const waiting: (() => void)[] = [];
    await using server = await startHttpServer((response, request) => {
      waiting.push(() => reply(200, WISE_EXAMPLES.ready)(response, request));
    });
    const kiosk = createClient(server, through(agent));
    const first = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    await catchRejection(kiosk.produceCard(PRODUCE, { timeoutMs: 20 }));
    await catchRejection(kiosk.produceCard(PRODUCE, { signal: AbortSignal.timeout(20) }));
    const last = kiosk.getProductionStatus({ ...CARD, cardToken: "last" });
    waiting[0]?.();
    await first;
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.();
    await last;
    expect(server.requests.map(({ method, path }) => `${method} ${path.split("/").at(-2)}`)).toEqual([
      `GET ${CARD.cardToken}`,
      "GET last",
    ]);
  });

  it("never sends a request that was given up while it was connecting", async () => {
    await using server = await startSlowTlsServer(reply(200, WISE_EXAMPLES.ready));
    const kiosk = createClient(server, through(agent));
    await Promise.all([
      catchRejection(kiosk.produceCard(PRODUCE, { timeoutMs: 50 })),
      catchRejection(kiosk.produceCard(PRODUCE, { signal: AbortSignal.timeout(50) })),
    ]);
    const last = kiosk.getProductionStatus(CARD);
    server.proceed();
    await last;
    expect(server.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("closes the connection of a request that is given up", async () => {
    await using server = await startRawServer(() => {});
    await catchRejection(createClient(server, through(agent)).produceCard(PRODUCE, { timeoutMs: 400 }));
    expect(server.requests).toHaveLength(1);
    await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 5000 });
  });
});

describe.each(TRANSPORTS)("late tokens through %s", (_name, transport) => {
  it.each<[string, () => CallOptions]>([
    ["timeoutMs passed", () => ({ timeoutMs: 30 })],
    ["deadlineMs passed", () => ({ deadlineMs: 30 })],
    ["the signal aborted", () => ({ signal: AbortSignal.timeout(30) })],
  ])("sends nothing if the token arrives after %s", async (_when, options) => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
    const asked: TokenContext[] = [];
    const given = sleep(60).then(() => "a-late-token");
    const token = (context: TokenContext) => {
      asked.push(context);
      return given;
    };
    await catchRejection(createClient(server, { ...transport, token }).produceCard(PRODUCE, options()));
    expect(asked[0]?.signal?.aborted).toBe(true);
    await given;
    await sleep(50);
    expect(server.requests).toEqual([]);
  });
});

/** Starts a server that does not answer any TLS handshake until `proceed` is called. */
async function startSlowTlsServer(respond: Responder): Promise<HttpServer & { proceed(): void }> {
  const certificate = makeAuthority().issue("localhost");
  let https: Server | undefined;
  const http = await startHttpServer(respond, (listener) => {
    https = createServer(certificate, listener);
    return https;
  });
  const held: Socket[] = [];
  let onConnection = (socket: Socket): unknown => held.push(socket);
  const front = createNetServer((socket) => onConnection(socket)).listen(0, "127.0.0.1");
  await once(front, "listening");
  return {
    ...http,
    url: `https://127.0.0.1:${(front.address() as AddressInfo).port}`,
    proceed() {
      onConnection = (socket) => https?.emit("connection", socket);
      held.forEach(onConnection);
    },
    async [Symbol.asyncDispose]() {
      front.close();
      await http[Symbol.asyncDispose]();
    },
  };
}
