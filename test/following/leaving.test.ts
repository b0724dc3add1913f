import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type CallOptions, type FollowOptions, type TokenContext, WiseKioskClient } from "wise-card-kiosk";
import { EventFeed } from "../support/event-feed.js";
import { NEVER_AGAIN, OFTEN } from "../support/followed-card.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startRawServer } from "../support/raw-server.js";
import { CARD, catchRejection, createClient } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

/** How long a call may take to end after its signal aborts, in milliseconds. */
const GRACE_MS = 50;

/** The options of a call whose signal has aborted before it begins. */
const GIVEN_UP = { signal: AbortSignal.abort() };

const never = (): Promise<never> => new Promise(() => {});

/** A client that follows a card and is stuck in one phase. */
interface Stuck extends AsyncDisposable {
  readonly kiosk: WiseKioskClient;
  readonly options?: FollowOptions & CallOptions;
  /** Resolves once the client reaches the phase. */
  reached(): Promise<unknown>;
}

const PHASES: readonly (readonly [string, () => Promise<Stuck>])[] = [
  [
    "a token is awaited",
    async () => {
      const server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
      const token = vi.fn(never);
      const reached = () => vi.waitFor(() => expect(token).toHaveBeenCalled());
      return { kiosk: createClient(server, { token }), reached, [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "another token is awaited",
    async () => {
      const server = await startHttpServer(reply(401));
      const token = vi.fn(({ rejectedToken }: TokenContext) => (rejectedToken === undefined ? "old" : never()));
      const reached = () => vi.waitFor(() => expect(token).toHaveBeenCalledTimes(2));
      return {
        kiosk: createClient(server, { token, maxRetries: 1 }),
        reached,
        [Symbol.asyncDispose]: () => end(server),
      };
    },
  ],
  [
    "a read gets no response",
    async () => {
      const server = await startHttpServer(() => {});
      const reached = () => vi.waitFor(() => expect(server.requests).toHaveLength(1));
      return { kiosk: createClient(server), reached, [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "a failed read is about to be retried",
    async () => {
      const server = await startHttpServer(reply(503, "", { "retry-after": "30" }));
      return { ...through(server, { maxRetries: 2 }), [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "Retry-After exceeds the longest retry delay",
    async () => {
      const server = await startHttpServer(reply(429, "", { "retry-after": "300" }));
      return { ...through(server, { maxRetries: 2 }), [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "the next read is not due yet",
    async () => {
      const server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
      return {
        ...through(server, {}),
        options: { intervalMs: NEVER_AGAIN },
        [Symbol.asyncDispose]: () => end(server),
      };
    },
  ],
  [
    "an event is awaited",
    async () => {
      const server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
      return {
        ...through(server, {}),
        options: { intervalMs: NEVER_AGAIN, events: new EventFeed() },
        [Symbol.asyncDispose]: () => end(server),
      };
    },
  ],
];

type Server = Awaited<ReturnType<typeof startHttpServer>>;

/** Creates a client that is stuck after the response to its first read. */
function through(server: Server, options: Parameters<typeof createClient>[1]): Pick<Stuck, "kiosk" | "reached"> {
  let exchanges = 0;
  const onExchange = () => {
    exchanges += 1;
  };
  const reached = () => vi.waitFor(() => expect(exchanges).toBeGreaterThan(0));
  return { kiosk: createClient(server, { ...options, onExchange }), reached };
}

const end = (server: AsyncDisposable) => server[Symbol.asyncDispose]();

// A busy machine may be late once; a slow client is late every time.
describe.each(PHASES)("a call that is stuck while %s", { retry: 2 }, (_phase, start) => {
  it("rejects a wait immediately if the signal aborts, and leaves no listener", async () => {
    await using stuck = await start();
    const controller = new AbortController();
    const { signal } = controller;
    const wait = catchRejection(stuck.kiosk.waitForProduction(CARD, { ...stuck.options, signal }));
    await stuck.reached();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    const reason = new Error("the customer left");
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await wait).toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(GRACE_MS);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("ends a watch immediately when it is left, together with a pending next()", async () => {
    await using stuck = await start();
    const { signal } = new AbortController();
    const states = stuck.kiosk.watchProduction(CARD, { ...stuck.options, signal });
    const drained = (async () => {
      for (;;) if ((await states.next()).done === true) return;
    })();
    await stuck.reached();
    const leftAt = performance.now();
    expect(await states.return?.()).toEqual({ done: true, value: undefined });
    await drained;
    expect(performance.now() - leftAt).toBeLessThan(GRACE_MS);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });
});

describe("a signal", () => {
  it("rejects with the reason of an already aborted signal, and sends nothing", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const events = new EventFeed();
    const options = { signal: AbortSignal.abort("too late"), events };
    expect(await catchRejection(createClient(server).waitForProduction(CARD, options))).toBe("too late");
    expect(await catchRejection(createClient(server).watchProduction(CARD, options).next())).toBe("too late");
    expect([server.requests.length, events.asked]).toEqual([0, 0]);
  });

  it("rejects the next state if the signal aborts between two states, even if it is available already", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const controller = new AbortController();
    const states = createClient(server).watchProduction(CARD, { intervalMs: OFTEN, signal: controller.signal });
    await states.next();
    controller.abort("left");
    expect(await catchRejection(states.next())).toBe("left");
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it("leaves no listener on the signal after a wait or watch that ended by itself", async () => {
    await using server = await startHttpServer(reply(200, { status: "PRODUCED" }));
    await using failing = await startHttpServer(reply(404));
    const { signal } = new AbortController();
    await createClient(server).waitForProduction(CARD, { signal });
    await catchRejection(createClient(failing).waitForProduction(CARD, { signal }));
    await catchRejection(
      createClient(server).waitForProduction(CARD, { signal, onChange: () => Promise.reject("no") }),
    );
    createClient(server).watchProduction(CARD, { signal });
    const states = createClient(server).watchProduction(CARD, { signal });
    while ((await states.next()).done !== true);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

it("ends a watch if the caller breaks out of the loop", async () => {
  await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
  const { signal } = new AbortController();
  const events = new EventFeed();
  const states = createClient(server).watchProduction(CARD, { intervalMs: OFTEN, events, signal });
  for await (const { status } of states) if (status === "READY") break;
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect([events.closed, await states.next()]).toEqual([1, { done: true, value: undefined }]);
  expect(server.requests).toHaveLength(1);
});

it("closes the connection of a pending read and the event feed when a watch is left", async () => {
  // The first connection closes, so that the one of the pending read is the only one left.
  const head = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${WISE_EXAMPLES.ready.length}`;
  const response = `${head}\r\n\r\n${WISE_EXAMPLES.ready}`;
  await using server = await startRawServer((socket, count) => {
    if (count === 1) socket.write(response);
  });
  const events = new EventFeed();
  const states = createClient(server).watchProduction(CARD, { intervalMs: OFTEN, events });
  await states.next();
  const next = states.next();
  await vi.waitFor(() => expect(server.requests).toHaveLength(2));
  await states.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 5000 });
  expect(events.closed).toBe(1);
});

it("sends nothing for a watch that is left before its first state", async () => {
  await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
  const events = new EventFeed();
  const states = createClient(server).watchProduction(CARD, { events });
  await states.return?.();
  expect(await states.next()).toEqual({ done: true, value: undefined });
  expect([server.requests.length, events.asked, events.closed]).toEqual([0, 0, 0]);
});

describe("the deadline of a watch", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[string, (kiosk: WiseKioskClient) => Promise<unknown> | undefined]>([
    ["is left before its first state", (kiosk) => kiosk.watchProduction(CARD).return?.()],
    [
      "has an aborted signal before its first state",
      (kiosk) => catchRejection(kiosk.watchProduction(CARD, GIVEN_UP).next()),
    ],
    ["belongs to a wait with an aborted signal", (kiosk) => catchRejection(kiosk.waitForProduction(CARD, GIVEN_UP))],
  ])("ends if the watch %s", async (_how, leave) => {
    vi.useFakeTimers();
    await leave(new WiseKioskClient({ baseUrl: "http://127.0.0.1:1", token: "token", deadlineMs: 3_600_000 }));
    await vi.advanceTimersByTimeAsync(2000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe.each(["reading", "waiting"])("a process that is %s for a watch", (stuck) => {
  it.each([
    ["return", ["IN_PROGRESS", null]],
    ["abort", ["IN_PROGRESS", "left"]],
    ["end", ["IN_PROGRESS", "PRODUCED"]],
    ["abandon", ["IN_PROGRESS"]],
  ])("exits by itself after its watch ends by '%s'", { timeout: 60_000 }, async (left, expected) => {
    await using server = await startHttpServer((response, request) => {
      // The read that is pending when the watch is left never gets a response.
      if (server.requests.length === 1) reply(200, WISE_EXAMPLES.inProgress)(response, request);
    });
    const program = fileURLToPath(new URL("../support/leave-a-watch.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", program, server.url, stuck, left], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 30_000,
    });
    const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    expect([code, signal]).toEqual([0, null]);
    expect(JSON.parse(output)).toEqual(expected);
    expect(server.requests).toHaveLength(stuck === "reading" && left !== "abandon" ? 2 : 1);
  });
});
