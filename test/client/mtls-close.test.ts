import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { WiseKioskClient } from "../../src/index.js";
import { makeAuthority } from "../support/certificates.js";
import { startConnectProxy } from "../support/connect-proxy.js";
import { startHttpServer } from "../support/http-server.js";
import { startMtlsServer } from "../support/mtls-server.js";
import { startRawServer } from "../support/raw-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";

const authority = makeAuthority();
const mtls = { ...authority.issue("your-bank"), ca: authority.ca };

describe("close()", () => {
  it("lets requests end, closes the connections and refuses further requests", async () => {
    const sockets = new Set<unknown>();
    const options = { ...authority.issue("localhost"), ca: authority.ca, requestCert: true };
    await using server = await startHttpServer(
      (response) => setTimeout(() => response.end('{"status":"READY"}'), 50),
      (listener) =>
        createServer(options, listener).on("secureConnection", (socket: TLSSocket) => {
          sockets.add(socket.on("close", () => sockets.delete(socket)));
        }),
    );
    const onExchange = vi.fn();
    const kiosk = createClient(server, { mtls, onExchange, maxRetries: 2 });
    const call = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await Promise.all([kiosk.close(), kiosk.close()]);
    expect(await call).toMatchObject({ status: "READY" });
    await vi.waitFor(() => expect(sockets.size).toBe(0));
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskConnectionError",
      message: "produceCard: the request was not sent: The client is closed",
      requestSent: false,
      mayHaveTakenEffect: false,
    });
    expect(server.requests).toHaveLength(1);
    expect(onExchange).toHaveBeenCalledTimes(2);
    await kiosk.close();
  });

  it("ends a call in doubt, which may have taken effect, without waiting for the end of its window", async () => {
    const options = { ...authority.issue("localhost"), ca: authority.ca, requestCert: true };
    await using server = await startHttpServer(
      (response) => response.destroy(),
      (listener) => createServer(options, listener),
    );
    const kiosk = createClient(server, { mtls, maxRetries: 2, reconcileWindowMs: 600_000 });
    const call = catchRejection(kiosk.produceCard(PRODUCE));
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await kiosk.close();
    expect(await call).toMatchObject({
      name: "KioskConnectionError",
      message: expect.stringContaining("The client is closed"),
      mayHaveTakenEffect: true,
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["PUT"]);
  });

  it("waits for a request that is still connecting", async () => {
    await using server = await startMtlsServer(authority);
    let closed: Promise<void> | undefined;
    await using proxy = await startConnectProxy((_client, open) => {
      closed = kiosk.close();
      open();
    });
    const kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url } });
    expect((await kiosk.getProductionStatus(CARD)).status).toBe("READY");
    await closed;
  });

  it.each(["to the server", "to the proxy", "through the proxy"])(
    "does not wait for a connection %s that no call needs any more",
    async (where) => {
      let connecting = () => {};
      const isConnecting = new Promise<void>((resolve) => {
        connecting = resolve;
      });
      await using silent = await startRawServer(
        () => {},
        (socket) => socket.once("data", connecting),
      );
      await using proxy = await startConnectProxy();
      const [, port] = silent.url.split("127.0.0.1:");
      const proxies = { "to the proxy": silent.url, "through the proxy": proxy.url };
      const kiosk = createClient(
        { url: `https://127.0.0.1:${port}` },
        { mtls: { ...mtls, proxy: proxies[where as keyof typeof proxies] } },
      );
      const failures: unknown[] = [];
      const record = (failure: unknown) => void failures.push(failure);
      subscribe("undici:client:connectError", record);
      onTestFinished(() => void unsubscribe("undici:client:connectError", record));
      const controller = new AbortController();
      const call = catchRejection(kiosk.produceCard(PRODUCE, { signal: controller.signal }));
      await isConnecting;
      controller.abort();
      await call;
      await kiosk.close();
      expect(failures).toEqual([]);
      if (where !== "to the server") await vi.waitFor(() => expect(silent.open).toBe(0));
    },
  );

  it("ends a wait", async () => {
    await using server = await startMtlsServer(authority);
    const kiosk = createClient(server, { mtls });
    const onChange = () => kiosk.close();
    const wait = kiosk.waitForProduction(CARD, { until: ["PRODUCED"], intervalMs: 10, onChange });
    expect(await catchRejection(wait)).toMatchObject({
      name: "KioskConnectionError",
      message: "getProductionStatus: the request was not sent: The client is closed",
      productionAfter: { status: "READY" },
    });
  });

  it("closes the client at the end of an `await using` scope", async () => {
    await using server = await startMtlsServer(authority);
    let escaped: WiseKioskClient;
    {
      await using kiosk = createClient(server, { mtls });
      escaped = kiosk;
      await kiosk.getProductionStatus(CARD);
    }
    expect(await catchRejection(escaped.getProductionStatus(CARD))).toMatchObject({ requestSent: false });
  });

  it("closes without an error if nothing was sent or there is no certificate", async () => {
    const unused = createClient({ url: "https://localhost" }, { mtls });
    await unused.close();
    expect(await catchRejection(unused.produceCard(PRODUCE))).toMatchObject({ requestSent: false });
    await createClient({ url: "https://localhost" }).close();
  });
});
