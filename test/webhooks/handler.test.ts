import { Readable } from "node:stream";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  KioskArgumentError,
  KioskWebhookForeignError,
  type KioskWebhookHandlerOptions,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
  KioskWebhooks,
  type KioskWebhooksOptions,
} from "wise-card-kiosk/webhooks";
import { otherBody, productionBody, SUBSCRIPTION_ID } from "../support/event-bodies.js";
import { delivery, signedHeaders, unusableKey, wise } from "../support/signed-delivery.js";

const MIB = 2 ** 20;
const URL = "https://bank.example/wise";

/** Creates a handler with spies as callbacks. */
function watched(
  options: Partial<KioskWebhookHandlerOptions> = {},
  receiver: KioskWebhooksOptions = { publicKeys: [wise.publicKey] },
) {
  const onProduction = vi.fn(options.onProduction ?? (() => {}));
  const onError = vi.fn(options.onError ?? (() => {}));
  const handler = new KioskWebhooks(receiver).handler({ ...options, onProduction, onError });
  return { handler, onProduction, onError };
}

const post = (
  body: Exclude<ConstructorParameters<typeof Response>[0], undefined>,
  headers: Record<string, string> = {},
) => new Request(URL, { method: "POST", headers, body, duplex: "half" });

/** Creates a body of chunks that counts how many were read. */
function endless(chunk: Uint8Array, chunks = Number.POSITIVE_INFINITY) {
  const stream = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (stream.pulled >= chunks) return controller.close();
        stream.pulled += 1;
        controller.enqueue(chunk);
      },
      cancel() {
        stream.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, body };
}

