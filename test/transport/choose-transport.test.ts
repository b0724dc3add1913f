import { getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterEach, expect, it, vi } from "vitest";
import { chooseTransport } from "../../src/transport/choose-transport.js";
import type { DispatchHandlerLike } from "../../src/transport/dispatcher-like.js";
import type { HttpRequest } from "../../src/transport/http-message.js";

const REQUEST: HttpRequest = { method: "PUT", origin: "https://kiosk.example", path: "/", headers: {}, body: "{}" };

const usual = getGlobalDispatcher();

const failing = (_options: unknown, handler: DispatchHandlerLike) => handler.onError(new Error("no"));

const { signal } = new AbortController();

afterEach(() => setGlobalDispatcher(usual));

it("rejects if a RetryAgent becomes the global dispatcher after the first request", async () => {
  const send = chooseTransport({});
  setGlobalDispatcher({ dispatch: failing } as unknown as typeof usual);
  expect(await send(REQUEST, signal)).toMatchObject({ kind: "failed", requestSent: false });
  setGlobalDispatcher(
    new (class RetryAgent {
      dispatch = failing;
    })() as unknown as typeof usual,
  );
  await expect(send(REQUEST, signal)).rejects.toMatchObject({ code: "ERR_ARGUMENT", argument: "dispatcher" });
});

it("sends through a global dispatcher without a constructor", async () => {
  const dispatch = vi.fn(failing);
  setGlobalDispatcher(Object.assign(Object.create(Object.create(null)), { dispatch }));
  expect(await chooseTransport({})(REQUEST, signal)).toMatchObject({ kind: "failed", cause: { message: "no" } });
  expect(dispatch).toHaveBeenCalledOnce();
});

it("a request that is cancelled before a dispatcher is loaded is never dispatched", async () => {
  const dispatch = vi.fn(() => true);
  setGlobalDispatcher({ dispatch } as unknown as typeof usual);
  const controller = new AbortController();
  const result = chooseTransport({})(REQUEST, controller.signal);
  controller.abort();
  expect(await result).toMatchObject({ kind: "failed", requestSent: false });
  expect(dispatch).not.toHaveBeenCalled();
});
