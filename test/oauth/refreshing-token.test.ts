import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRefreshingToken, KioskServerError, KioskTokenError, type RefreshedToken } from "wise-card-kiosk";
import { type Responder, reply, replyInTurn } from "../support/http-server.js";
import { newTokens, optionsFor, REFRESH_TOKEN, startOauthServer } from "../support/oauth-server.js";
import { CARD, catchRejection, createClient } from "../support/transports.js";

const CONTEXT = { profileId: "1", operation: "produceCard" } as const;
const never = (): Promise<never> => new Promise(() => {});
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const unavailable = reply(503, { error: "temporarily_unavailable" });
/** Mocks timers, so that no call stops waiting for a refresh ahead of expiry, however busy the machine is. */
const waitForever = () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
/** Returns the refresh tokens that arrived. */
const sentBy = (refreshes: readonly { readonly body: string }[]) =>
  refreshes.map(({ body }) => new URLSearchParams(body).get("refresh_token"));

afterEach(() => {
  vi.useRealTimers();
});

describe("an access token", () => {
  it("a missing access token causes one refresh, however many calls wait for it", async () => {
    const respond = newTokens();
    const slowly: Responder = (response, request) => void setTimeout(() => respond(response, request), 30);
    await using server = await startOauthServer(slowly);
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server)) });
    await Promise.all(Array.from({ length: 50 }, () => kiosk.getProductionStatus(CARD)));
    expect(server.refreshes).toHaveLength(1);
    expect(new Set(server.used)).toEqual(new Set(["access-1"]));
    expect(server.used).toHaveLength(50);
  });

  it.each([
    ["is valid for an hour", inMinutes(60)],
    ["is valid for 6 minutes", inMinutes(6).toISOString()],
    ["has the expiry null", null],
    ["has no expiry", undefined],
  ])("an access token that %s is used unchanged", async (_how, expiresAt) => {
    await using server = await startOauthServer(newTokens());
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt }));
    await createClient(server, { token }).getProductionStatus(CARD);
    expect([server.used, server.refreshes]).toEqual([["access-0"], []]);
  });

  it.each([
    ["expired a minute ago", inMinutes(-1)],
    ["expires in 4 minutes", inMinutes(4).toISOString()],
  ])("an access token that %s is refreshed before it is used", async (_how, expiresAt) => {
    waitForever();
    await using server = await startOauthServer(newTokens());
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt }));
    await createClient(server, { token }).getProductionStatus(CARD);
    expect([server.used, sentBy(server.refreshes)]).toEqual([["access-1"], [REFRESH_TOKEN]]);
  });

  it("a short-lived access token is refreshed halfway through its life", async () => {
    waitForever();
    await using server = await startOauthServer(newTokens({ expires_in: 2 }));
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server)) });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    await sleep(1100);
    await kiosk.getProductionStatus(CARD);
    expect(server.used).toEqual(["access-1", "access-1", "access-2"]);
  });

  it("a missing access token is requested, even if another one was rejected", async () => {
    await using server = await startOauthServer(newTokens());
    const token = createRefreshingToken(optionsFor(server));
    expect(await token({ ...CONTEXT, rejectedToken: "access-0" })).toBe("access-1");
  });

  it("a refresh that returns the rejected token again resolves with it", async () => {
    await using server = await startOauthServer(newTokens({ access_token: "access-0" }));
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0" }));
    expect(await token({ ...CONTEXT, rejectedToken: "access-0" })).toBe("access-0");
  });

  it("an access token is used until 5 minutes before its expiry, and not at that moment", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    await using server = await startOauthServer(newTokens());
    const options = { accessToken: "access-0", expiresAt: inMinutes(60) };
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, options)) });
    vi.setSystemTime(inMinutes(55).getTime() - 1);
    await kiosk.getProductionStatus(CARD);
    vi.setSystemTime(Date.now() + 1);
    await kiosk.getProductionStatus(CARD);
    expect(server.used).toEqual(["access-0", "access-1"]);
  });

  it("an access token without an expiry in the response is used again", async () => {
    await using server = await startOauthServer(newTokens({ expires_in: undefined, expires_at: undefined }));
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server)) });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    expect(server.used).toEqual(["access-1", "access-1"]);
  });

  it("an access token that Wise rejects is refreshed once, even if some calls are rejected late", async () => {
    await using server = await startOauthServer(newTokens(), (token) => token !== "access-0");
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0" }));
    const kiosk = createClient(server, { token, maxRetries: 1 });
    await Promise.all(Array.from({ length: 20 }, () => kiosk.getProductionStatus(CARD)));
    expect(server.refreshes).toHaveLength(1);
    expect(await token({ ...CONTEXT, rejectedToken: "access-0" })).toBe("access-1");
    expect(server.refreshes).toHaveLength(1);
  });
});

