import { EventEmitter, once } from "node:events";
import { Agent, createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import { runInThisContext } from "node:vm";
import express from "express";
import Fastify, { type FastifyInstance, type RouteHandlerMethod } from "fastify";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type KioskWebhookHandlerOptions, KioskWebhooks, type WebhookRawBody } from "wise-card-kiosk/webhooks";
import { type NodeRequest, nodeListener } from "wise-card-kiosk/webhooks/node";
import { productionBody } from "../support/event-bodies.js";
import { signedHeaders, wise } from "../support/signed-delivery.js";
import { deliver, listen, serve } from "../support/webhook-loopback.js";

const MIB = 2 ** 20;

function watched(options: Partial<KioskWebhookHandlerOptions> = {}) {
  const onProduction = vi.fn(options.onProduction ?? (() => {}));
  const onError = vi.fn(options.onError ?? (() => {}));
  const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });
  return { listener: nodeListener(webhooks.handler({ ...options, onProduction, onError })), onProduction, onError };
}

/** Watches the warnings of the process until the test ends, instead of printing them. */
function watchWarnings() {
  const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  onTestFinished(() => emitWarning.mockRestore());
  return emitWarning;
}

/** Sends bytes over a socket and returns everything that comes back until the server closes it. */
async function exchange(url: string, ...chunks: readonly (string | Uint8Array)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  let response = "";
  socket.setEncoding("latin1").on("data", (text) => {
    response += text;
  });
  for (const chunk of chunks) socket.write(chunk);
  await once(socket, "close");
  return response;
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let resolvers: Omit<Deferred<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    resolvers = { resolve, reject };
  });
  return { promise, ...(resolvers as Omit<Deferred<T>, "promise">) };
}

const head = (method: string, ...headers: readonly string[]): string =>
  [`${method} / HTTP/1.1`, "Host: bank.example", "Connection: close", ...headers, "", ""].join("\r\n");

const signedHead = (body: string, ...headers: readonly string[]): string =>
  head("POST", ...Object.entries(signedHeaders(body)).map(([name, value]) => `${name}: ${value}`), ...headers);

describe("a request that nodeListener rejects", () => {
  it.each(["GET", "HEAD", "PUT", "OPTIONS", "TRACE", "PROPFIND"])("responds to %s with 405", async (method) => {
    const { listener, onProduction, onError } = watched();
    const response = await exchange(await serve(listener), head(method));
    expect(response).toMatch(/^HTTP\/1.1 405 /);
    expect(response.toLowerCase()).toContain("allow: post\r\n");
    expect(response.split("\r\n\r\n")[1]).toBe(
      method === "HEAD" ? "" : '{"status":"error","message":"only POST is accepted"}',
    );
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledOnce();
  });

  it("rejects a signature header that was sent twice", async () => {
    const { listener, onError } = watched();
    const body = productionBody();
    const { "X-Signature-SHA256": signature } = signedHeaders(body);
    const headers = [`X-Signature-SHA256: ${signature}`, `Content-Length: ${body.length}`];
    expect(await exchange(await serve(listener), signedHead(body, ...headers), body)).toMatch(/^HTTP\/1.1 503 /);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ reason: "malformed" });
  });

  it("rejects an unsigned body, whatever the path", async () => {
    const { listener } = watched();
    const url = await serve(listener);
    for (const path of ["/", "//", "*", "//[", "http://[/", "/%zz?x=é", "//user:pw@h/x", "http://user:pw@h/x"]) {
      const request = head("POST", "Content-Length: 1").replace(" / ", ` ${encodeURI(path)} `);
      expect(await exchange(url, request, "x")).toMatch(/^HTTP\/1.1 503 /);
    }
  });

  it("rejects a handler that is not a function", () => {
    const refusal = (found: string) =>
      expect.objectContaining({
        argument: "handler",
        message: expect.stringMatching(`must be a function.*, not ${found}$`),
      });
    expect(() => nodeListener(undefined as never)).toThrow(refusal("undefined"));
    expect(() => nodeListener({ fetch() {} } as never)).toThrow(refusal("an object"));
  });
});

