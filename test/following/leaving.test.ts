import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import type { CallOptions, FollowOptions, TokenContext, WiseKioskClient } from "wise-card-kiosk";
import { EventFeed } from "../support/event-feed.js";
import { NEVER_AGAIN, OFTEN } from "../support/followed-card.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startRawServer } from "../support/raw-server.js";
import { CARD, clientOf, rejectionOf } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

/** How late a call may be when its signal aborts. */
const GRACE_MS = 50;

const never = (): Promise<never> => new Promise(() => {});

/** Somebody follows a card, and is stuck in one phase of it. */
interface Stuck extends AsyncDisposable {
  readonly kiosk: WiseKioskClient;
  readonly options?: FollowOptions & CallOptions;
  /** Resolves once the phase is reached. */
  reached(): Promise<unknown>;
}

const PHASES: readonly (readonly [string, () => Promise<Stuck>])[] = [
  [
    "a token is awaited",
    async () => {
      const server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
      const token = vi.fn(never);
      const reached = () => vi.waitFor(() => expect(token).toHaveBeenCalled());
      return { kiosk: clientOf(server, { token }), reached, [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "another token is awaited",
    async () => {
      const server = await startHttpServer(reply(401));
      const token = vi.fn(({ rejectedToken }: TokenContext) => (rejectedToken === undefined ? "old" : never()));
      const reached = () => vi.waitFor(() => expect(token).toHaveBeenCalledTimes(2));
      return { kiosk: clientOf(server, { token, maxRetries: 1 }), reached, [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "a read is not answered",
    async () => {
      const server = await startHttpServer(() => {});
      const reached = () => vi.waitFor(() => expect(server.requests).toHaveLength(1));
      return { kiosk: clientOf(server), reached, [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "a read that failed is about to be made again",
    async () => {
      const server = await startHttpServer(reply(503, "", { "retry-after": "30" }));
      return { ...through(server, { maxRetries: 2 }), [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "Wise asks to wait longer than any retry does",
    async () => {
      const server = await startHttpServer(reply(429, "", { "retry-after": "300" }));
      return { ...through(server, { maxRetries: 2 }), [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "the next read is not due",
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

/** A client whose reads are answered, and which is stuck after that. */
function through(server: Server, options: Parameters<typeof clientOf>[1]): Pick<Stuck, "kiosk" | "reached"> {
  let answered = 0;
  const onExchange = () => {
    answered += 1;
  };
  const reached = () => vi.waitFor(() => expect(answered).toBeGreaterThan(0));
  return { kiosk: clientOf(server, { ...options, onExchange }), reached };
}

const end = (server: AsyncDisposable) => server[Symbol.asyncDispose]();

// A machine that is busy with something else may be late once; a client that is late is so every time.
describe.each(PHASES)("while %s", { retry: 2 }, (_phase, start) => {
  it("a signal that aborts rejects a wait at once, and leaves no listener", async () => {
    await using stuck = await start();
    const controller = new AbortController();
    const { signal } = controller;
    const wait = rejectionOf(stuck.kiosk.waitForProduction(CARD, { ...stuck.options, signal }));
    await stuck.reached();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    const reason = new Error("the customer left");
    const abortedAt = performance.now();
    controller.abort(reason);
    expect(await wait).toBe(reason);
    expect(performance.now() - abortedAt).toBeLessThan(GRACE_MS);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("a watch that is left is over at once, and so is whoever waits for its next state", async () => {
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
  it("that aborted before rejects with its reason, and nothing is sent or asked for", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const events = new EventFeed();
    const options = { signal: AbortSignal.abort("too late"), events };
    expect(await rejectionOf(clientOf(server).waitForProduction(CARD, options))).toBe("too late");
    expect(await rejectionOf(clientOf(server).watchProduction(CARD, options).next())).toBe("too late");
    expect([server.requests.length, events.asked]).toEqual([0, 0]);
  });

  it("that aborts between two states rejects the next one, even where it is there already", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const controller = new AbortController();
    const states = clientOf(server).watchProduction(CARD, { intervalMs: OFTEN, signal: controller.signal });
    await states.next();
    controller.abort("left");
    expect(await rejectionOf(states.next())).toBe("left");
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it("has no listener after a wait or watch that ended by itself", async () => {
    await using server = await startHttpServer(reply(200, { status: "PRODUCED" }));
    await using failing = await startHttpServer(reply(404));
    const { signal } = new AbortController();
    await clientOf(server).waitForProduction(CARD, { signal });
    await rejectionOf(clientOf(failing).waitForProduction(CARD, { signal }));
    await rejectionOf(clientOf(server).waitForProduction(CARD, { signal, onChange: () => Promise.reject("no") }));
    clientOf(server).watchProduction(CARD, { signal });
    const states = clientOf(server).watchProduction(CARD, { signal });
    while ((await states.next()).done !== true);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

it("to break out of a loop leaves the watch", async () => {
  await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
  const { signal } = new AbortController();
  const events = new EventFeed();
  const states = clientOf(server).watchProduction(CARD, { intervalMs: OFTEN, events, signal });
  for await (const { status } of states) if (status === "READY") break;
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect([events.closed, await states.next()]).toEqual([1, { done: true, value: undefined }]);
  expect(server.requests).toHaveLength(1);
});

it("to leave a watch closes the connection of a read, and the feed of events", async () => {
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${WISE_EXAMPLES.ready.length}\r\n\r\n${WISE_EXAMPLES.ready}`;
  await using server = await startRawServer((socket, count) => {
    if (count === 1) socket.write(answer);
  });
  const events = new EventFeed();
  const states = clientOf(server).watchProduction(CARD, { intervalMs: OFTEN, events });
  await states.next();
  const next = states.next();
  await vi.waitFor(() => expect(server.requests).toHaveLength(2));
  await states.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  await vi.waitFor(() => expect(server.open).toBe(0));
  expect(events.closed).toBe(1);
});

it("a watch that is left before it began sends nothing", async () => {
  await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
  const events = new EventFeed();
  const states = clientOf(server).watchProduction(CARD, { events });
  await states.return?.();
  expect(await states.next()).toEqual({ done: true, value: undefined });
  expect([server.requests.length, events.asked, events.closed]).toEqual([0, 0, 0]);
});

describe.each(["reading", "waiting"])("a process that is %s for a watch", (stuck) => {
  it.each([
    ["return", ["IN_PROGRESS", null]],
    ["abort", ["IN_PROGRESS", "left"]],
    ["end", ["IN_PROGRESS", "PRODUCED"]],
    ["abandon", ["IN_PROGRESS"]],
  ])("and leaves it by '%s' ends by itself", { timeout: 60_000 }, async (left, expected) => {
    await using server = await startHttpServer((response, request) => {
      // The read that is under way when the watch is left is never answered.
      if (server.requests.length === 1) reply(200, WISE_EXAMPLES.inProgress)(response, request);
    });
    const program = fileURLToPath(new URL("../support/leave-a-watch.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", program, server.url, stuck, left], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 30_000,
    });
    const [said, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    expect([code, signal]).toEqual([0, null]);
    expect(JSON.parse(said)).toEqual(expected);
    expect(server.requests).toHaveLength(stuck === "reading" && left !== "abandon" ? 2 : 1);
  });
});
