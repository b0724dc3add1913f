import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findRefreshed, noteRejection, refreshOnce } from "../../src/tokens/shared-refresh.js";
import type { TokenProvider } from "../../src/tokens/token-provider.js";

const never = (): Promise<never> => new Promise(() => {});

describe("refreshOnce over time", () => {
  let provider: TokenProvider;
  const replaceToken = (token: string, refresh: (rejected: string) => Promise<string>) =>
    refreshOnce(provider, "111", token, refresh);
  const pass = (ms: number) => vi.advanceTimersByTime(ms);

  beforeEach(() => {
    provider = () => "";
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("joins a pending refresh for 60 s and then starts another, so that one that hangs locks no customer out", async () => {
    const settled = vi.fn();
    replaceToken("A", never).then(settled, settled);
    pass(59_999);
    const again = vi.fn(async () => "B");
    replaceToken("A", again).then(settled, settled);
    expect(again).not.toHaveBeenCalled();
    pass(1);
    expect(await replaceToken("A", again)).toBe("B");
    expect(await replaceToken("A", again)).toBe("B");
    expect(again).toHaveBeenCalledOnce();
    expect(settled).not.toHaveBeenCalled();
  });

  it.each<[string, (settle: (token: Promise<string>) => void) => void]>([
    ["fails", (settle) => settle(Promise.reject(new Error("too late")))],
    ["returns the same token", (settle) => settle(Promise.resolve("A"))],
    ["returns another token", (settle) => settle(Promise.resolve("late"))],
  ])("ignores a refresh that %s after another one replaced it", async (_how, end) => {
    let settle: (token: Promise<string>) => void = () => {};
    const hanging = replaceToken(
      "A",
      () =>
        new Promise((resolve) => {
          settle = resolve;
        }),
    );
    pass(60_000);
    await replaceToken("A", async () => "B");
    end(settle);
    await hanging.catch(() => {});
    expect(await replaceToken("A", never)).toBe("B");
  });

  it("reuses a refresh for 10 minutes after it finished", async () => {
    let settle: (token: string) => void = () => {};
    const slow = replaceToken(
      "A",
      () =>
        new Promise((resolve) => {
          settle = resolve;
        }),
    );
    pass(50_000);
    settle("B");
    await slow;
    pass(599_999);
    expect(await replaceToken("A", async () => "C")).toBe("B");
    pass(1);
    expect(await replaceToken("A", async () => "C")).toBe("C");
  });

  it("terminates if a provider returns tokens cyclically", async () => {
    await replaceToken("A", async () => "B");
    await replaceToken("B", async () => "A");
    expect(await replaceToken("A", never)).toBe("B");
    expect(await replaceToken("B", never)).toBe("A");
  });

  it("replaces the token of a refresh once it was rejected, too, and no other token", async () => {
    await replaceToken("A", async () => "B");
    await replaceToken("X", async () => "Y");
    await refreshOnce(provider, "222", "A", async () => "B");
    noteRejection(provider, "111", "B");
    expect(await replaceToken("X", never)).toBe("Y");
    expect(await refreshOnce(provider, "222", "A", never)).toBe("B");
    expect(await findRefreshed(provider, "222", "A")).toBe("B");
    expect(await findRefreshed(provider, "111", "A")).toBeUndefined();
    const refresh = vi.fn(async (rejected: string) => `after ${rejected}`);
    expect(await replaceToken("A", refresh)).toBe("after B");
    expect(refresh).toHaveBeenCalledExactlyOnceWith("B");
    expect(await findRefreshed(provider, "111", "A")).toBe("after B");
  });

  it("finds nothing that replaced a token of a provider that was never asked", async () => {
    expect(await findRefreshed(provider, "111", "A")).toBeUndefined();
    noteRejection(provider, "111", "A");
    expect(await replaceToken("A", async () => "B")).toBe("B");
  });

  it("keeps the refreshes of one profile apart from those of another", async () => {
    const other = (token: string, refresh: () => Promise<string>) => refreshOnce(provider, "222", token, refresh);
    expect(await replaceToken("A", async () => "B")).toBe("B");
    expect(await replaceToken("B", async () => "C of 111")).toBe("C of 111");
    expect(await other("A", async () => "B")).toBe("B");
    expect(await other("A", never)).toBe("B");
    expect(await replaceToken("A", never)).toBe("C of 111");
    expect(await other("B", async () => "C of 222")).toBe("C of 222");
    expect(await other("A", never)).toBe("C of 222");
  });

  it("follows a token no further than to a refresh that failed", async () => {
    await replaceToken("A", async () => "B");
    let fail: (failure: Error) => void = () => {};
    const failing = replaceToken(
      "B",
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    );
    const late = replaceToken("A", never);
    const failure = new Error("invalid_grant");
    fail(failure);
    await expect(failing).rejects.toBe(failure);
    await expect(late).rejects.toBe(failure);
    expect(await replaceToken("A", never)).toBe("B");
  });
});
