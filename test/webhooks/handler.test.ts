import { runInNewContext } from "node:vm";
import { describe, expect, it, vi } from "vitest";
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

/** A handler with callbacks that are watched. */
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

/** A body of chunks that counts how many were taken. */
function endless(chunk: Uint8Array, chunks = Number.POSITIVE_INFINITY) {
  const stream = { taken: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (stream.taken >= chunks) return controller.close();
        stream.taken += 1;
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

describe("a body in chunks that are no Uint8Array", () => {
  const inChunks = (...chunks: unknown[]) => ReadableStream.from(chunks) as ReadableStream<Uint8Array>;

  it("is read where they are bytes all the same", async () => {
    const { handler, onProduction } = watched();
    const { buffer } = new TextEncoder().encode(productionBody());
    const request = post(inChunks(buffer.slice(0, 9), buffer.slice(9)), signedHeaders(productionBody()));
    expect((await handler(request)).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("is not read beyond 1 MiB", async () => {
    const { handler } = watched();
    expect((await handler(post(inChunks(new ArrayBuffer(MIB), new ArrayBuffer(1))))).status).toBe(413);
  });

  it("is refused where nobody can tell how long they are", async () => {
    const { handler, onError } = watched();
    expect((await handler(post(inChunks({})))).status).toBe(500);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ argument: "rawBody" });
  });
});

describe("a body whose stream", () => {
  const signed = signedHeaders(productionBody());
  const failing = (error: unknown) => new ReadableStream({ pull: (controller) => controller.error(error) });
  const hostile = new Proxy({}, { has: () => expect.unreachable(), get: () => expect.unreachable() });

  it.each<[string, unknown]>([
    ["a foreign event", new KioskWebhookForeignError("mine", { subscriptionId: null, clientId: null })],
    ["a bad signature", new KioskWebhookSignatureError("missing", "mine")],
    ["a malformed body", new KioskWebhookPayloadError("mine", [])],
    ["nothing", undefined],
    ["what throws when it is looked at", hostile],
  ])("fails with an error that looks like %s is a 500, so that Wise delivers again", async (_, error) => {
    const { handler, onError } = watched({ invalidSignatureStatus: 400 });
    expect((await handler(post(failing(error), signed))).status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
    expect(onError.mock.calls[0]?.[0]).toBe(error);
  });

  it("is one of bytes is read", async () => {
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

  it("is read by somebody else is a 500", async () => {
    const { handler, onError } = watched();
    const request = delivery();
    request.body?.getReader();
    expect((await handler(request)).status).toBe(500);
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe("a callback that returns a thenable of another realm", () => {
  const thenable = (script: string) => () => runInNewContext(script, { fault: new Error("database down") }) as unknown;

  it.each([
    ["a promise that rejects", "Promise.reject(fault)"],
    ["an object whose then rejects", "({ then: (_, reject) => reject(fault) })"],
    ["an object whose then throws", "({ then() { throw fault } })"],
    ["an object whose then cannot be read", "({ get then() { throw fault } })"],
  ])("%s is a 500 from onProduction, and nothing from onError", async (_, script) => {
    const { handler, onError } = watched({ onProduction: thenable(script) });
    expect((await handler(delivery())).status).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: "database down" }),
      expect.anything(),
    );
    const other = watched({ onError: thenable(script) });
    expect((await other.handler(post("x"))).status).toBe(503);
  });

  it("a promise that resolves late is awaited", async () => {
    const { handler } = watched({
      onProduction: thenable("new Promise((resolve) => Promise.resolve().then(resolve))"),
    });
    expect((await handler(delivery())).status).toBe(200);
  });
});

describe("the handler refuses", () => {
  it.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])("%s with 405 and Allow", async (method) => {
    const { handler, onProduction, onError } = watched();
    const answer = await handler(new Request(URL, { method, headers: signedHeaders(productionBody()) }));
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST");
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskArgumentError), expect.anything());
  });

  it.each([
    ["missing", {}],
    ["malformed", { "X-Signature-SHA256": "t=1,v1=2" }],
    ["mismatch", signedHeaders("another body")],
  ])("a signature that is %s with 503", async (reason, headers) => {
    const { handler, onProduction, onError } = watched();
    const answer = await handler(post(productionBody(), headers));
    expect(answer.status).toBe(503);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskWebhookSignatureError), expect.anything());
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ reason }), expect.anything());
  });

  it.each([400, 401, 403, 500, 599])("a bad signature with %i where that is wanted", async (invalidSignatureStatus) => {
    const { handler } = watched({ invalidSignatureStatus });
    expect((await handler(post(productionBody()))).status).toBe(invalidSignatureStatus);
  });

  it("a malformed body with 500", async () => {
    const { handler, onProduction, onError } = watched();
    const answer = await handler(delivery(productionBody({ data: { status: null } })));
    expect(answer.status).toBe(500);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskWebhookPayloadError), expect.anything());
  });

  it("an unsigned body of any kind with the status for signatures, not for what is in it", async () => {
    const { handler } = watched({ invalidSignatureStatus: 418 });
    for (const body of ["not JSON", "", null]) expect((await handler(post(body))).status).toBe(418);
  });

  it("a key that the runtime does not take with 500, whatever the status for signatures", async () => {
    const { handler, onError } = watched({ invalidSignatureStatus: 400 }, { publicKeys: [unusableKey()] });
    expect((await handler(delivery())).status).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.any(KioskArgumentError), expect.anything());
  });

  it("a body that was read before with 500, and says what to do", async () => {
    const { handler, onError } = watched();
    const request = delivery();
    await request.text();
    expect((await handler(request)).status).toBe(500);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ argument: "request" }), expect.anything());
    expect(String(onError.mock.calls[0]?.[0])).toContain("clone");
  });

  it("a body that breaks off with 500", async () => {
    const { handler, onProduction, onError } = watched();
    const fault = new Error("connection lost");
    const body = new ReadableStream({ pull: (controller) => controller.error(fault) });
    expect((await handler(post(body, signedHeaders(productionBody())))).status).toBe(500);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(fault, expect.anything());
  });
});