describe("a body in chunks that are not Uint8Arrays", () => {
  const inChunks = (...chunks: unknown[]) => ReadableStream.from(chunks) as ReadableStream<Uint8Array>;

  it("reads a body in chunks of ArrayBuffer", async () => {
    const { handler, onProduction } = watched();
    const { buffer } = new TextEncoder().encode(productionBody());
    const request = post(inChunks(buffer.slice(0, 9), buffer.slice(9)), signedHeaders(productionBody()));
    expect((await handler(request)).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("rejects a body in chunks of ArrayBuffer above 1 MiB", async () => {
    const { handler } = watched();
    expect((await handler(post(inChunks(new ArrayBuffer(MIB), new ArrayBuffer(1))))).status).toBe(413);
  });

  it("rejects a body in chunks of unknown length", async () => {
    const { handler, onError } = watched();
    expect((await handler(post(inChunks({})))).status).toBe(500);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ argument: "rawBody" });
  });
});

describe("a request of a polyfill", () => {
  it.each<[string, (body: string) => unknown]>([
    ["a stream of Node.js as its body", (body) => Readable.from([body])],
    ["no body property", () => undefined],
    ["null as its body", () => null],
  ])("reads a request with %s by its arrayBuffer(), up to 1 MiB", async (_, toStream) => {
    const { handler, onProduction } = watched();
    const event = productionBody();
    const request = (body: string) => {
      const { method, headers } = new Request(URL, { method: "POST", headers: signedHeaders(body) });
      return { method, headers, body: toStream(body), arrayBuffer: () => new Response(body).arrayBuffer() } as Request;
    };
    expect((await handler(request(event + " ".repeat(MIB - event.length)))).status).toBe(200);
    expect((await handler(request(" ".repeat(MIB + 1)))).status).toBe(413);
    expect(onProduction).toHaveBeenCalledOnce();
  });
});

describe("the stream of a body", () => {
  const signed = signedHeaders(productionBody());
  const failing = (error: unknown) => new ReadableStream({ pull: (controller) => controller.error(error) });
  const hostile = new Proxy({}, { has: () => expect.unreachable(), get: () => expect.unreachable() });

  it.each<[string, unknown]>([
    ["a foreign event", new KioskWebhookForeignError("mine", { subscriptionId: null, clientId: null })],
    ["a bad signature", new KioskWebhookSignatureError("missing", "mine")],
    ["a malformed body", new KioskWebhookPayloadError("mine", [])],
    ["undefined", undefined],
    ["a proxy that throws on every access", hostile],
  ])("responds with 500 if the stream fails with an error that looks like %s", async (_, error) => {
    const { handler, onError } = watched({ invalidSignatureStatus: 400 });
    expect((await handler(post(failing(error), signed))).status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
    expect(onError.mock.calls[0]?.[0]).toBe(error);
  });

  it("reads a byte stream", async () => {
    const { handler, onProduction } = watched();
    const bytes = new TextEncoder().encode(productionBody());
    const body = new ReadableStream({
      type: "bytes",
      start(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    });
    expect((await handler(post(body, signed))).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("responds with 500 if something else holds a reader of the body", async () => {
    const { handler, onError } = watched();
    const request = delivery();
    request.body?.getReader();
    expect((await handler(request)).status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe("a thenable of another realm from a callback", () => {
  const thenable = (script: string) => () => runInNewContext(script, { fault: new Error("database down") }) as unknown;

  it.each([
    ["a promise that rejects", "Promise.reject(fault)"],
    ["an object with a then that rejects", "({ then: (_, reject) => reject(fault) })"],
    ["an object with a then that throws", "({ then() { throw fault } })"],
    ["an object with a then that cannot be read", "({ get then() { throw fault } })"],
  ])("responds with 500 if onProduction returns %s, and ignores it from onError", async (_, script) => {
    const { handler, onError } = watched({ onProduction: thenable(script) });
    expect((await handler(delivery())).status).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: "database down" }),
      expect.anything(),
    );
    const other = watched({ onError: thenable(script) });
    expect((await other.handler(post("x"))).status).toBe(503);
  });

  it("awaits a promise of another realm", async () => {
    const { handler } = watched({
      onProduction: thenable("new Promise((resolve) => Promise.resolve().then(resolve))"),
    });
    expect((await handler(delivery())).status).toBe(200);
  });
});

describe("a delivery that the handler rejects", () => {
  it.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])("responds to %s with 405 and Allow", async (method) => {
    const { handler, onProduction, onError } = watched();
    const response = await handler(new Request(URL, { method, headers: signedHeaders(productionBody()) }));
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskArgumentError), expect.anything());
  });

  it.each([
    ["missing", {}, "the signature is missing"],
    ["malformed", { "X-Signature-SHA256": "t=1,v1=2" }, "the signature is malformed"],
    ["mismatch", signedHeaders("another body"), "the signature does not match the body"],
  ])("responds with 503 to a signature error with the reason %s", async (reason, headers, message) => {
    const { handler, onProduction, onError } = watched();
    const response = await handler(post(productionBody(), headers));
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: "error", message });
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskWebhookSignatureError), expect.anything());
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ reason }), expect.anything());
  });

  it.each([400, 401, 403, 500, 599])(
    "responds to a bad signature with an invalidSignatureStatus of %i",
    async (invalidSignatureStatus) => {
      const { handler } = watched({ invalidSignatureStatus });
      expect((await handler(post(productionBody()))).status).toBe(invalidSignatureStatus);
    },
  );

  it("responds to a malformed body with 500", async () => {
    const { handler, onProduction, onError } = watched();
    const response = await handler(delivery(productionBody({ data: { status: null } })));
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ status: "error", message: "the body is not an event" });
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskWebhookPayloadError), expect.anything());
  });

  it("responds to an unsigned body with invalidSignatureStatus, whatever it contains", async () => {
    const { handler } = watched({ invalidSignatureStatus: 418 });
    for (const body of ["not JSON", "", null]) expect((await handler(post(body))).status).toBe(418);
  });

  it("responds with 500 to an unusable key, whatever invalidSignatureStatus is", async () => {
    const { handler, onError } = watched({ invalidSignatureStatus: 400 }, { publicKeys: [unusableKey()] });
    const response = await handler(delivery());
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ status: "error", message: "the event could not be handled" });
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskArgumentError), expect.anything());
  });

  it("responds with 500 to a body that was already read, and reports what to do", async () => {
    const { handler, onError } = watched();
    const request = delivery();
    await request.text();
    expect((await handler(request)).status).toBe(500);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ argument: "request" }), expect.anything());
    expect(String(onError.mock.calls[0]?.[0])).toContain("clone");
  });

  it("responds with 500 if the body stream fails", async () => {
    const { handler, onProduction, onError } = watched();
    const fault = new Error("connection lost");
    const body = new ReadableStream({ pull: (controller) => controller.error(fault) });
    expect((await handler(post(body, signedHeaders(productionBody())))).status).toBe(500);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(fault, expect.anything());
  });
});

