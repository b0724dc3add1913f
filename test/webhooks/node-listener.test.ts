import { once } from "node:events";
import { Agent, createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, connect } from "node:net";
import express from "express";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type KioskWebhookHandlerOptions, KioskWebhooks } from "wise-card-kiosk/webhooks";
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

/** Sends bytes over a socket and gives everything that comes back until the server closes it. */
async function exchange(url: string, ...chunks: readonly (string | Uint8Array)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  for (const chunk of chunks) socket.write(chunk);
  await once(socket, "close");
  return answer;
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...(settle as Omit<Deferred<T>, "promise">) };
}

const head = (method: string, ...headers: readonly string[]): string =>
  [`${method} / HTTP/1.1`, "Host: bank.example", "Connection: close", ...headers, "", ""].join("\r\n");

const signedHead = (body: string, ...headers: readonly string[]): string =>
  head("POST", ...Object.entries(signedHeaders(body)).map(([name, value]) => `${name}: ${value}`), ...headers);

describe("nodeListener refuses", () => {
  it.each(["GET", "HEAD", "PUT", "OPTIONS", "TRACE", "PROPFIND"])("%s with 405", async (method) => {
    const { listener, onProduction, onError } = watched();
    const answer = await exchange(await serve(listener), head(method));
    expect(answer).toMatch(/^HTTP\/1.1 405 /);
    expect(answer.toLowerCase()).toContain("allow: post\r\n");
    expect(answer.split("\r\n\r\n")[1]).toBe(
      method === "HEAD" ? "" : '{"status":"error","message":"only POST is accepted"}',
    );
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledOnce();
  });

  it("a header that was sent twice", async () => {
    const { listener, onError } = watched();
    const body = productionBody();
    const { "X-Signature-SHA256": signature } = signedHeaders(body);
    const headers = [`X-Signature-SHA256: ${signature}`, `Content-Length: ${body.length}`];
    expect(await exchange(await serve(listener), signedHead(body, ...headers), body)).toMatch(/^HTTP\/1.1 503 /);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ reason: "malformed" });
  });

  it("an unsigned body, whatever its path looks like", async () => {
    const { listener } = watched();
    const url = await serve(listener);
    for (const path of ["/", "//", "*", "//[", "http://[/", "/%zz?x=é", "//user:pw@h/x", "http://user:pw@h/x"]) {
      const request = head("POST", "Content-Length: 1").replace(" / ", ` ${encodeURI(path)} `);
      expect(await exchange(url, request, "x")).toMatch(/^HTTP\/1.1 503 /);
    }
  });

  it("a handler that is none", () => {
    expect(() => nodeListener(undefined as never)).toThrow(expect.objectContaining({ argument: "handler" }));
    expect(() => nodeListener({ fetch() {} } as never)).toThrow(expect.objectContaining({ argument: "handler" }));
  });
});

