import { getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { expect, it, vi } from "vitest";
import { chooseTransport } from "../../src/transport/choose-transport.js";
import type { HttpRequest } from "../../src/transport/http-message.js";

const REQUEST: HttpRequest = { method: "PUT", origin: "https://kiosk.example", path: "/", headers: {}, body: "{}" };

it("a request that is cancelled before a dispatcher is loaded is never dispatched", async () => {
  const usual = getGlobalDispatcher();
  const dispatch = vi.fn(() => true);
  setGlobalDispatcher({ dispatch } as unknown as typeof usual);
  try {
    const controller = new AbortController();
    const result = chooseTransport({})(REQUEST, controller.signal);
    controller.abort();
    expect(await result).toMatchObject({ kind: "failed", requestSent: false });
    expect(dispatch).not.toHaveBeenCalled();
  } finally {
    setGlobalDispatcher(usual);
  }
});