describe("the size limit of the handler", () => {
  it.each([
    ["no Content-Length", undefined],
    ["a small Content-Length", "10"],
  ])("responds with 413 to a body one byte above 1 MiB with %s", async (_, length) => {
    const { handler, onProduction, onError } = watched();
    const body = new Uint8Array(MIB + 1).fill(32);
    const response = await handler(post(body, { ...signedHeaders(body), ...(length && { "Content-Length": length }) }));
    expect(response.status).toBe(413);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "request" }),
      expect.anything(),
    );
  });

  it("responds with 413 to an endless stream, and cancels the rest", async () => {
    const { handler } = watched();
    const { stream, body } = endless(new Uint8Array(64 * 1024));
    expect((await handler(post(body))).status).toBe(413);
    expect(stream.pulled).toBeLessThanOrEqual(18);
    expect(stream.cancelled).toBe(true);
  });

  it("responds with 413 to an endless stream that cannot be cancelled", async () => {
    const { handler } = watched();
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(MIB)),
      cancel: () => Promise.reject(new Error("no")),
    });
    expect((await handler(post(body))).status).toBe(413);
  });

  it("accepts exactly 1 MiB", async () => {
    const { handler, onProduction } = watched();
    const event = productionBody();
    const body = event + " ".repeat(MIB - event.length);
    expect((await handler(delivery(body))).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("reads 1 MiB in chunks of one byte", async () => {
    const { handler } = watched();
    const { body } = endless(Uint8Array.of(32), MIB);
    expect((await handler(post(body, signedHeaders(" ".repeat(MIB))))).status).toBe(500);
  });

  it("accepts a body shorter than its Content-Length", async () => {
    const { handler } = watched();
    const body = productionBody();
    const response = await handler(post(body, { ...signedHeaders(body), "Content-Length": "99999999" }));
    expect(response.status).toBe(200);
  });
});

describe("a callback that throws", () => {
  const fault = new Error("database down");

  it.each<[string, Partial<KioskWebhookHandlerOptions>, string]>([
    [
      "onProduction",
      {
        onProduction: () => {
          throw fault;
        },
      },
      productionBody(),
    ],
    ["onProduction, later", { onProduction: () => Promise.reject(fault) }, productionBody()],
    ["onOther", { onOther: () => Promise.reject(fault) }, otherBody()],
  ])("responds with 500 if a callback throws: %s", async (_, options, body) => {
    const { handler, onError } = watched(options);
    const response = await handler(delivery(body));
    expect(response.status).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(fault, expect.anything());
  });

  it("responds with 500 whatever a callback throws, even an error of this package or undefined", async () => {
    const foreign = new KioskWebhookForeignError("of another customer", { subscriptionId: null, clientId: null });
    const unsigned = new KioskWebhookSignatureError("missing", "not signed");
    for (const thrown of [foreign, unsigned, new TypeError("x"), undefined, null]) {
      const { handler, onError } = watched({ onProduction: () => Promise.reject(thrown) });
      expect((await handler(delivery())).status).toBe(500);
      expect(onError).toHaveBeenCalledExactlyOnceWith(thrown, expect.anything());
    }
  });
});

describe("onError", () => {
  it.each<[string, NonNullable<KioskWebhookHandlerOptions["onError"]>]>([
    [
      "throws",
      () => {
        throw new Error("logger down");
      },
    ],
    ["rejects", () => Promise.reject(new Error("logger down"))],
  ])("sends the same responses if onError %s", async (_, onError) => {
    const { handler } = watched({ onError }, { publicKeys: [wise.publicKey], subscriptionIds: ["another"] });
    expect((await handler(new Request(URL))).status).toBe(405);
    expect((await handler(post("x"))).status).toBe(503);
    expect((await handler(delivery())).status).toBe(200);
    expect((await handler(delivery("not JSON"))).status).toBe(500);
  });

  it("the handler works without onError", async () => {
    const handler = new KioskWebhooks({ publicKeys: [wise.publicKey] }).handler({
      onProduction: () => Promise.reject(1),
    });
    expect((await handler(new Request(URL))).status).toBe(405);
    expect((await handler(delivery())).status).toBe(500);
  });

  it("awaits onError before it responds, for runtimes that freeze after the response", async () => {
    let isOver = false;
    const { handler } = watched({
      onError: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        isOver = true;
      },
    });
    await handler(post("x"));
    expect(isOver).toBe(true);
  });

  it("responds after a second if onError never settles, and leaves no timer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const hanging = vi.fn(() => new Promise(() => {}));
    const keys = { publicKeys: [unusableKey(), wise.publicKey, unusableKey()] };
    const { handler } = watched({ onError: hanging }, keys);
    const responded = handler(post(productionBody(), signedHeaders("another body")));
    await vi.waitUntil(() => hanging.mock.calls.length === 3);
    vi.advanceTimersByTime(1000);
    expect((await responded).status).toBe(503);

    const { handler: calm } = watched({}, keys);
    expect((await calm(post("x"))).status).toBe(503);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ignores what onError rejects with after the response", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const onError = () => {
      setImmediate(() => vi.advanceTimersByTime(2000));
      return new Promise((_, reject) => setTimeout(reject, 2000, new Error("logger down")));
    };
    const { handler } = watched({ onError });
    expect((await handler(post("x"))).status).toBe(503);
  });

  it("passes the headers of the delivery to onError", async () => {
    const { handler, onError } = watched();
    await handler(post("x", { "X-Delivery-Id": "d" }));
    expect(onError.mock.calls[0]?.[1].headers.get("x-delivery-id")).toBe("d");
  });
});

