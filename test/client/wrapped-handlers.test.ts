import { Agent, Pool } from "undici-6";
import { expect, it } from "vitest";
import type { DispatcherLike } from "../../src/index.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { createClient, PRODUCE } from "../support/transports.js";

type Wrap = (handler: object) => object;
type Dispatch = (options: never, handler: never) => boolean;

/** Ways to wrap a handler, as interceptors do. */
const WRAPPERS: readonly (readonly [string, Wrap])[] = [
  ["a proxy", (handler) => new Proxy(handler, {})],
  ["an object that inherits from it", (handler) => Object.create(handler)],
  ["a copy", (handler) => ({ ...handler })],
];

const wrapping =
  (dispatch: Dispatch, wrap: Wrap): Dispatch =>
  (options, handler) =>
    dispatch(options, wrap(handler) as never);

/** Returns a pool that wraps each handler. */
function createPool(origin: string | URL, wrap: Wrap): Pool {
  const pool = new Pool(origin);
  return Object.assign(pool, { dispatch: wrapping(pool.dispatch.bind(pool), wrap) });
}

/** Agents of undici 6 that wrap handlers inside. The ones of undici 7 pass a handler of their own to what is inside. */
const AGENTS: readonly (readonly [string, (wrap: Wrap) => Agent])[] = [
  ["factory", (wrap) => new Agent({ factory: (origin) => createPool(origin, wrap) })],
  [
    "interceptors",
    (wrap) => new Agent({ interceptors: { Agent: [(dispatch: Dispatch) => wrapping(dispatch, wrap)] } as never }),
  ],
];

const CASES = AGENTS.flatMap(([option, create]) =>
  WRAPPERS.map(([wrapper, wrap]) => [wrapper, option, create, wrap] as const),
);

it.each(CASES)(
  "a call works if its handler becomes %s in the %s of an Agent",
  async (_wrapper, _option, create, wrap) => {
    await using server = await startHttpServer(reply(200, { status: "IN_PROGRESS" }));
    const kiosk = createClient(server, { dispatcher: create(wrap) as unknown as DispatcherLike });
    expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
    expect(server.requests).toHaveLength(1);
  },
);
