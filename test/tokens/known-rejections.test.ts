import { afterEach, describe, expect, it, vi } from "vitest";
import type { TokenContext, TokenProvider } from "wise-card-kiosk";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { findRejection, noteRejection, refreshOnce } from "../../src/tokens/shared-refresh.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startTokenServer } from "../support/token-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";

const UNAUTHORIZED = { code: "ERR_AUTHENTICATION" };

/** Returns a provider that records the tokens that it was asked to replace, and what it returns. */
function recordingProvider(provide: (rejected: string | undefined) => string) {
  const asked: (string | undefined)[] = [];
  const token: TokenProvider = async ({ rejectedToken }: TokenContext) => {
    asked.push(rejectedToken);
    return provide(rejectedToken);
  };
  return { token, asked };
}

describe("a call with maxRetries 0", () => {
  it.each<[string, (current: { token: string }) => (rejected: string | undefined) => string]>([
    [
      "caches it",
      (current) => (rejected) => {
        if (rejected === current.token) current.token = "B";
        return current.token;
      },
    ],
    ["does not cache it", () => (rejected) => (rejected === undefined ? "A" : "B")],
  ])(
    "does not send a token that Wise rejected in an earlier call, but asks for another one if the provider %s",
    async (_, create) => {
      await using server = await startTokenServer(({ token }) => token === "B");
      const { token, asked } = recordingProvider(create({ token: "A" }));
      const kiosk = createClient(server, { token, maxRetries: 0 });
      expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(UNAUTHORIZED);
      expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
      expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
      expect(server.tokens).toEqual(["A", "B", "B"]);
      expect(asked).toEqual([undefined, undefined, "A", undefined]);
    },
  );

  it("does not send a token that was rejected in an earlier call, also if maxRetries is an option of these calls", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const { token } = recordingProvider((rejected) => (rejected === undefined ? "A" : "B"));
    const kiosk = createClient(server, { token, maxRetries: 2 });
    await catchRejection(kiosk.getProductionStatus(CARD, { maxRetries: 0 }));
    await kiosk.getProductionStatus(CARD, { maxRetries: 0 });
    expect(server.tokens).toEqual(["A", "B"]);
  });

  it("shares the refresh of a rejected token with the calls beside it", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const { token, asked } = recordingProvider((rejected) => (rejected === undefined ? "A" : "B"));
    const kiosk = createClient(server, { token, maxRetries: 0 });
    await catchRejection(kiosk.getProductionStatus(CARD));
    await Promise.all(Array.from({ length: 10 }, () => kiosk.getProductionStatus(CARD)));
    expect(asked.filter((rejected) => rejected !== undefined)).toEqual(["A"]);
    expect(server.tokens).toEqual(["A", ...Array.from({ length: 10 }, () => "B")]);
  });

  it("sends a rejected token if the provider has no other, and asks again at each call", async () => {
    await using server = await startTokenServer(() => false);
    const { token, asked } = recordingProvider(() => "A");
    const kiosk = createClient(server, { token, maxRetries: 0 });
    for (let call = 0; call < 3; call += 1) {
      expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject(UNAUTHORIZED);
    }
    expect(server.tokens).toEqual(["A", "A", "A"]);
    expect(asked).toEqual([undefined, undefined, "A", undefined, "A"]);
  });

  it("rejects and sends nothing as long as a rejected token cannot be refreshed", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const failures = [new Error("the vault is sealed"), new Error("the vault is sealed")];
    const { token } = recordingProvider((rejected) => {
      if (rejected === undefined) return "A";
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return "B";
    });
    const kiosk = createClient(server, { token, maxRetries: 0 });
    await catchRejection(kiosk.getProductionStatus(CARD));
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ code: "ERR_TOKEN" });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ code: "ERR_TOKEN" });
    await kiosk.getProductionStatus(CARD);
    expect(server.tokens).toEqual(["A", "B"]);
  });

  it("sends a token that was rejected for another customer only", async () => {
    await using server = await startTokenServer(({ profileId }) => profileId === "222");
    const { token, asked } = recordingProvider(() => "A");
    const kiosk = createClient(server, { token, maxRetries: 0 });
    await catchRejection(kiosk.getProductionStatus({ ...CARD, profileId: 111 }));
    await kiosk.getProductionStatus({ ...CARD, profileId: 222 });
    expect(asked).toEqual([undefined, undefined]);
  });

  it("requests another client-credentials token after one that Wise rejected", async () => {
    let issued = 0;
    await using server = await startHttpServer((response, request) => {
      const isValid = request.headers.authorization === "Bearer token-2";
      if (request.path === "/oauth/token") {
        issued += 1;
        reply(200, { access_token: `token-${issued}`, expires_in: 43_200 })(response, request);
      } else reply(isValid ? 200 : 401, isValid ? [] : { error: "invalid_token" })(response, request);
    });
    const secret = { clientId: "client-1", clientSecret: "client-secret" };
    const token = createClientCredentialsToken({ baseUrl: server.url, ...secret });
    const options = { baseUrl: server.url, clientKey: "your-bank", token, maxRetries: 0 };
    const subscriptions = new KioskSubscriptions(options);
    expect(await catchRejection(subscriptions.list())).toMatchObject(UNAUTHORIZED);
    expect(await subscriptions.list()).toEqual([]);
    expect(issued).toBe(2);
  });
});

