import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createRefreshingToken, KioskTokenError, type RefreshedToken } from "wise-card-kiosk";
import { type Answer, inTurn, reply } from "../support/http-server.js";
import { newTokens, optionsFor, REFRESH_TOKEN, startOauthServer } from "../support/oauth-server.js";
import { CARD, clientOf, rejectionOf } from "../support/transports.js";

const never = (): Promise<never> => new Promise(() => {});
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const unavailable = reply(503, { error: "temporarily_unavailable" });
/** What the refresh tokens were that arrived. */
const sentBy = (refreshes: readonly { readonly body: string }[]) =>
  refreshes.map(({ body }) => new URLSearchParams(body).get("refresh_token"));

describe("an access token", () => {
  it("that is not there is refreshed for, once, however many calls wait for it", async () => {
    const answer = newTokens();
    const slowly: Answer = (response, request) => void setTimeout(() => answer(response, request), 30);
    await using server = await startOauthServer(slowly);
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server)) });
    await Promise.all(Array.from({ length: 50 }, () => kiosk.getProductionStatus(CARD)));
    expect(server.refreshes).toHaveLength(1);
    expect(new Set(server.used)).toEqual(new Set(["access-1"]));
    expect(server.used).toHaveLength(50);
  });

  it.each([
    ["for an hour yet", inMinutes(60)],
    ["for 6 minutes yet", inMinutes(6).toISOString()],
    ["for nobody knows how long", null],
    ["for nobody says how long", undefined],
  ])("that is good %s is used as it is", async (_how, expiresAt) => {
    await using server = await startOauthServer(newTokens());
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt }));
    await clientOf(server, { token }).getProductionStatus(CARD);
    expect([server.used, server.refreshes]).toEqual([["access-0"], []]);
  });

  it.each([
    ["was good till a minute ago", inMinutes(-1)],
    ["is good for 4 minutes yet", inMinutes(4).toISOString()],
  ])("that %s is refreshed before it is used", async (_how, expiresAt) => {
    await using server = await startOauthServer(newTokens());
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt }));
    await clientOf(server, { token }).getProductionStatus(CARD);
    expect([server.used, sentBy(server.refreshes)]).toEqual([["access-1"], [REFRESH_TOKEN]]);
  });

  it("that lives shorter than that is refreshed in the middle of its life", async () => {
    await using server = await startOauthServer(newTokens({ expires_in: 2 }));
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server)) });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    await sleep(1100);
    await kiosk.getProductionStatus(CARD);
    expect(server.used).toEqual(["access-1", "access-1", "access-2"]);
  });

  it("that Wise rejects is refreshed once, and calls that were rejected late make no other refresh", async () => {
    await using server = await startOauthServer(newTokens(), (token) => token !== "access-0");
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0" }));
    const kiosk = clientOf(server, { token, maxRetries: 1 });
    await Promise.all(Array.from({ length: 20 }, () => kiosk.getProductionStatus(CARD)));
    expect(server.refreshes).toHaveLength(1);
    expect(await token({ profileId: "1", operation: "produceCard", rejectedToken: "access-0" })).toBe("access-1");
    expect(server.refreshes).toHaveLength(1);
  });
});