describe("new tokens", () => {
  it("new tokens are stored before they are used", async () => {
    const happened: string[] = [];
    await using server = await startOauthServer(newTokens(), (token) => happened.push(`used ${token}`) > 0);
    const onRefresh = async ({ accessToken, refreshToken }: RefreshedToken) => {
      happened.push(`storing ${accessToken} ${refreshToken}`);
      await sleep(30);
      happened.push("stored");
    };
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, { onRefresh })) });
    await Promise.all([kiosk.getProductionStatus(CARD), kiosk.getProductionStatus(CARD)]);
    expect(happened).toEqual(["storing access-1 refresh-1", "stored", "used access-1", "used access-1"]);
  });

  it("new tokens are stored with their expiry by our clock", async () => {
    await using server = await startOauthServer(newTokens());
    const options = optionsFor(server);
    const before = Date.now();
    await createRefreshingToken(options)(CONTEXT);
    const [stored] = options.stored;
    expect(stored).toEqual({ accessToken: "access-1", refreshToken: "refresh-1", expiresAt: expect.any(String) });
    const expiresAt = Date.parse(stored?.expiresAt ?? "");
    expect(expiresAt).toBeGreaterThanOrEqual(before + 43_199_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 43_199_000);
  });

  it("the new refresh token is used for the next refresh", async () => {
    await using server = await startOauthServer(newTokens({ expires_in: 0 }));
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server)) });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    expect(sentBy(server.refreshes)).toEqual([REFRESH_TOKEN, "refresh-1", "refresh-2"]);
  });

  it.each<[string, Record<string, unknown>, Partial<RefreshedToken>]>([
    ["no refresh token", { refresh_token: undefined }, { refreshToken: REFRESH_TOKEN }],
    ["null as the refresh token", { refresh_token: null }, { refreshToken: REFRESH_TOKEN }],
    ["an empty refresh token", { refresh_token: "" }, { refreshToken: REFRESH_TOKEN }],
    ["a refresh token of another type", { refresh_token: 42 }, { refreshToken: REFRESH_TOKEN }],
    ["only an expiry date", { expires_in: undefined }, { expiresAt: "2025-04-11T03:43:28.148Z" }],
    ["the lifetime in words", { expires_in: "12 hours" }, { expiresAt: "2025-04-11T03:43:28.148Z" }],
    ["an invalid expiry date", { expires_in: null, expires_at: "soon" }, { expiresAt: null }],
    ["an expiry date without a zone", { expires_in: null, expires_at: "2025-04-11T03:43:28" }, { expiresAt: null }],
    ["30 February as the expiry date", { expires_in: null, expires_at: "2025-02-30T03:43:28Z" }, { expiresAt: null }],
    ["a lifetime beyond all dates", { expires_in: 1e300 }, { expiresAt: null }],
    [
      "an expiry date in the year 10000",
      { expires_in: null, expires_at: "9999-12-31T23:00:00-01:00" },
      { expiresAt: null },
    ],
    ["a lifetime of 10,000 years", { expires_in: 10_000 * 365 * 86_400 }, { expiresAt: null }],
    ["a negative lifetime", { expires_in: -1, expires_at: null }, { expiresAt: null }],
    ["no expiry at all", { expires_in: undefined, expires_at: undefined }, { expiresAt: null }],
    ["another type and scope", { token_type: "mac", scope: ["cards"] }, { refreshToken: "refresh-1" }],
    ["an access token of an unusual form", { access_token: '{"~opaque"}' }, { accessToken: '{"~opaque"}' }],
  ])("new tokens are not lost if the response has %s", async (_what, fields, expected) => {
    await using server = await startOauthServer(newTokens(fields));
    const options = optionsFor(server);
    await createClient(server, { token: createRefreshingToken(options) }).getProductionStatus(CARD);
    expect(options.stored).toMatchObject([expected]);
    expect(server.used).toEqual([options.stored[0]?.accessToken]);
  });

  it("tokens of up to 20,000 characters are used unchanged", async () => {
    const access_token = "t".repeat(12_000);
    await using server = await startOauthServer(newTokens({ access_token, refresh_token: "r".repeat(20_000) }));
    const options = optionsFor(server);
    await createClient(server, { token: createRefreshingToken(options) }).getProductionStatus(CARD);
    expect(server.used).toEqual([access_token]);
    expect(options.stored[0]?.refreshToken).toHaveLength(20_000);
  });
});

