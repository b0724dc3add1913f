import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";
import { type BuildOptions, build } from "esbuild";
import type * as Undici from "undici";
import { Agent, getGlobalDispatcher, interceptors, RetryAgent, setGlobalDispatcher } from "undici";
import { RetryAgent as OlderRetryAgent } from "undici-6";
import { afterEach, describe, expect, it } from "vitest";
import type { DispatcherLike, Exchange } from "../../src/index.js";
import { type Responder, reply, startHttpServer } from "../support/http-server.js";
import { catchRejection, createClient, PRODUCE } from "../support/transports.js";

const QUICKLY = { minTimeout: 1, maxTimeout: 1 };

const usual = getGlobalDispatcher();

afterEach(() => setGlobalDispatcher(usual));

const FAILURES: readonly (readonly [string, Responder, object])[] = [
  ["503", reply(503), { name: "KioskServerError" }],
  ["429", reply(429), { name: "KioskRateLimitError" }],
  [
    "a reset",
    (response) => response.socket?.resetAndDestroy(),
    { name: "KioskConnectionError", cause: { code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) } },
  ],
];

/** Returns undici as it is in a minified program. */
async function minified(name: string, options: BuildOptions): Promise<typeof Undici> {
  const contents = `import undici from "${name}"; module.exports = undici;`;
  const stdin = { contents, resolveDir: import.meta.dirname };
  const { outputFiles = [] } = await build({
    stdin,
    bundle: true,
    minify: true,
    write: false,
    format: "cjs",
    platform: "node",
    ...options,
  });
  const module = { exports: {} as typeof Undici };
  const load = runInThisContext(`(function (require, module) {${outputFiles[0]?.text}\n})`);
  load(createRequire(import.meta.url), module);
  return module.exports;
}

/** Wraps a dispatcher so that its class cannot be recognised. */
const hiding = (dispatcher: DispatcherLike): DispatcherLike => ({
  dispatch: (options, handler) => dispatcher.dispatch(options, handler),
});

describe("a RetryAgent", () => {
  it.each<[string, () => DispatcherLike]>([
    ["of undici 7", () => new RetryAgent(new Agent())],
    ["of undici 6", () => new OlderRetryAgent(new Agent() as never) as unknown as DispatcherLike],
    ["with a name of its own", () => new (class OwnAgent extends RetryAgent {})(new Agent())],
    ["with something composed into it", () => new RetryAgent(new Agent()).compose((dispatch) => dispatch)],
  ])("refuses a RetryAgent %s", async (_what, make) => {
    expect(() => createClient({ url: "http://127.0.0.1" }, { dispatcher: make() })).toThrow(
      /^dispatcher is a RetryAgent/,
    );
  });

  it.each<[string, string, BuildOptions]>([
    ["undici 7", "undici", {}],
    ["undici 7, for older engines", "undici", { target: "es2020" }],
    ["undici 6", "undici-6", {}],
  ])("refuses only the RetryAgent of a minified %s", async (_what, name, options) => {
    const { EnvHttpProxyAgent, MockAgent, Pool, ProxyAgent, ...more } = await minified(name, options);
    const agent = new more.Agent();
    const client = (dispatcher: unknown) => () =>
      createClient({ url: "http://127.0.0.1" }, { dispatcher: dispatcher as DispatcherLike });
    expect(more.RetryAgent.name).not.toBe("RetryAgent");
    expect(client(new more.RetryAgent(agent))).toThrow(/^dispatcher is a RetryAgent/);
    const others = [
      agent,
      agent.compose(more.interceptors.retry(QUICKLY)),
      new Pool("http://127.0.0.1"),
      new ProxyAgent("http://127.0.0.1"),
      new EnvHttpProxyAgent(),
      new MockAgent(),
    ];
    for (const other of others) expect(client(other)).not.toThrow();
  });

  it("accepts a dispatcher that turns retries off itself", () => {
    class WithoutRetries extends Agent {
      override dispatch(...[options, handler]: Parameters<Agent["dispatch"]>): boolean {
        return super.dispatch({ ...options, retryOptions: undefined, origin: this.toString() } as never, handler);
      }
    }
    createClient({ url: "http://127.0.0.1" }, { dispatcher: new WithoutRetries() });
  });

  it("refuses a RetryAgent as the global dispatcher when a call uses it", async () => {
    await using server = await startHttpServer(reply(503));
    setGlobalDispatcher(new RetryAgent(new Agent(), QUICKLY));
    const exchanges: Exchange[] = [];
    const kiosk = createClient(server, { maxRetries: 2, onExchange: (exchange) => exchanges.push(exchange) });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskArgumentError",
      argument: "dispatcher",
      mayHaveTakenEffect: false,
    });
    expect(exchanges).toMatchObject([{ attempt: 1, error: "ERR_ARGUMENT" }]);
    expect(server.requests).toEqual([]);
  });

  describe.each(FAILURES)("behind a wrapper, on %s", (_what, respond) => {
    it.each<[string, () => DispatcherLike]>([
      ["undici 7", () => new RetryAgent(new Agent(), QUICKLY)],
      ["undici 6", () => new OlderRetryAgent(new Agent() as never, QUICKLY) as unknown as DispatcherLike],
    ])("sends once through a wrapped RetryAgent of %s", async (_version, make) => {
      await using server = await startHttpServer(respond);
      const error = await catchRejection(createClient(server, { dispatcher: hiding(make()) }).produceCard(PRODUCE));
      expect(server.requests).toHaveLength(1);
      expect(error).toMatchObject({ requestSent: true, mayHaveTakenEffect: true });
    });
  });
});

describe.each(FAILURES)("the retry interceptor on %s", (_what, respond, outcome) => {
  it.each(["option", "global"])("sends once with the retry interceptor in the %s dispatcher", async (place) => {
    const dispatcher = new Agent().compose(interceptors.retry(QUICKLY));
    if (place === "global") setGlobalDispatcher(dispatcher);
    await using server = await startHttpServer(respond);
    const kiosk = createClient(server, place === "global" ? {} : { dispatcher });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(server.requests).toHaveLength(1);
    expect(error).toMatchObject(outcome);
  });
});