describe("a late 401", () => {
  /** Starts a server that holds its first response back until `open` is called. */
  async function startHoldingServer(accepted: { token: string }) {
    let open: () => void = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let arrived = 0;
    const server = await startTokenServer(async ({ token }) => {
      const isAccepted = token === accepted.token;
      arrived += 1;
      if (arrived === 1) await opened;
      return isAccepted;
    });
    return Object.assign(server, { open });
  }

  it("is followed by the token that the provider has by now, not by the one that once replaced the rejected one", async () => {
    const accepted = { token: "B" };
    await using server = await startHoldingServer(accepted);
    const current = { token: "A" };
    const { token, asked } = recordingProvider((rejected) => {
      if (rejected === "A") current.token = "B";
      return current.token;
    });
    const kiosk = createClient(server, { token, maxRetries: 2 });
    const late = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(server.tokens).toEqual(["A"]));
    await kiosk.getProductionStatus(CARD);
    // The provider refreshes the token ahead of its expiry, which voids the one before.
    current.token = "C";
    accepted.token = "C";
    server.open();
    await late;
    expect(server.tokens).toEqual(["A", "A", "B", "C"]);
    expect(asked).toEqual([undefined, undefined, "A", undefined]);
  });

  it("is followed by another token if the one that the provider has by now was rejected, too", async () => {
    const accepted = { token: "C" };
    await using server = await startHoldingServer(accepted);
    const tokens = ["A", "B", "C"];
    let place = 0;
    const { token } = recordingProvider((rejected) => {
      if (rejected !== undefined) place = tokens.indexOf(rejected) + 1;
      return tokens[place] ?? "";
    });
    const kiosk = createClient(server, { token, maxRetries: 2 });
    const late = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(server.tokens).toEqual(["A"]));
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject(UNAUTHORIZED);
    server.open();
    await late;
    expect(server.tokens).toEqual(["A", "A", "B", "C"]);
  });
});

describe("a rejected token", () => {
  afterEach(() => void vi.useRealTimers());

  it("is known for 10 minutes, also after a refresh of it has failed", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const provider = () => "";
    const isKnown = () => findRejection(provider, "111", "A") !== undefined;
    noteRejection(provider, "111", "A");
    await catchRejection(refreshOnce(provider, "111", "A", () => Promise.reject(new Error("not now"))));
    vi.advanceTimersByTime(599_999);
    expect(isKnown()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(isKnown()).toBe(false);
  });

  it("keeps the refresh that has replaced it if it is rejected again", async () => {
    const provider = () => "";
    await refreshOnce(provider, "111", "A", async () => "B");
    noteRejection(provider, "111", "A");
    expect(await refreshOnce(provider, "111", "A", async () => "C")).toBe("B");
  });
});