describe("a request with odd headers reaches the verification", () => {
  const body = productionBody();
  it.each<[string, object]>([
    ["a value that a proxy put there in other characters than Latin-1", { "x-user": "Łukasz 💳" }],
    ["a value with a line break", { "x-user": "a\r\nX-Signature-SHA256: forged" }],
    ["a value with a zero", { "x-user": "\0" }],
    ["a name that is none", { "x user": "a", "": "b", ü: "c", "a:b": "d", ":path": "/" }],
    ["a value that is a number", { "x-number": 5 }],
    ["a value that is an object", { "x-object": { toString: () => expect.unreachable() } }],
    ["values of several kinds", { "x-list": ["a", 5, null, undefined, ["b"], Symbol("c")] }],
    ["names of the prototype", { constructor: "a", __proto__: { inherited: "b" }, hasOwnProperty: "c" }],
    ["a symbol", { [Symbol("sensitive")]: ["x"] }],
  ])("%s", async (_, more) => {
    const { listener, onProduction, onError } = watched();
    const url = await serve((request, response) => {
      Object.assign(request.headers, more);
      void listener(request, response);
    });
    expect((await deliver(url, body)).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
    expect(onError).not.toHaveBeenCalled();
  });

  it("bytes that only a lenient parser lets through", async () => {
    const { listener, onProduction } = watched();
    const url = await listen(createServer({ insecureHTTPParser: true }, (...args) => void listener(...args)));
    const answer = await exchange(
      url,
      signedHead(body, "X-Odd: a\0b\x01c\x7f", `Content-Length: ${body.length}`),
      body,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("every byte in a header, in a name and in a path: each request gets a response", { timeout: 60_000 }, async () => {
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

describe("a request that cannot be read gets a 500, and onError is told", () => {
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
  ])("%s", async (_, properties) => {
    const request = Object.create({ method: "POST", url: "/", headers: {}, on() {}, destroy() {} });
    Object.defineProperties(request, Object.getOwnPropertyDescriptors(properties));
    await expectRefusal(request);
  });

  it("not a request at all", () => expectRefusal(undefined));

  async function expectRefusal(request: unknown): Promise<void> {
    const { listener, onProduction, onError } = watched();
    const writeHead = vi.fn();
    const end = vi.fn();
    await listener(request as NodeRequest, { headersSent: false, writeHead, end, destroy() {} });
    expect(writeHead).toHaveBeenCalledExactlyOnceWith(
      500,
      expect.objectContaining({ "content-type": "application/json" }),
    );
    expect(JSON.parse(Buffer.from(end.mock.calls[0]?.[0]).toString())).toMatchObject({ status: "error" });
    expect(onError).toHaveBeenCalledOnce();
    expect(onProduction).not.toHaveBeenCalled();
  }
});

describe("nodeListener keeps at most 1 MiB", () => {
  it.each([MIB + 1, 3 * MIB, 15 * MIB])("of a body of %i bytes, and the sender gets its 413", async (size) => {
    const { listener, onError } = watched();
    const url = await serve(listener);
    const answer = await fetch(url, { method: "POST", body: new Uint8Array(size) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ status: "error" });
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "request" }),
      expect.anything(),
    );
    expect((await deliver(url)).status).toBe(200);
  });

  it("of a body that never ends, and then hangs up", { timeout: 30_000 }, async () => {
    const { listener, onError } = watched();
    const url = await serve(listener);
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    let answer = "";
    socket.setEncoding("latin1").on("data", (text) => {
      answer += text;
    });
    socket.write(head("POST", "Transfer-Encoding: chunked").replace("Connection: close\r\n", ""));
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    let sent = 0;
    for (; sent < 4000 && !socket.destroyed; sent += 1) {
      await new Promise<unknown>((resolve) => socket.write(chunk, resolve));
    }
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(sent).toBeLessThan(4000);
    expect(onError).toHaveBeenCalledOnce();
  });

  it("and takes exactly 1 MiB, in chunks of any size", async () => {
    const { listener, onProduction } = watched();
    const event = productionBody();
    const body = event + " ".repeat(MIB - event.length);
    expect((await deliver(await serve(listener), body)).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
  });
});

describe("a sender that goes away", () => {
  it("in the middle of the body is no event, and onError hears", async () => {
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
  ] as const)("and %s in the middle of the body is told to onError with the cause", async (_, leave) => {
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

  it("in the middle of a body over HTTP/2 is no event either", async () => {
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

  it("before the answer changes nothing: the event was there", async () => {
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

  it("because something here hung up on it is no event either", async () => {
    const { listener, onError } = watched();
    const server = createServer((request, response) => {
      void listener(request, response);
      request.destroy();
    });
    await expect(deliver(await listen(server))).rejects.toThrow();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
  });

  it("before the listener got to see it is no event", async () => {
    const { listener, onError } = watched();
    const answered = deferred<void>();
    const server = createServer(async (request, response) => {
      request.destroy();
      await once(request, "close").catch(() => {});
      await listener(request, response);
      answered.resolve();
    });
    const url = await listen(server);
    await expect(deliver(url)).rejects.toThrow();
    await answered.promise;
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe("nodeListener takes the raw body from", () => {
  const body = productionBody();

  it.each<[string, () => express.Express]>([
    ["the request itself", () => express()],
    ["req.rawBody that express.json() was told to keep", () => express().use(express.json({ verify: keepRawBody }))],
    ["req.body of express.raw()", () => express().use(express.raw({ type: "application/json" }))],
    ["req.body of express.text()", () => express().use(express.text({ type: "application/json" }))],
    ["the request, where a parser did not care for it", () => express().use(express.urlencoded(), express.text())],
    ["the request, where a parser left an object behind", () => express().use(leaveObject)],
  ])("%s", async (_, app) => {
    const { listener, onProduction, onError } = watched();
    const answer = await deliver(await serve(app().post("/", listener)), body);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(onProduction.mock.calls[0]?.[0]).toMatchObject({ profileId: 123456 });
    expect(onProduction.mock.calls[0]?.[1].headers.get("x-delivery-id")).toBe(signedHeaders(body)["X-Delivery-Id"]);
    expect(onError).not.toHaveBeenCalled();
  });

  it("nowhere behind a parser that kept it not: 500, and onError hears what to change", async () => {
    const { listener, onProduction, onError } = watched();
    const answer = await deliver(await serve(express().use(express.json()).post("/", listener)), body);
    expect(answer.status).toBe(500);
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: "rawBody" }),
      expect.anything(),
    );
    expect(String(onError.mock.calls[0]?.[0])).toContain("express.json(), its option");
    expect(onError.mock.calls[0]?.[1].headers.get("x-delivery-id")).not.toBeNull();
  });

  it("nowhere behind such a parser, also where a handler of one's own is in between", async () => {
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

  it("rawBody before body, and from nothing that is neither bytes nor text", async () => {
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

const leaveObject: express.RequestHandler = (request, _response, next) => {
  request.body = {};
  next();
};

describe("nodeListener", () => {
  it("gives the handler method, path and headers", async () => {
    const requests: Request[] = [];
    const url = await serve(
      nodeListener(async (request) => {
        requests.push(request);
        return new Response(await request.text(), { status: 202, headers: { "X-Answer": "yes" } });
      }),
    );
    const answer = await fetch(`${url}hook/7?a=b`, { method: "POST", body: "käse", headers: { "X-Question": "well" } });
    expect([answer.status, await answer.text(), answer.headers.get("x-answer")]).toEqual([202, "käse", "yes"]);
    const { pathname, search } = new URL(requests[0]?.url ?? "");
    expect([requests[0]?.method, pathname, search]).toEqual(["POST", "/hook/7", "?a=b"]);
    expect(requests[0]?.headers.get("x-question")).toBe("well");
  });

  it.each<[string, () => Promise<unknown>]>([
    ["rejects", () => Promise.reject(new Error("mine"))],
    ["returns nothing", async () => undefined],
    ["returns a response whose body fails", async () => new Response(new ReadableStream({ pull: (c) => c.error(1) }))],
  ])("responds with 500 if a handler of one's own %s, and goes on", async (_, handler) => {
    const answers = [handler, async () => new Response("fine")];
    const url = await serve(nodeListener(() => answers.shift()?.() as Promise<Response>));
    const refused = await deliver(url);
    expect([refused.status, await refused.json()]).toEqual([500, { status: "error", message: expect.any(String) }]);
    expect(await (await deliver(url)).text()).toBe("fine");
  });

  it("does not reject if somebody has answered before", async () => {
    const { listener, onProduction } = watched();
    const settled = deferred<unknown>();
    const url = await serve((request, response) => {
      response.end("early");
      listener(request, response).then(settled.resolve, settled.reject);
    });
    expect(await (await deliver(url)).text()).toBe("early");
    await expect(settled.promise).resolves.toBeUndefined();
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("serves HTTP/2, whose headers hold more than headers", async () => {
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

  it("answers a second delivery over the same connection", async () => {
    const { listener } = watched();
    const url = await serve(listener);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (const size of [10, MIB + 1, 10]) {
      const request = httpRequest(url, { method: "POST", agent });
      request.end(Buffer.alloc(size));
      const [answer]: IncomingMessage[] = await once(request, "response");
      answer?.resume();
      expect(answer?.statusCode).toBe(size > MIB ? 413 : 503);
      await once(answer as IncomingMessage, "end");
    }
  });
});