describe("a request with unusual headers", () => {
  const body = productionBody();
  it.each<[string, object]>([
    ["a value that is not Latin-1, as a proxy may add", { "x-user": "Łukasz 💳" }],
    ["a value with a line break", { "x-user": "a\r\nX-Signature-SHA256: forged" }],
    ["a value with a null character", { "x-user": "\0" }],
    ["an invalid name", { "x user": "a", "": "b", ü: "c", "a:b": "d", ":path": "/" }],
    ["a value that is a number", { "x-number": 5 }],
    ["a value that is an object", { "x-object": { toString: () => expect.unreachable() } }],
    ["values of several types", { "x-list": ["a", 5, null, undefined, ["b"], Symbol("c")] }],
    ["names of the prototype", { constructor: "a", __proto__: { inherited: "b" }, hasOwnProperty: "c" }],
    ["a symbol", { [Symbol("sensitive")]: ["x"] }],
  ])("accepts a delivery with %s among its headers", async (_, more) => {
    const { listener, onProduction, onError } = watched();
    const url = await serve((request, response) => {
      Object.assign(request.headers, more);
      void listener(request, response);
    });
    expect((await deliver(url, body)).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
    expect(onError).not.toHaveBeenCalled();
  });

  it("accepts header bytes that only a lenient parser lets through", async () => {
    const { listener, onProduction } = watched();
    const url = await listen(createServer({ insecureHTTPParser: true }, (...args) => void listener(...args)));
    const response = await exchange(
      url,
      signedHead(body, "X-Odd: a\0b\x01c\x7f", `Content-Length: ${body.length}`),
      body,
    );
    expect(response).toMatch(/^HTTP\/1.1 200 /);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("responds to every byte in a header value, in a name and in a path", { timeout: 60_000 }, async () => {
    const { listener } = watched();
    const url = await listen(createServer({ insecureHTTPParser: true }, (...args) => void listener(...args)));
    const requests = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).flatMap((character) => [
      head("POST", `X-A: a${character}b`, "Content-Length: 0"),
      head("POST", `X${character}A: ab`, "Content-Length: 0"),
      head("POST", "Content-Length: 0").replace(" / ", ` /a${character}b `),
    ]);
    for (const request of requests) {
      expect(await exchange(url, Buffer.from(request, "latin1"))).toMatch(/^HTTP\/1.1 (400|503) /);
    }
  });
});

describe("a request that cannot be read", () => {
  const fault = new Error("hostile");

  it.each<[string, object]>([
    [
      "headers that throw",
      {
        get headers() {
          throw fault;
        },
      },
    ],
    [
      "a header that throws",
      {
        headers: {
          get "x-a"() {
            throw fault;
          },
        },
      },
    ],
    [
      "a method that throws",
      {
        get method() {
          throw fault;
        },
      },
    ],
    [
      "a body that throws",
      {
        get rawBody() {
          throw fault;
        },
      },
    ],
    ["no stream", { on: undefined }],
    [
      "a stream that throws",
      {
        on() {
          throw fault;
        },
      },
    ],
  ])("responds with 500 and calls onError for %s", async (_, properties) => {
    const request = Object.create({ method: "POST", url: "/", headers: {}, on() {}, destroy() {} });
    Object.defineProperties(request, Object.getOwnPropertyDescriptors(properties));
    await expectRefusal(request);
  });

  it("responds with 500 and calls onError for a stream of objects", () =>
    expectRefusal(Object.assign(Readable.from([{}]), { method: "POST", url: "/", headers: {} })));

  it("responds with 500 and calls onError for undefined instead of a request", () => expectRefusal(undefined));

  async function expectRefusal(request: unknown): Promise<void> {
    const { listener, onProduction, onError } = watched();
    const writeHead = vi.fn();
    const end = vi.fn();
    await listener(request as unknown as NodeRequest, { headersSent: false, writeHead, end, destroy() {} });
    expect(writeHead).toHaveBeenCalledExactlyOnceWith(
      500,
      expect.objectContaining({ "content-type": "application/json" }),
    );
    expect(JSON.parse(Buffer.from(end.mock.calls[0]?.[0]).toString())).toMatchObject({ status: "error" });
    expect(onError).toHaveBeenCalledOnce();
    expect(onProduction).not.toHaveBeenCalled();
  }
});

describe("the size limit of nodeListener", () => {
  it.each([MIB + 1, 3 * MIB, 15 * MIB])("responds with 413 to a body of %i bytes", async (size) => {
    const { listener, onError } = watched();
    const url = await serve(listener);
    const response = await fetch(url, { method: "POST", body: new Uint8Array(size) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ status: "error" });
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "request" }),
      expect.anything(),
    );
    expect((await deliver(url)).status).toBe(200);
  });

  it("responds with 413 to a body that never ends, and then closes the connection", { timeout: 30_000 }, async () => {
    const { listener, onError } = watched();
    const url = await serve(listener);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    let response = "";
    socket.setEncoding("latin1").on("data", (text) => {
      response += text;
    });
    socket.write(head("POST", "Transfer-Encoding: chunked").replace("Connection: close\r\n", ""));
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    let sent = 0;
    for (; sent < 4000 && !socket.destroyed; sent += 1) {
      await new Promise<unknown>((resolve) => socket.write(chunk, resolve));
    }
    expect(response).toMatch(/^HTTP\/1.1 413 /);
    expect(sent).toBeLessThan(4000);
    expect(onError).toHaveBeenCalledOnce();
  });

  it.each([
    ["reads 16 MiB of a body above the limit without closing the connection", [16 * MIB], 0],
    ["closes the connection after 16 MiB and one byte of a body above the limit", [16 * MIB, 1], 1],
  ])("%s", async (_, sizes, times) => {
    const { listener } = watched();
    const destroy = vi.fn();
    const request = Object.assign(new EventEmitter(), { method: "POST", url: "/", headers: {}, destroy });
    const writeHead = vi.fn();
    const responded = listener(request as unknown as NodeRequest, {
      headersSent: false,
      writeHead,
      end() {},
      destroy() {},
    });
    for (const size of sizes) request.emit("data", new Uint8Array(size));
    await responded;
    expect(writeHead).toHaveBeenCalledExactlyOnceWith(413, expect.anything());
    expect(destroy).toHaveBeenCalledTimes(times);
  });

  it("accepts exactly 1 MiB, in chunks of any size", async () => {
    const { listener, onProduction } = watched();
    const event = productionBody();
    const body = event + " ".repeat(MIB - event.length);
    expect((await deliver(await serve(listener), body)).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });
});

