import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createKioskSimulator } from "../../src/testing/index.js";

const ELSEWHERE = ["/", "/v3/spend/profiles/1/cards/2/productions", "/v3/spend/profiles/1/cards//production"];

describe("a request outside the card kiosk collection", () => {
  const elsewhere = createServer((_request, response) => response.end("elsewhere"));
  let origin = "";

  beforeAll(async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  });
  afterAll(() => void elsewhere.close());
  afterEach(() => {
    vi.doUnmock("undici");
    vi.unstubAllGlobals();
  });

  it.each(ELSEWHERE)("responds with 404 through fetch and over loopback: %s", async (path) => {
    const simulator = createKioskSimulator();
    await using server = await simulator.listen();
    for (const response of [await simulator.fetch(origin + path), await fetch(server.url + path)]) {
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining("nearest is /v3/spend/") });
    }
  });

  it.each(ELSEWHERE)(
    "fails through the dispatcher by default, with an error that names the nearest path: %s",
    async (path) => {
      const { dispatcher } = createKioskSimulator();
      await expect(request(origin + path, { dispatcher })).rejects.toThrow(
        expect.objectContaining({
          code: "ERR_UNHANDLED_REQUEST",
          message: expect.stringMatching(/The nearest path is \/v3\/spend\/.*onUnhandledRequest: 'bypass'/),
        }),
      );
    },
  );

  it("is named without the query of a misdirected request for a token", async () => {
    const { dispatcher } = createKioskSimulator();
    const refused = request(`${origin}/v1/oauth/token?client_secret=s3cret`, { dispatcher, method: "POST" });
    await expect(refused).rejects.toThrow(`POST ${origin}/v1/oauth/token?[hidden] is not a request`);
  });

  it.each(ELSEWHERE)("reaches the network if onUnhandledRequest is 'bypass': %s", async (path) => {
    const { dispatcher, requests } = createKioskSimulator({ onUnhandledRequest: "bypass" });
    const byUndici = await request(origin + path, { dispatcher });
    expect(await byUndici.body.text()).toBe("elsewhere");
    const byBuiltIn = await fetch(origin + path, { dispatcher } as RequestInit);
    expect(await byBuiltIn.text()).toBe("elsewhere");
    expect(requests).toEqual([]);
  });

  it("says that it cannot bypass the simulator if undici cannot be loaded, or if the runtime replaces it", async () => {
    const bypass = () => {
      const { dispatcher } = createKioskSimulator({ onUnhandledRequest: "bypass" });
      return request(origin, { dispatcher });
    };
    vi.doMock("undici", () => ({ Agent: class {} }));
    await expect(bypass()).rejects.toThrow("onUnhandledRequest: 'bypass' needs undici, which this runtime replaces");
    vi.doMock("undici", () => ({ Agent: undefined }));
    vi.stubGlobal("Headers", undefined);
    await expect(bypass()).rejects.toThrow(
      expect.objectContaining({
        argument: "onUnhandledRequest",
        message: expect.stringContaining("cannot be 'bypass', because undici could not be loaded"),
      }),
    );
  });

  it("reports the network error if a bypassed request fails", async () => {
    const { dispatcher } = createKioskSimulator({ onUnhandledRequest: "bypass" });
    await using server = await createKioskSimulator().listen();
    await server.close();
    await expect(request(server.url, { dispatcher })).rejects.toThrow(
      expect.objectContaining({ code: "ECONNREFUSED" }),
    );
  });
});