describe("a delivery that the handler accepts", () => {
  it("responds with 200 after the callback has resolved", async () => {
    let isDone = false;
    const { handler, onProduction, onError } = watched({
      onProduction: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        isDone = true;
      },
    });
    const response = await handler(delivery());
    expect([response.status, isDone]).toEqual([200, true]);
    expect(onProduction).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: "cards#card-production-status-change", profileId: 123456, isTest: false }),
      expect.anything(),
    );
    expect(onProduction.mock.calls[0]?.[1].headers.get("X-Signature-SHA256")).toHaveLength(344);
    expect(onError).not.toHaveBeenCalled();
  });

  it("responds with 200 whatever the callback returns", async () => {
    const { handler } = watched({ onProduction: () => new Response("no", { status: 500 }) });
    expect((await handler(delivery())).status).toBe(200);
  });

  it("responds with 200 to an event of another type with a callback", async () => {
    const onOther = vi.fn();
    const { handler, onProduction, onError } = watched({ onOther });
    expect((await handler(delivery(otherBody()))).status).toBe(200);
    expect(onOther).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: "other", eventType: "cards#card-order-status-change" }),
      expect.anything(),
    );
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).not.toHaveBeenCalled();
  });

  it("responds with 200 to an event of another type without a callback, and reports it to onError", async () => {
    const { handler, onProduction, onError } = watched();
    expect((await handler(delivery(otherBody()))).status).toBe(200);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "onOther" }),
      expect.anything(),
    );
    expect(String(onError.mock.calls[0]?.[0])).toContain("cards#card-order-status-change");
  });

  it("responds with 200 to a foreign event, and calls onError only", async () => {
    const foreign = { publicKeys: [wise.publicKey], subscriptionIds: ["72195556-e5cb-495e-a010-b37a4f2a3043"] };
    const onOther = vi.fn();
    const { handler, onProduction, onError } = watched({ onOther }, foreign);
    expect((await handler(delivery())).status).toBe(200);
    expect((await handler(delivery(otherBody()))).status).toBe(200);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onOther).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledTimes(2);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ code: "ERR_WEBHOOK_FOREIGN", subscriptionId: SUBSCRIPTION_ID });
  });

  it("passes a test notification to onProduction without checking the lists", async () => {
    const lists = { publicKeys: [wise.publicKey], subscriptionIds: ["another"], clientIds: ["another"] };
    const { handler, onProduction, onError } = watched({}, lists);
    const body = productionBody({
      envelope: { subscription_id: "00000000-0000-0000-0000-000000000000" },
      resource: { profile_id: 0 },
    });
    const response = await handler(delivery(body, signedHeaders(body, { "X-Test-Notification": "true" })));
    expect(response.status).toBe(200);
    expect(onProduction).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ isTest: true, profileId: 0 }),
      expect.anything(),
    );
    expect(onError).not.toHaveBeenCalled();
  });

  it("rejects a test notification without a signature", async () => {
    const { handler, onProduction } = watched();
    const response = await handler(post(productionBody(), { "X-Test-Notification": "true" }));
    expect([response.status, onProduction.mock.calls.length]).toEqual([503, 0]);
  });
});

