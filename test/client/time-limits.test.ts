import { setTimeout as sleep } from "node:timers/promises";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProductionIntent, WiseKioskClient, WiseKioskClientOptions } from "../../src/index.js";
import { CLOSED_URL } from "../support/closed-ports.js";
import { type Responder, reply, startHttpServer } from "../support/http-server.js";
import { createIntent } from "../support/intents.js";
import { startRawServer } from "../support/raw-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";
import { WAYS } from "../support/ways-through.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

/** When a call must be given up, and how much later that may be at most. */
const MOMENT_MS = 80;
const GRACE_MS = 50;

const usual = getGlobalDispatcher();
let agent: Agent;

beforeEach(() => {
  // One connection: a second request must wait in undici.
  agent = new Agent({ connections: 1, connect: { rejectUnauthorized: false } });
});

afterEach(async () => {
  setGlobalDispatcher(usual);
  vi.restoreAllMocks();
  await agent.destroy();
});

/** A client with a next request that gets stuck in one phase. */
interface Stuck extends AsyncDisposable {
  readonly kiosk: WiseKioskClient;
}

type Options = Pick<WiseKioskClientOptions, "dispatcher" | "fetch">;

const WAIT_LONG = reply(429, "", { "Retry-After": "30" });
const READY = reply(200, WISE_EXAMPLES.ready);

const never = (): Promise<never> => new Promise(() => {});