describe("new tokens", () => {
  it("are stored before they are used", async () => {
    const happened: string[] = [];
    await using server = await startOauthServer(newTokens(), (token) => happened.push(`used ${token}`) > 0);
    const onRefresh = async ({ accessToken, refreshToken }: RefreshedToken) => {
      happened.push(`storing ${accessToken} ${refreshToken}`);
      await sleep(30);
      happened.push("stored");
    };
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server, { onRefresh })) });
    await Promise.all([kiosk.getProductionStatus(CARD), kiosk.getProductionStatus(CARD)]);
    expect(happened).toEqual(["storing access-1 refresh-1", "stored", "used access-1", "used access-1"]);
  });

  it("are stored with the time at which they expire by our clock", async () => {
    await using server = await startOauthServer(newTokens());
    const options = optionsFor(server);
    const before = Date.now();
    await createRefreshingToken(options)({ profileId: "1", operation: "produceCard" });
    const [stored] = options.stored;
    expect(stored).toEqual({ accessToken: "access-1", refreshToken: "refresh-1", expiresAt: expect.any(String) });
    const expiresAt = Date.parse(stored?.expiresAt ?? "");
    expect(expiresAt).toBeGreaterThanOrEqual(before + 43_199_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 43_199_000);
  });

  it("hold the refresh token for the next refresh", async () => {
    await using server = await startOauthServer(newTokens({ expires_in: 0 }));
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server)) });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    expect(sentBy(server.refreshes)).toEqual([REFRESH_TOKEN, "refresh-1", "refresh-2"]);
  });

  it.each<[string, Record<string, unknown>, Partial<RefreshedToken>]>([
    ["no refresh token", { refresh_token: undefined }, { refreshToken: REFRESH_TOKEN }],
    ["null for a refresh token", { refresh_token: null }, { refreshToken: REFRESH_TOKEN }],
    ["an empty refresh token", { refresh_token: "" }, { refreshToken: REFRESH_TOKEN }],
    ["a refresh token of another type", { refresh_token: 42 }, { refreshToken: REFRESH_TOKEN }],
    ["a date alone", { expires_in: undefined }, { expiresAt: "2025-04-11T03:43:28.148Z" }],
    ["its seconds as a text", { expires_in: "43199" }, { expiresAt: "2025-04-11T03:43:28.148Z" }],
    ["a date that is none", { expires_in: null, expires_at: "soon" }, { expiresAt: null }],
    ["seconds beyond all dates", { expires_in: 1e300 }, { expiresAt: null }],
    ["negative seconds", { expires_in: -1, expires_at: null }, { expiresAt: null }],
    ["no time at all", { expires_in: undefined, expires_at: undefined }, { expiresAt: null }],
    ["another type and scope", { token_type: "mac", scope: ["cards"] }, { refreshToken: "refresh-1" }],
    ["a token of any form", { access_token: '{"~opaque"}' }, { accessToken: '{"~opaque"}' }],
  ])("with %s are not lost", async (_what, fields, expected) => {
    await using server = await startOauthServer(newTokens(fields));
    const options = optionsFor(server);
    await clientOf(server, { token: createRefreshingToken(options) }).getProductionStatus(CARD);
    expect(options.stored).toMatchObject([expected]);
    expect(server.used).toEqual([options.stored[0]?.accessToken]);
  });

  it("of 20,000 characters are used unchanged", async () => {
    const access_token = "t".repeat(12_000);
    await using server = await startOauthServer(newTokens({ access_token, refresh_token: "r".repeat(20_000) }));
    const options = optionsFor(server);
    await clientOf(server, { token: createRefreshingToken(options) }).getProductionStatus(CARD);
    expect(server.used).toEqual([access_token]);
    expect(options.stored[0]?.refreshToken).toHaveLength(20_000);
  });
});

describe("tokens that could not be stored", () => {
  const failure = Object.assign(new Error("disk full"), { code: "ENOSPC" });

  it.each<[string, () => Promise<void>]>([
    [
      "because onRefresh throws",
      () => {
        throw failure;
      },
    ],
    ["because onRefresh rejects", () => Promise.reject(failure)],
  ])("%s reject the call with that, and are offered to the next one without another refresh", async (_why, fail) => {
    await using server = await startOauthServer(newTokens());
    const onRefresh = vi.fn<(tokens: RefreshedToken) => Promise<void>>(fail);
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server, { onRefresh })) });
    const error = await rejectionOf(kiosk.getProductionStatus(CARD));
    expect(error).toBeInstanceOf(KioskTokenError);
    expect((error as KioskTokenError).cause).toBe(failure);
    expect(server.used).toEqual([]);
    onRefresh.mockResolvedValue();
    await kiosk.getProductionStatus(CARD);
    expect(onRefresh.mock.calls.map(([{ accessToken }]) => accessToken)).toEqual(["access-1", "access-1"]);
    expect([server.refreshes.length, server.used]).toEqual([1, ["access-1"]]);
  });

  it("in place of a token that is good for a while yet are not passed over: that one is void", async () => {
    await using server = await startOauthServer(newTokens());
    const onRefresh = vi.fn(() => Promise.reject(failure));
    const options = optionsFor(server, { onRefresh, accessToken: "access-0", expiresAt: inMinutes(4) });
    const kiosk = clientOf(server, { token: createRefreshingToken(options) });
    await rejectionOf(kiosk.getProductionStatus(CARD));
    await rejectionOf(kiosk.getProductionStatus(CARD));
    expect([onRefresh.mock.calls.length, server.refreshes.length, server.used]).toEqual([2, 1, []]);
  });

  it("in place of a token that Wise rejected are stored before anything else is sent", async () => {
    await using server = await startOauthServer(newTokens(), (token) => token !== "access-0");
    const onRefresh = vi.fn(() => Promise.reject(failure));
    const options = optionsFor(server, { onRefresh, accessToken: "access-0", expiresAt: inMinutes(60) });
    const kiosk = clientOf(server, { token: createRefreshingToken(options), maxRetries: 1 });
    await rejectionOf(kiosk.getProductionStatus(CARD));
    await rejectionOf(kiosk.getProductionStatus(CARD));
    expect([onRefresh.mock.calls.length, server.refreshes.length, server.used]).toEqual([2, 1, ["access-0"]]);
  });

  it("because onRefresh hangs reject the call after timeoutMs, and are offered to the next one", async () => {
    await using server = await startOauthServer(newTokens());
    const onRefresh = vi.fn<(tokens: RefreshedToken) => Promise<void>>(never);
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server, { onRefresh, timeoutMs: 300 })) });
    expect(await rejectionOf(kiosk.getProductionStatus(CARD))).toMatchObject({
      code: "ERR_TOKEN",
      cause: { code: "ERR_TIMEOUT", message: expect.stringContaining("onRefresh") },
    });
    onRefresh.mockResolvedValue();
    await kiosk.getProductionStatus(CARD);
    expect([server.refreshes.length, server.used]).toEqual([1, ["access-1"]]);
  });
});