describe("every response", () => {
  it("responds with JSON that repeats nothing from the request", async () => {
    const secret = "s3cr3t-of-the-sender";
    const { handler } = watched({ onProduction: () => Promise.reject(new Error(secret)) });
    const requests = [
      new Request(`${URL}?${secret}`),
      post(secret),
      post(secret, { "X-Signature-SHA256": secret }),
      post(secret.repeat(MIB / 10)),
      delivery(secret),
      delivery(productionBody({ resource: { card_token: secret } })),
      delivery(productionBody({ data: { status: 1, description: secret } })),
      delivery(otherBody({ event_type: secret })),
    ];
    const responses = await Promise.all(requests.map((request) => handler(request)));
    expect(responses.map(({ status }) => status)).toEqual([405, 503, 503, 413, 500, 500, 500, 200]);
    for (const response of responses) {
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      const text = await response.text();
      expect(text).not.toContain(secret);
      expect(JSON.parse(text)).toEqual(
        response.status === 200 ? { status: "ok" } : { status: "error", message: expect.any(String) },
      );
    }
  });

  it("responds exactly as in Wise's example if the event was handled", async () => {
    expect(await (await watched().handler(delivery())).text()).toBe('{"status":"ok"}');
  });
});

describe("invalid options of the handler", () => {
  const onProduction = () => {};

  it.each<[string, string, unknown]>([
    ["undefined instead of options", "onProduction", undefined],
    ["no callback", "onProduction", {}],
    ["a callback that is not a function", "onProduction", { onProduction: "log" }],
    ["an onOther that is not a function", "onOther", { onProduction, onOther: true }],
    ["an onError that is not a function", "onError", { onProduction, onError: console }],
    ...[200, 399, 600, 503.5, Number.NaN, "503", null].map((status): [string, string, unknown] => [
      `the invalidSignatureStatus ${status}`,
      "invalidSignatureStatus",
      { onProduction, invalidSignatureStatus: status },
    ]),
  ])("rejects the handler options: %s", (_, argument, options) => {
    const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });
    expect(() => webhooks.handler(options as KioskWebhookHandlerOptions)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument }),
    );
  });
});