describe("new tokens that could not be stored", () => {
  const failure = Object.assign(new Error("disk full"), { code: "ENOSPC" });

  it.each<[string, () => Promise<void>]>([
    [
      "throws",
      () => {
        throw failure;
      },
    ],
    ["rejects", () => Promise.reject(failure)],
  ])(
    "the call rejects if onRefresh %s, and the next call passes it the same tokens without another refresh",
    async (_why, fail) => {
      await using server = await startOauthServer(newTokens());
      const onRefresh = vi.fn<(tokens: RefreshedToken) => Promise<void>>(fail);
      const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, { onRefresh })) });
      const error = await catchRejection(kiosk.getProductionStatus(CARD));
      expect(error).toBeInstanceOf(KioskTokenError);
      expect((error as KioskTokenError).cause).toBe(failure);
      expect(server.used).toEqual([]);
      onRefresh.mockResolvedValue();
      await kiosk.getProductionStatus(CARD);
      expect(onRefresh.mock.calls.map(([{ accessToken }]) => accessToken)).toEqual(["access-1", "access-1"]);
      expect([server.refreshes.length, server.used]).toEqual([1, ["access-1"]]);
    },
  );

  it("the previous token is not used if its replacement could not be stored, because the refresh voided it", async () => {
    waitForever();
    await using server = await startOauthServer(newTokens());
    const onRefresh = vi.fn(() => Promise.reject(failure));
    const options = optionsFor(server, { onRefresh, accessToken: "access-0", expiresAt: inMinutes(4) });
    const kiosk = createClient(server, { token: createRefreshingToken(options) });
    await catchRejection(kiosk.getProductionStatus(CARD));
    await catchRejection(kiosk.getProductionStatus(CARD));
    expect([onRefresh.mock.calls.length, server.refreshes.length, server.used]).toEqual([2, 1, []]);
  });

  it("onRefresh gets the tokens unchanged after a failure, even if it has changed what it got", async () => {
    await using server = await startOauthServer(newTokens());
    const received: string[] = [];
    const onRefresh = (tokens: RefreshedToken) => {
      received.push(tokens.refreshToken);
      Object.assign(tokens, { accessToken: "***", refreshToken: "***" });
      if (received.length === 1) throw failure;
    };
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, { onRefresh })) });
    await catchRejection(kiosk.getProductionStatus(CARD));
    await kiosk.getProductionStatus(CARD);
    expect([received, server.used]).toEqual([["refresh-1", "refresh-1"], ["access-1"]]);
  });

  it("the replacement of a rejected token is stored before anything else is sent", async () => {
    await using server = await startOauthServer(newTokens(), (token) => token !== "access-0");
    const onRefresh = vi.fn(() => Promise.reject(failure));
    const options = optionsFor(server, { onRefresh, accessToken: "access-0", expiresAt: inMinutes(60) });
    const kiosk = createClient(server, { token: createRefreshingToken(options), maxRetries: 1 });
    await catchRejection(kiosk.getProductionStatus(CARD));
    await catchRejection(kiosk.getProductionStatus(CARD));
    expect([onRefresh.mock.calls.length, server.refreshes.length, server.used]).toEqual([2, 1, ["access-0"]]);
  });

  it("the call rejects after timeoutMs if onRefresh hangs, and the next call passes it the same tokens", async () => {
    await using server = await startOauthServer(newTokens());
    const onRefresh = vi.fn<(tokens: RefreshedToken) => Promise<void>>(never);
    const kiosk = createClient(server, {
      token: createRefreshingToken(optionsFor(server, { onRefresh, timeoutMs: 300 })),
    });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({
      code: "ERR_TOKEN",
      cause: {
        code: "ERR_TIMEOUT",
        message: "refreshToken: onRefresh did not finish within timeoutMs",
        requestSent: true,
        mayHaveTakenEffect: true,
      },
    });
    onRefresh.mockResolvedValue();
    await kiosk.getProductionStatus(CARD);
    expect([server.refreshes.length, server.used]).toEqual([1, ["access-1"]]);
  });
});