describe("a refresh that fails", () => {
  it("ahead of the expiry leaves the token in use, and is not tried again at once", async () => {
    await using server = await startOauthServer(unavailable);
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt: inMinutes(4) }));
    const kiosk = clientOf(server, { token });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-0"], 1]);
  });

  it("ahead of the expiry for lack of an answer leaves the token in use", async () => {
    await using server = await startOauthServer(() => {});
    const options = { accessToken: "access-0", expiresAt: inMinutes(4), timeoutMs: 100 };
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server, options)) });
    await Promise.all([kiosk.getProductionStatus(CARD), kiosk.getProductionStatus(CARD)]);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-0"], 1]);
  });

  it("ahead of the expiry is tried again at the expiry", async () => {
    await using server = await startOauthServer(inTurn(unavailable, newTokens()));
    const expiresAt = new Date(Date.now() + 1000);
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt }));
    const kiosk = clientOf(server, { token });
    await kiosk.getProductionStatus(CARD);
    await sleep(1050);
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-1"], 2]);
  });

  it("ahead of the expiry is tried again for a token that Wise rejects", async () => {
    let rejected = "";
    await using server = await startOauthServer(inTurn(unavailable, newTokens()), (token) => token !== rejected);
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt: inMinutes(4) }));
    const kiosk = clientOf(server, { token, maxRetries: 1 });
    await kiosk.getProductionStatus(CARD);
    rejected = "access-0";
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-0", "access-0", "access-1"], 2]);
  });

  it("after the expiry rejects the call, and the next one tries again", async () => {
    await using server = await startOauthServer(inTurn(unavailable, newTokens()));
    const token = createRefreshingToken(optionsFor(server, { accessToken: "access-0", expiresAt: inMinutes(-1) }));
    const kiosk = clientOf(server, { token });
    expect(await rejectionOf(kiosk.getProductionStatus(CARD))).toMatchObject({
      code: "ERR_TOKEN",
      cause: { code: "ERR_SERVER", httpStatus: 503 },
    });
    await kiosk.getProductionStatus(CARD);
    expect([server.used, sentBy(server.refreshes)]).toEqual([["access-1"], [REFRESH_TOKEN, REFRESH_TOKEN]]);
  });

  it("for lack of an answer does not keep the customer out: the next call tries again", async () => {
    await using server = await startOauthServer(inTurn(() => {}, newTokens()));
    const kiosk = clientOf(server, { token: createRefreshingToken(optionsFor(server, { timeoutMs: 300 })) });
    await rejectionOf(kiosk.getProductionStatus(CARD));
    await kiosk.getProductionStatus(CARD);
    expect([server.used, server.refreshes.length]).toEqual([["access-1"], 2]);
  });
});

it("a caller that goes does not take the refresh with it: its tokens are stored, and used by the next", async () => {
  const answer = newTokens();
  await using server = await startOauthServer(
    (response, request) => void setTimeout(() => answer(response, request), 60),
  );
  const options = optionsFor(server);
  const kiosk = clientOf(server, { token: createRefreshingToken(options) });
  await rejectionOf(kiosk.getProductionStatus(CARD, { signal: AbortSignal.timeout(20) }));
  expect(options.stored).toEqual([]);
  await kiosk.getProductionStatus(CARD);
  expect(options.stored).toMatchObject([{ accessToken: "access-1" }]);
  expect([server.used, server.refreshes.length]).toEqual([["access-1"], 1]);
});