describe("the handler reads at most 1 MiB", () => {
  it.each([
    ["announced as it is", undefined],
    ["announced as small", "10"],
  ])("of a body of one byte more, %s", async (_, length) => {
    const { handler, onProduction, onError } = watched();
    const body = new Uint8Array(MIB + 1).fill(32);
    const answer = await handler(post(body, { ...signedHeaders(body), ...(length && { "Content-Length": length }) }));
    expect(answer.status).toBe(413);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "request" }),
      expect.anything(),
    );
  });

  it("of an endless stream, and gives up the rest", async () => {
    const { handler } = watched();
    const { stream, body } = endless(new Uint8Array(64 * 1024));
    expect((await handler(post(body))).status).toBe(413);
    expect(stream.taken).toBeLessThanOrEqual(18);
    expect(stream.cancelled).toBe(true);
  });

  it("of an endless stream whose end can not be given up", async () => {
    const { handler } = watched();
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(MIB)),
      cancel: () => Promise.reject(new Error("no")),
    });
    expect((await handler(post(body))).status).toBe(413);
  });

  it("and takes exactly 1 MiB", async () => {
    const { handler, onProduction } = watched();
    const event = productionBody();
    const body = event + " ".repeat(MIB - event.length);
    expect((await handler(delivery(body))).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("in a great many chunks", async () => {
    const { handler } = watched();
    const { body } = endless(Uint8Array.of(32), MIB);
    expect((await handler(post(body, signedHeaders(" ".repeat(MIB))))).status).toBe(500);
  });

  it("although more was announced than comes", async () => {
    const { handler } = watched();
    const body = productionBody();
    const answer = await handler(post(body, { ...signedHeaders(body), "Content-Length": "99999999" }));
    expect(answer.status).toBe(200);
  });
});

describe("the handler answers 500 where a callback throws", () => {
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
  ])("%s", async (_, options, body) => {
    const { handler, onError } = watched(options);
    const answer = await handler(delivery(body));
    expect(answer.status).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(fault, expect.anything());
  });

  it("whatever it throws, also an error of this package or nothing", async () => {
    const foreign = new KioskWebhookForeignError("of somebody else", { subscriptionId: null, clientId: null });
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
  ])("that %s changes no answer", async (_, onError) => {
    const { handler } = watched({ onError }, { publicKeys: [wise.publicKey], subscriptionIds: ["another"] });
    expect((await handler(new Request(URL))).status).toBe(405);
    expect((await handler(post("x"))).status).toBe(503);
    expect((await handler(delivery())).status).toBe(200);
    expect((await handler(delivery("not JSON"))).status).toBe(500);
  });

  it("may be left out", async () => {
    const handler = new KioskWebhooks({ publicKeys: [wise.publicKey] }).handler({
      onProduction: () => Promise.reject(1),
    });
    expect((await handler(new Request(URL))).status).toBe(405);
    expect((await handler(delivery())).status).toBe(500);
  });

  it("is over before the answer is given, for runtimes that freeze after it", async () => {
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

  it("gets the headers of the delivery", async () => {
    const { handler, onError } = watched();
    await handler(post("x", { "X-Delivery-Id": "d" }));
    expect(onError.mock.calls[0]?.[1].headers.get("x-delivery-id")).toBe("d");
  });
});

describe("the handler answers 200", () => {
  it("after the callback is done with a production event", async () => {
    let isDone = false;
    const { handler, onProduction, onError } = watched({
      onProduction: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        isDone = true;
      },
    });
    const answer = await handler(delivery());
    expect([answer.status, isDone]).toEqual([200, true]);
    expect(onProduction).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: "cards#card-production-status-change", profileId: 123456, isTest: false }),
      expect.anything(),
    );
    expect(onProduction.mock.calls[0]?.[1].headers.get("X-Signature-SHA256")).toHaveLength(344);
    expect(onError).not.toHaveBeenCalled();
  });

  it("whatever the callback returns", async () => {
    const { handler } = watched({ onProduction: () => new Response("no", { status: 500 }) });
    expect((await handler(delivery())).status).toBe(200);
  });

  it("to another event with a callback", async () => {
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

  it("to another event without a callback, and onError hears that it was dropped", async () => {
    const { handler, onProduction, onError } = watched();
    expect((await handler(delivery(otherBody()))).status).toBe(200);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "onOther" }),
      expect.anything(),
    );
    expect(String(onError.mock.calls[0]?.[0])).toContain("cards#card-order-status-change");
  });

  it("to an event of somebody else, without a callback, and tells onError", async () => {
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

  it("to a test notification, which reaches onProduction past the lists", async () => {
    const lists = { publicKeys: [wise.publicKey], subscriptionIds: ["another"], clientIds: ["another"] };
    const { handler, onProduction, onError } = watched({}, lists);
    const body = productionBody({
      envelope: { subscription_id: "00000000-0000-0000-0000-000000000000" },
      resource: { profile_id: 0 },
    });
    const answer = await handler(delivery(body, signedHeaders(body, { "X-Test-Notification": "true" })));
    expect(answer.status).toBe(200);
    expect(onProduction).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ isTest: true, profileId: 0 }),
      expect.anything(),
    );
    expect(onError).not.toHaveBeenCalled();
  });

  it("but not to a test notification without a signature", async () => {
    const { handler, onProduction } = watched();
    const answer = await handler(post(productionBody(), { "X-Test-Notification": "true" }));
    expect([answer.status, onProduction.mock.calls.length]).toEqual([503, 0]);
  });
});

