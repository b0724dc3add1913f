import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createRefreshingToken, type RefreshingTokenOptions } from "wise-card-kiosk";
import type { Responder } from "../support/http-server.js";
import { newTokens, optionsFor, startOauthServer } from "../support/oauth-server.js";

const CONTEXT = { profileId: "1", operation: "produceCard" } as const;
const REJECTED = { ...CONTEXT, rejectedToken: "access-0" } as const;

/** Longer than any call waits for a refresh ahead of expiry, in milliseconds. */
const LONG = 1000;

// Connections are real, but time passes only if a test says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
afterEach(() => void vi.useRealTimers());

function withResolvers<T>() {
  let resolve = (_value: T) => {};
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

/** Starts a token endpoint that responds once `respond` is called, and returns a token that expires in 4 minutes. */
async function startHeld(more: Partial<RefreshingTokenOptions> = {}) {
  const { promise: arrived, resolve } = withResolvers<Parameters<Responder>>();
  const server = await startOauthServer((...exchange) => resolve(exchange));
  onTestFinished(() => server[Symbol.asyncDispose]());
  const expiresAt = new Date(Date.now() + 240_000);
  const token = createRefreshingToken(
    optionsFor(server, { accessToken: "access-0", expiresAt, timeoutMs: 600_000, ...more }),
  );
  return { token, server, respond: async () => newTokens()(...(await arrived)) };
}

it("calls use the token that is still valid if a refresh ahead of expiry takes long, and its tokens later", async () => {
  const { token, server, respond } = await startHeld();
  const calls = [token(CONTEXT), token(CONTEXT)];
  await vi.advanceTimersByTimeAsync(LONG);
  expect(await Promise.all(calls)).toEqual(["access-0", "access-0"]);
  expect(await token(CONTEXT)).toBe("access-0");
  const rejected = token(REJECTED);
  await respond();
  expect([await rejected, await token(CONTEXT), server.refreshes.length]).toEqual(["access-1", "access-1", 1]);
});

it("tokens that cannot be stored once no call waits for them are stored by the next call, before they are used", async () => {
  const { promise: failed, resolve } = withResolvers<void>();
  const onRefresh = vi.fn<() => unknown>().mockImplementationOnce(async () => {
    resolve();
    throw new Error("disk full");
  });
  const { token, server, respond } = await startHeld({ onRefresh });
  const call = token(CONTEXT);
  await vi.advanceTimersByTimeAsync(LONG);
  expect(await call).toBe("access-0");
  await respond();
  await failed;
  await new Promise(setImmediate);
  expect(await token(CONTEXT)).toBe("access-1");
  expect([onRefresh.mock.calls.length, server.refreshes.length]).toEqual([2, 1]);
});

it("a call ahead of expiry waits until new tokens are stored, because the refresh has voided the token before", async () => {
  const { promise: storing, resolve } = withResolvers<void>();
  const { promise: stored, resolve: store } = withResolvers<void>();
  const onRefresh = () => {
    resolve();
    return stored;
  };
  const { token, respond } = await startHeld({ onRefresh });
  const call = token(CONTEXT);
  await respond();
  await storing;
  await vi.advanceTimersByTimeAsync(LONG);
  store();
  expect(await call).toBe("access-1");
});

it("a call waits for a refresh during which the token expires", async () => {
  const { token, respond } = await startHeld({ expiresAt: new Date(Date.now() + 500) });
  const call = token(CONTEXT);
  await vi.advanceTimersByTimeAsync(LONG);
  await respond();
  expect(await call).toBe("access-1");
});

it("a call ahead of expiry waits for a refresh that began because Wise rejected the token", async () => {
  const { token, respond } = await startHeld();
  const calls = [token(REJECTED), token(CONTEXT)];
  await vi.advanceTimersByTimeAsync(LONG);
  await respond();
  expect(await Promise.all(calls)).toEqual(["access-1", "access-1"]);
});
