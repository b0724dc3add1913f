import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createRefreshingToken, type RefreshedToken } from "wise-card-kiosk";
import { newTokens, optionsFor, startOauthServer } from "../support/oauth-server.js";
import { CARD, catchRejection, createClient } from "../support/transports.js";

const CONTEXT = { profileId: "1", operation: "produceCard" } as const;

/** A database in which the test decides when a write takes effect. The last write to end overwrites the others. */
function slowDatabase() {
  const writes: { readonly tokens: RefreshedToken; readonly end: (failure?: Error) => void }[] = [];
  const state = { stored: "", running: 0, mostRunning: 0 };
  const onRefresh = (tokens: RefreshedToken) =>
    new Promise<void>((resolve, reject) => {
      state.running += 1;
      state.mostRunning = Math.max(state.mostRunning, state.running);
      const end = (failure?: Error) => {
        state.running -= 1;
        if (failure !== undefined) return reject(failure);
        state.stored = tokens.refreshToken;
        resolve();
      };
      writes.push({ tokens, end });
    });
  const begun = async (count: number) => {
    await vi.waitFor(() => expect(writes.length).toBeGreaterThanOrEqual(count), { timeout: 4000 });
    return writes[count - 1] as (typeof writes)[number];
  };
  return { onRefresh, state, writes, begun };
}

describe("onRefresh", () => {
  it("runs one onRefresh at a time and in order, even if one takes longer than timeoutMs", async () => {
    await using server = await startOauthServer(newTokens({ expires_in: 0 }));
    const { onRefresh, state, writes, begun } = slowDatabase();
    const kiosk = createClient(server, {
      token: createRefreshingToken(optionsFor(server, { onRefresh, timeoutMs: 400 })),
    });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ code: "ERR_TOKEN" });
    const second = kiosk.getProductionStatus(CARD);
    const third = kiosk.getProductionStatus(CARD);
    expect(await catchRejection(kiosk.getProductionStatus(CARD, { timeoutMs: 100 }))).toMatchObject({
      code: "ERR_TIMEOUT",
    });
    expect(writes).toHaveLength(1);
    writes[0]?.end();
    await Promise.all([second, third]);
    expect([writes.length, server.refreshes.length, server.used]).toEqual([1, 1, ["access-1", "access-1"]]);

    const fourth = kiosk.getProductionStatus(CARD);
    (await begun(2)).end();
    await fourth;
    expect(writes.map(({ tokens }) => tokens.refreshToken)).toEqual(["refresh-1", "refresh-2"]);
    expect(state).toEqual({ stored: "refresh-2", running: 0, mostRunning: 1 });
  });

  it("calls onRefresh again with the same tokens if it fails late, without another refresh", async () => {
    await using server = await startOauthServer(newTokens());
    const { onRefresh, state, writes, begun } = slowDatabase();
    const kiosk = createClient(server, {
      token: createRefreshingToken(optionsFor(server, { onRefresh, timeoutMs: 400 })),
    });
    await catchRejection(kiosk.getProductionStatus(CARD));
    const next = kiosk.getProductionStatus(CARD);
    writes[0]?.end(new Error("disk full"));
    (await begun(2)).end();
    await next;
    expect(writes.map(({ tokens }) => tokens.refreshToken)).toEqual(["refresh-1", "refresh-1"]);
    expect([state.mostRunning, server.refreshes.length]).toEqual([1, 1]);
  });

  it("stores later tokens after an onRefresh that failed", async () => {
    await using server = await startOauthServer(newTokens({ expires_in: 0 }));
    const { onRefresh, state, begun } = slowDatabase();
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, { onRefresh })) });
    const failed = catchRejection(kiosk.getProductionStatus(CARD));
    (await begun(1)).end(new Error("disk full"));
    expect(await failed).toMatchObject({ code: "ERR_TOKEN", cause: { message: "disk full" } });
    const second = kiosk.getProductionStatus(CARD);
    (await begun(2)).end();
    await second;
    const third = kiosk.getProductionStatus(CARD);
    (await begun(3)).end();
    await third;
    expect(state).toEqual({ stored: "refresh-2", running: 0, mostRunning: 1 });
  });

  it("gives up an onRefresh that hangs, and passes the newest tokens again if it ends after all", async () => {
    await using server = await startOauthServer(newTokens({ expires_in: 0 }));
    const { onRefresh, state, writes, begun } = slowDatabase();
    const options = optionsFor(server, { onRefresh, timeoutMs: 300 });
    const kiosk = createClient(server, { token: createRefreshingToken(options) });
    await catchRejection(kiosk.getProductionStatus(CARD));
    const second = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(writes).toHaveLength(2), { timeout: 4000 });
    writes[1]?.end();
    await second;
    const third = kiosk.getProductionStatus(CARD);
    (await begun(3)).end();
    await third;
    expect(state.stored).toBe("refresh-2");
    writes[0]?.end();
    expect(state.stored).toBe("refresh-1");
    (await begun(4)).end();
    expect(state).toMatchObject({ stored: "refresh-2", running: 0 });
    expect(writes.map(({ tokens }) => tokens.refreshToken)).toEqual([
      "refresh-1",
      "refresh-1",
      "refresh-2",
      "refresh-2",
    ]);
  });

  it("is called with the newest tokens again by the next call if they were replaced late and not stored again", async () => {
    await using server = await startOauthServer(newTokens());
    const { onRefresh, state, writes, begun } = slowDatabase();
    const token = createRefreshingToken(optionsFor(server, { onRefresh, timeoutMs: 200 }));
    const ask = async (rejected?: string) => token({ ...CONTEXT, ...(rejected && { rejectedToken: rejected }) });
    await catchRejection(ask());
    const [first, second] = [ask(), begun(2)];
    (await second).end();
    expect(await first).toBe("access-1");
    const renewed = ask("access-1");
    (await begun(3)).end();
    expect(await renewed).toBe("access-2");

    writes[0]?.end();
    (await begun(4)).end(new Error("disk full"));
    expect(state.stored).toBe("refresh-1");
    const failed = catchRejection(ask());
    (await begun(5)).end(new Error("disk full"));
    expect(await failed).toMatchObject({ message: "disk full" });
    expect(state.stored).toBe("refresh-1");
    const rejected = ask("access-2");
    (await begun(6)).end();
    await vi.waitFor(() => expect(state.stored).toBe("refresh-2"));
    (await begun(7)).end();
    expect([await rejected, await ask(), state.stored]).toEqual(["access-3", "access-3", "refresh-3"]);
    expect(writes.map(({ tokens }) => tokens.refreshToken)).toEqual([1, 1, 2, 2, 2, 2, 3].map((n) => `refresh-${n}`));
  });

  it("leaves no timer that would keep the process alive if it hangs, unless a call waits", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const onRefresh = vi.fn<() => unknown>().mockReturnValueOnce(new Promise(() => {}));
    const fetch = async () => Response.json({ access_token: "access-1" });
    const token = createRefreshingToken(
      optionsFor({ url: "http://127.0.0.1:1" }, { fetch, onRefresh, timeoutMs: 100 }),
    );
    const hung = catchRejection((async () => token(CONTEXT))());
    await vi.advanceTimersByTimeAsync(100);
    expect(await hung).toMatchObject({ code: "ERR_TIMEOUT" });
    expect(vi.getTimerCount()).toBe(0);
    const waiting = token(CONTEXT);
    await vi.advanceTimersByTimeAsync(499);
    expect([vi.getTimerCount(), onRefresh.mock.calls.length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect([await waiting, vi.getTimerCount()]).toEqual(["access-1", 0]);
  });
});