describe("a sender that disconnects", () => {
  it("calls onError if the sender disconnects in the middle of the body", async () => {
    const { listener, onProduction, onError } = watched();
    const server = createServer(listener);
    const url = await listen(server);
    const body = productionBody();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(signedHead(body, `Content-Length: ${body.length}`) + body.slice(0, -1));
    await once(server, "request");
    socket.destroy();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    expect(String(onError.mock.calls[0]?.[0])).toContain("closed");
    expect(onProduction).not.toHaveBeenCalled();
    expect((await deliver(url)).status).toBe(200);
  });

  it.each([
    ["resets the connection", "resetAndDestroy"],
    ["closes the connection", "destroy"],
  ] as const)("reports the cause to onError if the sender %s in the middle of the body", async (_, leave) => {
    const { listener, onProduction, onError } = watched();
    const server = createServer((...args) => void listener(...args));
    const url = await listen(server);
    const body = productionBody();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(signedHead(body, `Content-Length: ${body.length}`) + body.slice(0, -1));
    await once(server, "request");
    socket[leave]();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(onProduction).not.toHaveBeenCalled();
  });

  it("calls onError if the sender disconnects in the middle of a body over HTTP/2", async () => {
    const { listener, onProduction, onError } = watched();
    const server = createHttp2Server((request, response) => void listener(request, response));
    server.on("sessionError", () => {});
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const client = connectHttp2("http://127.0.0.1", { createConnection: () => socket });
    client.on("error", () => {});
    const stream = client.request({ ":method": "POST", ...signedHeaders(productionBody()) });
    stream.on("error", () => {});
    stream.write("half of it");
    await once(server, "request");
    socket.resetAndDestroy();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    expect(String(onError.mock.calls[0]?.[0])).toContain("closed");
    expect(onProduction).not.toHaveBeenCalled();
  });

  it("calls onError if the sender has aborted a request over HTTP/2 before the listener is called", async () => {
    const { listener, onProduction, onError } = watched();
    const server = createHttp2Server(async (request, response) => {
      await once(request, "close");
      await listener(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => {
      client.close();
      server.close();
    });
    const stream = client.request({ ":method": "POST", ...signedHeaders(productionBody()) });
    stream.write("half of it");
    await once(server, "request");
    stream.close();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    expect(String(onError.mock.calls[0]?.[0])).toContain("closed");
    expect(onProduction).not.toHaveBeenCalled();
  });

  it("handles an event even if the sender disconnects before the response", async () => {
    const callback = deferred<void>();
    const { listener, onProduction, onError } = watched({ onProduction: () => callback.promise });
    const url = await serve(listener);
    const body = productionBody();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(signedHead(body, `Content-Length: ${body.length}`) + body);
    await vi.waitFor(() => expect(onProduction).toHaveBeenCalledOnce());
    socket.destroy();
    await once(socket, "close");
    callback.resolve();
    expect((await deliver(url)).status).toBe(200);
    expect(onError).not.toHaveBeenCalled();
  });

  it("calls onError if the server destroys the request", async () => {
    const { listener, onError } = watched();
    const server = createServer((request, response) => {
      void listener(request, response);
      request.destroy();
    });
    await expect(deliver(await listen(server))).rejects.toThrow();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
  });

  it("calls onError if the request is destroyed before the listener is called", async () => {
    const { listener, onError } = watched();
    const responded = deferred<void>();
    const server = createServer(async (request, response) => {
      request.destroy();
      await once(request, "close").catch(() => {});
      await listener(request, response);
      responded.resolve();
    });
    const url = await listen(server);
    await expect(deliver(url)).rejects.toThrow();
    await responded.promise;
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe("the raw body", () => {
  const body = productionBody();

  it.each<[string, () => express.Express]>([
    ["the request itself", () => express()],
    [
      "req.rawBody that express.json() keeps by its verify option",
      () => express().use(express.json({ verify: keepRawBody })),
    ],
    ["req.body of express.raw()", () => express().use(express.raw({ type: "application/json" }))],
    ["an ArrayBuffer in req.rawBody", () => express().use(express.json({ verify: keepArrayBuffer }))],
    ["an ArrayBuffer in req.body", () => express().use(express.raw({ type: "application/json" }), toArrayBuffer)],
    ["req.body of express.text()", () => express().use(express.text({ type: "application/json" }))],
    ["the request that parsers for other types left unread", () => express().use(express.urlencoded(), express.text())],
    ["the request with an object left in req.body", () => express().use(leaveObject)],
  ])("reads the raw body from %s", async (_, app) => {
    const { listener, onProduction, onError } = watched();
    const response = await deliver(await serve(app().post("/", listener)), body);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(onProduction.mock.calls[0]?.[0]).toMatchObject({ profileId: 123456 });
    expect(onProduction.mock.calls[0]?.[1].headers.get("x-delivery-id")).toBe(signedHeaders(body)["X-Delivery-Id"]);
    expect(onError).not.toHaveBeenCalled();
  });

  it("responds with 500 behind a parser that discarded the raw body, and reports what to change", async () => {
    const { listener, onProduction, onError } = watched();
    const response = await deliver(await serve(express().use(express.json()).post("/", listener)), body);
    expect(response.status).toBe(500);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "rawBody" }),
      expect.anything(),
    );
    expect(String(onError.mock.calls[0]?.[0])).toContain("express.json(), its option");
    expect(onError.mock.calls[0]?.[1].headers.get("x-delivery-id")).not.toBeNull();
  });

  it("reports an empty body behind a body parser as empty, and not as a closed connection", async () => {
    const { listener, onError } = watched();
    const url = await serve(express().use(express.json()).post("/", listener));
    expect((await deliver(url, "", signedHeaders(body))).status).toBe(503);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ reason: "mismatch", message: "The body is empty: it was probably read before" }),
      expect.anything(),
    );
  });

  it("responds with 500 behind a parser that discarded the raw body, also through a custom handler", async () => {
    const onError = vi.fn();
    const handler = new KioskWebhooks({ publicKeys: [wise.publicKey] }).handler({ onProduction() {}, onError });
    const app = express().use(express.json());
    app.post(
      "/",
      nodeListener((request) => handler(request)),
    );
    expect((await deliver(await serve(app), body)).status).toBe(500);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "rawBody" }),
      expect.anything(),
    );
  });

  it("reads the raw body in a Fastify with a JSON parser of its own as onError advises", async () => {
    const { listener, onProduction, onError } = watched();
    const listenRaw: RouteHandlerMethod = (request, reply) => {
      reply.hijack();
      return listener(request.raw, reply.raw);
    };
    const unwrap: RouteHandlerMethod = async ({ body, headers }) =>
      new KioskWebhooks({ publicKeys: [wise.publicKey] }).unwrap(body as WebhookRawBody, headers);
    const deliverTo = async (prepare: (scope: FastifyInstance) => unknown, handler: RouteHandlerMethod) => {
      const app = Fastify();
      app.addContentTypeParser("application/json", { parseAs: "string" }, (_, text, done) =>
        done(null, JSON.parse(String(text))),
      );
      app.register((scope, _options, done) => {
        prepare(scope);
        scope.post("/", handler);
        done();
      });
      onTestFinished(() => app.close());
      return (await deliver(await app.listen({ port: 0, host: "127.0.0.1" }), body)).status;
    };
    expect(await deliverTo(() => {}, listenRaw)).toBe(500);
    const advised = /Fastify: in a scope, (.*) and request\.body; for nodeListener, without (.*)\n/;
    const [, steps = "", except = ""] = advised.exec(String(onError.mock.calls[0]?.[0])) ?? [];
    expect(steps).toContain(`${except}, `);
    const follow = (advice: string) => runInThisContext(`(scope) => { ${advice}; }`);
    expect(await deliverTo(follow(steps), unwrap)).toBe(200);
    expect(await deliverTo(follow(steps.replace(`${except}, `, "")), listenRaw)).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("reads the body of a request that an earlier middleware has paused", async () => {
    const { listener, onProduction } = watched();
    const pause: express.RequestHandler = (request, _response, next) => {
      request.pause();
      setImmediate(next);
    };
    const response = await deliver(await serve(express().use(pause).post("/", listener)), body);
    expect(response.status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("prefers rawBody to body, and ignores both if they are neither bytes nor text", async () => {
    const { listener } = watched();
    const pretend = (more: object) =>
      serve((request, response) => void listener(Object.assign(request, more) as NodeRequest, response));
    expect((await deliver(await pretend({ rawBody: body, body: "forged" }), body)).status).toBe(200);
    expect((await deliver(await pretend({ rawBody: { a: 1 }, body: [1] }), body)).status).toBe(200);
    expect((await deliver(await pretend({ rawBody: "", body }), body)).status).toBe(503);
  });
});

type KeepRawBody = NonNullable<NonNullable<Parameters<typeof express.json>[0]>["verify"]>;

const keepRawBody: KeepRawBody = (request, _response, rawBody) => {
  Object.assign(request, { rawBody });
};

const asArrayBuffer = (bytes: Uint8Array) => new Uint8Array(bytes).buffer;

const keepArrayBuffer: KeepRawBody = (request, _response, rawBody) => {
  Object.assign(request, { rawBody: asArrayBuffer(rawBody) });
};

const toArrayBuffer: express.RequestHandler = (request, _response, next) => {
  request.body = asArrayBuffer(request.body);
  next();
};

const leaveObject: express.RequestHandler = (request, _response, next) => {
  request.body = {};
  next();
};

describe("nodeListener", () => {
  it("passes method, path and headers to the handler", async () => {
    const requests: Request[] = [];
    const url = await serve(
      nodeListener(async (request) => {
        requests.push(request);
        return new Response(await request.text(), { status: 202, headers: { "X-Answer": "yes" } });
      }),
    );
    const response = await fetch(`${url}hook/7?a=b`, {
      method: "POST",
      body: "käse",
      headers: { "X-Question": "well" },
    });
    expect([response.status, await response.text(), response.headers.get("x-answer")]).toEqual([202, "käse", "yes"]);
    const { pathname, search } = new URL(requests[0]?.url ?? "");
    expect([requests[0]?.method, pathname, search]).toEqual(["POST", "/hook/7", "?a=b"]);
    expect(requests[0]?.headers.get("x-question")).toBe("well");
  });

  it.each<[string, () => unknown, string]>([
    ["rejects", () => Promise.reject(new Error("mine")), "Error: mine\n    at"],
    [
      "throws",
      () => {
        throw new TypeError("mine");
      },
      "TypeError: mine\n    at",
    ],
    ["rejects with text", () => Promise.reject("mine"), "'mine'"],
    ["rejects with nothing", () => Promise.reject(), "undefined"],
    ["returns nothing", async () => undefined, "handler must return a Response"],
    ["returns an object", async () => ({ ok: true }), "handler must return a Response"],
    [
      "returns a response with a body that fails",
      async () => new Response(new ReadableStream({ pull: (c) => c.error(1) })),
      "1",
    ],
  ])("responds with 500 and warns if a custom handler %s, and continues to serve", async (_, handler, detail) => {
    const emitWarning = watchWarnings();
    const handlers = [handler, async () => new Response("fine")];
    const url = await serve(nodeListener(() => handlers.shift()?.() as Promise<Response>));
    const refused = await deliver(url);
    expect([refused.status, await refused.json()]).toEqual([500, { status: "error", message: expect.any(String) }]);
    expect(await (await deliver(url)).text()).toBe("fine");
    expect(emitWarning).toHaveBeenCalledExactlyOnceWith("A webhook request could not be handled", {
      type: "KioskWebhookWarning",
      detail: expect.stringContaining(detail),
    });
  });

  it.each([
    ["an error", Object.assign(new Error("mine"), { token: "s3cret" })],
    ["an object that is not an error", { config: { token: "s3cret" } }],
    ["a list", ["s3cret"]],
  ])("leaves the properties of %s out of its warning, because they may hold secrets", async (_what, thrown) => {
    const emitWarning = watchWarnings();
    const url = await serve(nodeListener(() => Promise.reject(thrown)));
    expect((await deliver(url)).status).toBe(500);
    expect(emitWarning).toHaveBeenCalledOnce();
    expect(JSON.stringify(emitWarning.mock.calls)).not.toContain("s3cret");
  });

  it("responds with 500 to an error that cannot be read", async () => {
    const hostile = new Proxy(new Error("mine"), { get: () => expect.unreachable("hostile") });
    const url = await serve(nodeListener(() => Promise.reject(hostile)));
    expect((await deliver(url)).status).toBe(500);
  });

  it("warns, and does not break the response, if something else has begun to respond", async () => {
    const emitWarning = watchWarnings();
    const { listener, onProduction } = watched();
    const url = await serve((request, response) => {
      response.write("ear");
      listener(request, response).then(
        () => response.end("ly"),
        () => response.end("rejected"),
      );
    });
    expect(await (await deliver(url)).text()).toBe("early");
    expect(onProduction).toHaveBeenCalledOnce();
    expect(emitWarning).toHaveBeenCalledExactlyOnceWith("A webhook request could not be handled", {
      type: "KioskWebhookWarning",
      detail: expect.stringContaining("after they are sent"),
    });
  });

  it("closes the connection and warns if a custom handler returns a response that Node.js cannot send", async () => {
    const emitWarning = watchWarnings();
    const listener = nodeListener(async () => Response.error());
    const closed = deferred<boolean>();
    const url = await serve(async (request, response) => {
      await listener(request, response);
      closed.resolve(response.destroyed);
      response.end();
    });
    await deliver(url).catch(() => {});
    expect(await closed.promise).toBe(true);
    expect(emitWarning).toHaveBeenCalledOnce();
  });

  it("serves HTTP/2, including its pseudo-headers", async () => {
    const { listener, onProduction } = watched();
    const server = createHttp2Server((request, response) => void listener(request, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    onTestFinished(() => {
      client.close();
      server.close();
    });
    const body = productionBody();
    const stream = client.request({ ":method": "POST", ...signedHeaders(body) });
    stream.end(body);
    const [headers] = await once(stream, "response");
    expect(headers[":status"]).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("responds to further deliveries over the same connection", async () => {
    const { listener } = watched();
    const url = await serve(listener);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (const size of [10, MIB + 1, 10]) {
      const request = httpRequest(url, { method: "POST", agent });
      request.end(Buffer.alloc(size));
      const [response]: IncomingMessage[] = await once(request, "response");
      response?.resume();
      expect(response?.statusCode).toBe(size > MIB ? 413 : 503);
      await once(response as IncomingMessage, "end");
    }
  });
});