const PHASES: readonly (readonly [string, (options: Options) => Promise<Stuck>])[] = [
  [
    "while it waits for its token",
    async (options) => {
      const server = await startHttpServer(READY);
      return { kiosk: createClient(server, { ...options, token: never }), [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "while it is queued",
    async (options) => {
      const server = await startHttpServer(() => {});
      const kiosk = createClient(server, options);
      kiosk.getProductionStatus(CARD).catch(() => {});
      await vi.waitFor(() => expect(server.requests).toHaveLength(1));
      return { kiosk, [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "while it is connecting",
    async (options) => {
      const server = await startRawServer(() => {});
      const kiosk = createClient({ url: server.url.replace("http", "https") }, options);
      return { kiosk, [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "while it waits for a response",
    async (options) => {
      const server = await startHttpServer(() => {});
      return { kiosk: createClient(server, options), [Symbol.asyncDispose]: () => end(server) };
    },
  ],
  [
    "while it reads the body",
    async (options) => {
      const server = await startHttpServer((response) => {
        response.writeHead(200, { "Content-Length": 100 }).write(WISE_EXAMPLES.inProgress.slice(0, 20));
      });
      return { kiosk: createClient(server, options), [Symbol.asyncDispose]: () => end(server) };
    },
  ],
];

async function end(server: AsyncDisposable): Promise<void> {
  await server[Symbol.asyncDispose]();
}

/** Returns what a call rejects with, which must happen on time. Our own timer measures when that is on a busy machine. */
async function rejectionAtMoment(call: () => Promise<unknown>): Promise<unknown> {
  const moment = sleep(MOMENT_MS).then(() => performance.now());
  const error = await catchRejection(call());
  const settledAt = performance.now();
  const lateMs = settledAt - (await moment);
  expect(lateMs).toBeGreaterThan(-5);
  expect(lateMs).toBeLessThan(GRACE_MS);
  return error;
}

function abortAtMoment(reason: unknown): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), MOMENT_MS);
  return controller.signal;
}

/** Returns whether a byte of the request may have left in a phase. A `fetch` does not report when it starts to send. */
function wasSent(phase: string, way: string): boolean {
  if (phase === "while it waits for its token") return false;
  return way === "a fetch" || !["while it is queued", "while it is connecting"].includes(phase);
}

/** Returns what the error says is missing in a phase. */
function whatIsMissing(phase: string): string {
  return phase === "while it waits for its token" ? "the token provider did not finish" : "no complete response";
}

describe.each(WAYS)("time limits through %s", (way, through) => {
  // A busy machine may be late once, but hardly three times.
  describe.each(PHASES)("a call %s", { retry: 2 }, (phase, get) => {
    it.each(["timeoutMs", "deadlineMs"] as const)(`ends a call ${phase} when %s passes`, async (limit) => {
      await using stuck = await get(through(agent));
      const error = await rejectionAtMoment(() => stuck.kiosk.produceCard(PRODUCE, { [limit]: MOMENT_MS }));
      expect(error).toMatchObject({
        name: "KioskTimeoutError",
        code: "ERR_TIMEOUT",
        message: expect.stringContaining(`produceCard: ${whatIsMissing(phase)} within ${limit}`),
        requestSent: wasSent(phase, way),
        mayHaveTakenEffect: wasSent(phase, way),
      });
    });

    it(`ends a call ${phase} with the reason of an aborted signal`, async () => {
      await using stuck = await get(through(agent));
      const reason = new Error("The clerk went home.");
      expect(await rejectionAtMoment(() => stuck.kiosk.produceCard(PRODUCE, { signal: abortAtMoment(reason) }))).toBe(
        reason,
      );
    });
  });
});

it.each(WAYS)(
  "a call through %s that its deadline ends while it waits for another token says that a request was sent",
  async (_way, through) => {
    await using server = await startHttpServer(reply(401));
    const token = ({ rejectedToken }: { readonly rejectedToken?: string | undefined }) =>
      rejectedToken === undefined ? "the-first-token" : never();
    const kiosk = createClient(server, { ...through(agent), token, deadlineMs: 1000, maxRetries: 1 });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskTimeoutError",
      message: "produceCard: the token provider did not finish within deadlineMs",
      requestSent: true,
      mayHaveTakenEffect: false,
    });
    expect(server.requests).toHaveLength(1);
  },
);

it.each(WAYS)(
  "a call through %s whose deadline passes before it connects says that no request was sent",
  async (_way, through) => {
    vi.spyOn(Math, "random").mockReturnValue(0.99);
    const kiosk = createClient({ url: CLOSED_URL }, { ...through(agent), deadlineMs: 200, maxRetries: 1 });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({
      message: "getProductionStatus: the call did not finish within deadlineMs",
      requestSent: false,
    });
  },
);

it.each<[string, string, Responder, (kiosk: WiseKioskClient, intent: ProductionIntent) => Promise<unknown>]>([
  ["a read", "getProductionStatus", WAIT_LONG, (kiosk) => kiosk.getProductionStatus(CARD)],
  ["a print", "produceCard", WAIT_LONG, (kiosk) => kiosk.produceCard(PRODUCE)],
  ["a reconciliation", "getProductionStatus", READY, (kiosk, intent) => kiosk.reconcileProduction(intent)],
  ["a wait", "waitForProduction", READY, (kiosk) => kiosk.waitForProduction(CARD, { intervalMs: 60_000 })],
])(
  "%s whose deadline passes between two requests says that the call did not finish",
  async (_what, operation, respond, call) => {
    await using server = await startHttpServer(respond);
    const kiosk = createClient(server, { deadlineMs: 240, maxRetries: 1 });
    expect(await catchRejection(call(kiosk, createIntent(Date.now())))).toMatchObject({
      name: "KioskTimeoutError",
      message: `${operation}: the call did not finish within deadlineMs`,
      requestSent: true,
      mayHaveTakenEffect: false,
    });
    expect(server.requests).toHaveLength(1);
  },
);

it("a call whose token and onIntent have finished says that the response is missing, and repeats the request", async () => {
  await using server = await startHttpServer(() => {});
  const kiosk = createClient(server, { token: async () => "a-token-of-the-user", timeoutMs: 200, maxRetries: 1 });
  const calls = [
    kiosk.getProductionStatus(CARD),
    kiosk.produceCard({ ...PRODUCE, onIntent: async () => {} }, { maxRetries: 0 }),
  ];
  const errors = await Promise.all(calls.map(catchRejection));
  expect(errors.map((error) => (error as Error).message.split(" (")[0])).toEqual([
    "getProductionStatus: no complete response within timeoutMs",
    "produceCard: no complete response within timeoutMs",
  ]);
  expect(server.requests.map(({ method }) => method).sort()).toEqual(["GET", "GET", "PUT"]);
});
