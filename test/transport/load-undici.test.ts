import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MtlsPool } from "../../src/transport/mtls-pool.js";
import { makeAuthority } from "../support/certificates.js";
import { startConnectProxy } from "../support/connect-proxy.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startMtlsServer } from "../support/mtls-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TOKEN } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

/** The keys of the global dispatcher: of every undici, and of undici 8 without a wrapper for older versions. */
const GLOBAL = Symbol.for("undici.globalDispatcher.1");
const UNWRAPPED = Symbol.for("undici.globalDispatcher.2");

const globals = globalThis as { [GLOBAL]?: unknown; [UNWRAPPED]?: unknown };

const authority = makeAuthority();
const mtls = { ...authority.issue("your-bank"), ca: authority.ca };

const NO_UNDICI = { name: "KioskArgumentError", code: "ERR_ARGUMENT", mayHaveTakenEffect: false };

/** Makes `dispatcher` the global one until it is disposed. */
function setGlobalDispatcher(dispatcher: object | undefined, unwrapped = dispatcher): Disposable {
  const { [GLOBAL]: usual, [UNWRAPPED]: usualUnwrapped } = globals;
  const set = (value: unknown, unwrappedValue: unknown) => {
    globals[GLOBAL] = value;
    globals[UNWRAPPED] = unwrappedValue;
  };
  set(dispatcher, unwrapped);
  return { [Symbol.dispose]: () => set(usual, usualUnwrapped) };
}

afterEach(() => {
  vi.doUnmock("undici");
  vi.unstubAllGlobals();
});

describe.each<[string, () => object]>([
  [
    "fails to load",
    () => {
      throw new Error('Dynamic require of "node:assert" is not supported');
    },
  ],
  ["loads only in part", () => ({ default: {}, Agent: undefined, getGlobalDispatcher: undefined })],
])("a client if undici %s", (_what, load) => {
  beforeEach(() => void vi.doMock("undici", load));

  it("sends through the global dispatcher of Node.js", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
    expect(await createClient(server).produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
    expect(server.requests).toHaveLength(1);
  });

  it("sends through the global dispatcher that the user has set", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const { [GLOBAL]: usual } = globals as { [GLOBAL]: { dispatch(...given: unknown[]): boolean } };
    const dispatch = vi.fn((...given: unknown[]) => usual.dispatch(...given));
    using _set = setGlobalDispatcher({ dispatch });
    expect(await createClient(server).getProductionStatus(CARD)).toMatchObject({ status: "READY" });
    expect(dispatch).toHaveBeenCalledOnce();
  });

  it("refuses a global dispatcher that is a RetryAgent", async () => {
    using _set = setGlobalDispatcher(new (class RetryAgent {})());
    const error = await catchRejection(createClient({ url: "http://127.0.0.1:1" }).produceCard(PRODUCE));
    expect(error).toMatchObject({ ...NO_UNDICI, argument: "dispatcher" });
  });

  it("refuses a global dispatcher of undici 8 that wraps a RetryAgent for older versions", async () => {
    using _set = setGlobalDispatcher({ dispatch: () => true }, new (class RetryAgent {})());
    const error = await catchRejection(createClient({ url: "http://127.0.0.1:1" }).produceCard(PRODUCE));
    expect(error).toMatchObject({ ...NO_UNDICI, argument: "dispatcher" });
  });

  it("sends each request through the global dispatcher of its time", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const kiosk = createClient(server);
    expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
    const dispatch = vi.fn(() => {
      throw new Error("This is the new one");
    });
    using _set = setGlobalDispatcher({ dispatch });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ code: "ERR_CONNECTION" });
    expect(dispatch).toHaveBeenCalledOnce();
  });

  it("rejects if Node.js has no global dispatcher", async () => {
    using _set = setGlobalDispatcher(undefined);
    const error = await catchRejection(createClient({ url: "http://127.0.0.1:1" }).produceCard(PRODUCE));
    expect(error).toMatchObject({ ...NO_UNDICI, argument: "dispatcher" });
  });

  it("connects with a client certificate", async () => {
    await using server = await startMtlsServer(authority);
    await using kiosk = createClient(server, { mtls });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
  });

  it("connects with a client certificate through a proxy", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url } });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(proxy.requests).toHaveLength(1);
  });

  it.each([
    ["dispatcher", {}],
    ["mtls", { mtls }],
  ])(
    "rejects without a retry, names %s and says what to change if Node.js has no undici either",
    async (argument, options) => {
      vi.stubGlobal("Headers", undefined);
      await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
      const token = vi.fn(() => TOKEN);
      await using kiosk = createClient(server, { ...options, token, maxRetries: 5 });
      const error = (await catchRejection(kiosk.produceCard(PRODUCE))) as Error;
      expect(error).toMatchObject({ ...NO_UNDICI, argument });
      expect(error.message).toMatch(/undici could not be loaded.*`external`.*createRequire.*`fetch`/);
      expect(token).toHaveBeenCalledOnce();
      expect(server.requests).toEqual([]);
    },
  );

  it("refuses mtls if the global dispatcher is not an Agent of Node.js", async () => {
    using _set = setGlobalDispatcher(new (class ProxyAgent {})());
    await using kiosk = createClient({ url: "https://127.0.0.1:1" }, { mtls, maxRetries: 5 });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({ ...NO_UNDICI, argument: "mtls" });
  });

  it("closes an mTLS pool while it fails to load undici", async () => {
    vi.stubGlobal("Headers", undefined);
    const pool = new MtlsPool({ tls: mtls, proxy: undefined });
    const failure = catchRejection(pool.dispatcher());
    await pool.close();
    expect(await failure).toMatchObject({ ...NO_UNDICI, argument: "mtls" });
  });

  it("tries to load undici again at the next call with a client certificate", async () => {
    await using server = await startMtlsServer(authority);
    await using kiosk = createClient(server, { mtls });
    vi.stubGlobal("Headers", undefined);
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ argument: "mtls" });
    vi.unstubAllGlobals();
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
  });
});

it("the error says on one line why undici could not be loaded", async () => {
  vi.doMock("undici", () => {
    throw new Error("line one\nline two");
  });
  vi.stubGlobal("Headers", undefined);
  const error = (await catchRejection(createClient({ url: "http://127.0.0.1:1" }).produceCard(PRODUCE))) as Error;
  expect(error.message).toMatch(/^dispatcher must be given, because undici could not be loaded \(.+\): /);
  expect(error.message).not.toContain("\n");
});