describe("a refresh that fails", () => {
  it("a refresh that fails ahead of expiry leaves the token in use and is not retried immediately", async () => {
    await using server = await startOauthServer(unavailable);
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt: inMinutes(4) }));
    const kiosk = createClient(server, { token });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-0"], 1]);
  });

  it("a refresh without a response ahead of expiry leaves the token in use", async () => {
    await using server = await startOauthServer(() => {});
    const options = { accessToken: "access-0", expiresAt: inMinutes(4), timeoutMs: 100 };
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, options)) });
    await Promise.all([kiosk.getProductionStatus(CARD), kiosk.getProductionStatus(CARD)]);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-0"], 1]);
  });

  it.each([
    ["resolve", newTokens(), ["access-1", "access-1"]],
    ["reject", unavailable, [expect.any(KioskServerError), expect.any(KioskServerError)]],
  ])(
    "calls with a rejected token that joined a refresh ahead of expiry, which failed, share another one and %s with it",
    async (_how, next, expected) => {
      await using server = await startOauthServer(replyInTurn(unavailable, next));
      const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt: inMinutes(4) }));
      const ahead = token(CONTEXT);
      const ask = async () => token({ ...CONTEXT, rejectedToken: "access-0" });
      expect(await Promise.all([ask(), ask()].map((call) => call.catch((error) => error)))).toEqual(expected);
      expect([await ahead, server.refreshes.length]).toEqual(["access-0", 2]);
    },
  );

  it("a refresh that fails ahead of expiry is retried at the expiry", async () => {
    await using server = await startOauthServer(replyInTurn(unavailable, newTokens()));
    const expiresAt = new Date(Date.now() + 1000);
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt }));
    const kiosk = createClient(server, { token });
    await kiosk.getProductionStatus(CARD);
    await sleep(1050);
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-1"], 2]);
  });

  it("a refresh that fails ahead of expiry is retried if Wise rejects the token", async () => {
    let rejected = "";
    await using server = await startOauthServer(replyInTurn(unavailable, newTokens()), (token) => token !== rejected);
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt: inMinutes(4) }));
    const kiosk = createClient(server, { token, maxRetries: 1 });
    await kiosk.getProductionStatus(CARD);
    rejected = "access-0";
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-0", "access-1"], 2]);
  });

  it("a refresh that fails ahead of expiry leaves the token in use until the expiry, and not at that moment", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await using server = await startOauthServer(unavailable);
    const options = { accessToken: "access-0", expiresAt: inMinutes(4) };
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, options)) });
    vi.setSystemTime(options.expiresAt.getTime() - 1);
    await kiosk.getProductionStatus(CARD);
    vi.setSystemTime(options.expiresAt);
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ cause: { code: "ERR_SERVER" } });
    expect([server.used, server.refreshes.length]).toEqual([["access-0"], 2]);
  });

  it("a refresh that fails after the expiry rejects the call, and the next call retries it", async () => {
    await using server = await startOauthServer(replyInTurn(unavailable, newTokens()));
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt: inMinutes(-1) }));
    const kiosk = createClient(server, { token });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({
      code: "ERR_TOKEN",
      cause: { code: "ERR_SERVER", httpStatus: 503 },
    });
    await kiosk.getProductionStatus(CARD);
    expect([server.used, sentBy(server.refreshes)]).toEqual([["access-1"], [REFRESH_TOKEN, REFRESH_TOKEN]]);
  });

  it("a refresh without a response is retried at the next call", async () => {
    await using server = await startOauthServer(replyInTurn(() => {}, newTokens()));
    const kiosk = createClient(server, { token: createRefreshingToken(optionsFor(server, { timeoutMs: 300 })) });
    await catchRejection(kiosk.getProductionStatus(CARD));
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-1"], 2]);
  });
});

it("a refresh that died with the request that began it, as in a worker, does not lock its customer out", async () => {
  const held: Parameters<Responder>[] = [];
  await using server = await startOauthServer((...exchange) => void held.push(exchange));
  const token = createRefreshingToken(optionsFor(server, { timeoutMs: 600_000 }));
  const start = async () => token(CONTEXT);
  const now = performance.now();
  const clock = vi.spyOn(performance, "now").mockReturnValue(now);
  const dead = [start(), start()].map(catchRejection);
  await vi.waitFor(() => expect(held).toHaveLength(1));
  clock.mockReturnValue(now + 8 * 600_000);
  const alive = [start()];
  await vi.waitFor(() => expect(held).toHaveLength(2));
  vi.restoreAllMocks();
  held[0]?.[0].destroy();
  expect(await Promise.all(dead)).toMatchObject([{ code: "ERR_CONNECTION" }, { code: "ERR_CONNECTION" }]);
  alive.push(start());
  newTokens()(...(held[1] as Parameters<Responder>));
  expect(await Promise.all(alive)).toEqual(["access-1", "access-1"]);
});

it("a caller that leaves does not cancel the refresh: its tokens are stored, and the next call uses them", async () => {
  const respond = newTokens();
  await using server = await startOauthServer(
    (response, request) => void setTimeout(() => respond(response, request), 60),
  );
  const options = optionsFor(server);
  const kiosk = createClient(server, { token: createRefreshingToken(options) });
  await catchRejection(kiosk.getProductionStatus(CARD, { signal: AbortSignal.timeout(20) }));
  expect(options.stored).toEqual([]);
  await kiosk.getProductionStatus(CARD);
  expect(options.stored).toMatchObject([{ accessToken: "access-1" }]);
  expect([server.used, server.refreshes.length]).toEqual([["access-1"], 1]);
});