describe("every answer", () => {
  it("is JSON, and shows nothing of what was sent", async () => {
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
    const answers = await Promise.all(requests.map((request) => handler(request)));
    expect(answers.map(({ status }) => status)).toEqual([405, 503, 503, 413, 500, 500, 500, 200]);
    for (const answer of answers) {
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      const text = await answer.text();
      expect(text).not.toContain(secret);
      expect(JSON.parse(text)).toEqual(
        answer.status === 200 ? { status: "ok" } : { status: "error", message: expect.any(String) },
      );
    }
  });

  it("is exactly Wise's example where all is well", async () => {
    expect(await (await watched().handler(delivery())).text()).toBe('{"status":"ok"}');
  });
});

describe("the options of the handler are refused", () => {
  const onProduction = () => {};

  it.each<[string, string, unknown]>([
    ["nothing", "onProduction", undefined],
    ["no callback", "onProduction", {}],
    ["a callback that is none", "onProduction", { onProduction: "log" }],
    ["onOther that is no function", "onOther", { onProduction, onOther: true }],
    ["onError that is no function", "onError", { onProduction, onError: console }],
    ...[200, 399, 600, 503.5, Number.NaN, "503", null].map((status): [string, string, unknown] => [
      `the status ${status}`,
      "invalidSignatureStatus",
      { onProduction, invalidSignatureStatus: status },
    ]),
  ])("%s", (_, argument, options) => {
    const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });
    expect(() => webhooks.handler(options as KioskWebhookHandlerOptions)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument }),
    );
  });
});
