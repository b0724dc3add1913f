// Sends through every kind of dispatcher in a version of undici, and prints the outcomes as JSON.
// Argument: the name under which that version is installed.
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect, createServer as createNetServer } from "node:net";
import { WiseKioskClient } from "wise-card-kiosk";

const { default: undici } = await import(process.argv[2]);
const { Agent, MockAgent, Pool, ProxyAgent, RetryAgent, interceptors, setGlobalDispatcher } = undici;

const TOKEN = "a-token-of-visible-ascii-0123456789";
const PRODUCE = { profileId: 123456, cardToken: "ca0c", kioskId: "WIS00001" };
const PATH = "/v3/spend/profiles/123456/cards/ca0c/production";
const BODY = JSON.stringify({ status: "IN_PROGRESS", kioskId: "WIS00001" });

const json = { "content-type": "application/json" };
const responders = {
  ok: (response) => response.writeHead(200, json).end(BODY),
  unavailable: (response) => response.writeHead(503, json).end(),
  refuse: (response) =>
    response.writeHead(422, json).end('{"status":"REQUEST_ERROR","errorCode":"KIOSK_ID_NOT_FOUND"}'),
  reset: (response) => response.socket.resetAndDestroy(),
  truncate: (response) => {
    response.writeHead(200, { ...json, "content-length": BODY.length });
    response.write(BODY.slice(0, 10), () => response.socket.resetAndDestroy());
  },
  redirect: (response) => response.writeHead(307, { location: "/elsewhere" }).end(),
  misdirect: (response) => response.writeHead(421, json).end("{}"),
  early: (response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    responders.ok(response);
  },
};

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

let respond = responders.ok;
let received = [];
const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    received.push({ request: `${request.method} ${request.url}`, token: request.headers.authorization, body });
    respond(response);
  });
});
const url = await listen(server);

let proxied = 0;
const proxy = createServer((request, response) => {
  proxied += 1;
  const onward = httpRequest(request.url, { method: request.method, headers: request.headers }, (incoming) => {
    response.writeHead(incoming.statusCode, incoming.headers);
    incoming.pipe(response);
  });
  request.pipe(onward);
});
proxy.on("connect", (request, socket) => {
  proxied += 1;
  const [host, port] = request.url.split(":");
  const onward = connect(Number(port), host, () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.pipe(onward).pipe(socket);
  });
  onward.on("error", () => socket.destroy());
  socket.on("error", () => onward.destroy());
});
const proxyUrl = await listen(proxy);

/** Produces a card through a proxy that opens no tunnel. */
async function throughRefusal(refuse, options = {}, optionsOf = (dispatcher) => ({ dispatcher })) {
  const refusing = createServer().on("connect", (_request, socket) => refuse(socket.on("error", () => {})));
  const dispatcher = new ProxyAgent({ uri: await listen(refusing), proxyTunnel: true });
  const result = await produce({ ...optionsOf(dispatcher), ...options });
  // undici 6 and 7 keep dialling a proxy that hangs up.
  await dispatcher.destroy();
  return result;
}
const refuseWith = (status) => (socket) => socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 2\r\n\r\nno`);

/** Produces a card at a server that speaks no TLS. */
async function withoutTls(meet, options = { dispatcher: new Agent() }) {
  const peer = createNetServer((socket) => meet(socket.on("error", () => {})));
  return produce({ ...options, baseUrl: (await listen(peer)).replace("http", "https") });
}
const hangUp = (socket) => socket.once("data", () => socket.end());
const reset = (socket) => socket.once("data", () => socket.resetAndDestroy());
const respondInPlain = (socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));

/** Produces a card at a server that receives one request, resets its connection, and is gone. */
async function atVanishingServer(dispatcher) {
  const vanishing = createServer((request, response) => {
    vanishing.close();
    request.resume().on("end", () => response.socket.resetAndDestroy());
  });
  return produce({ dispatcher, baseUrl: await listen(vanishing) });
}

/** Produces a card, and returns the outcome and the requests that the server received. */
async function produce(options, serverResponder = responders.ok) {
  respond = serverResponder;
  received = [];
  let outcome;
  try {
    const kiosk = new WiseKioskClient({ baseUrl: url, token: TOKEN, maxRetries: 0, timeoutMs: 10_000, ...options });
    outcome = (await kiosk.produceCard(PRODUCE)).status;
  } catch (error) {
    const { name, argument, httpStatus, requestSent, mayHaveTakenEffect, message } = error;
    outcome = { name, argument, httpStatus, requestSent, mayHaveTakenEffect, message };
  }
  return { outcome, received };
}

function mockAgent({ reply = BODY, persist = false } = {}) {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const scope = agent.get(url).intercept({
    path: PATH,
    method: "PUT",
    body: '{"kioskId":"WIS00001"}',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const interceptor = scope.reply(200, reply, { headers: json });
  if (persist) interceptor.persist();
  return agent;
}

async function globally(dispatcher, serverResponder) {
  setGlobalDispatcher(dispatcher);
  return produce({}, serverResponder);
}

const quickly = { minTimeout: 1, maxTimeout: 1 };
/** Creates an agent with a composed interceptor, if this version of undici has it. */
const composed = (name) => new Agent().compose(interceptors[name]?.() ?? ((dispatch) => dispatch));
const withRetries = () => new Agent().compose(interceptors.retry(quickly));
const withRedirects = () => new Agent().compose(interceptors.redirect({ maxRedirections: 3 }));
const hidden = (dispatcher) => ({ dispatch: (options, handler) => dispatcher.dispatch(options, handler) });
class OwnRetryAgent extends RetryAgent {}

const CASES = {
  agent: () => produce({ dispatcher: new Agent() }),
  "agent, 422": () => produce({ dispatcher: new Agent() }, responders.refuse),
  "agent, 503": () => produce({ dispatcher: new Agent() }, responders.unavailable),
  "agent, reset": () => produce({ dispatcher: new Agent() }, responders.reset),
  "agent, truncated": () => produce({ dispatcher: new Agent() }, responders.truncate),
  "agent, 1xx": () => produce({ dispatcher: new Agent() }, responders.early),
  pool: () => produce({ dispatcher: new Pool(url, { connections: 1 }) }),
  "pool of another origin": () => produce({ dispatcher: new Pool("http://127.0.0.1:1") }),
  "closed agent": async () => {
    const dispatcher = new Agent();
    await dispatcher.close();
    return produce({ dispatcher });
  },
  "refused tunnel, 407": () => throughRefusal(refuseWith(407)),
  "refused tunnel, 403": () => throughRefusal(refuseWith(403)),
  "refused tunnel, 502": () => throughRefusal(refuseWith(502)),
  "tunnel that hangs up": () => throughRefusal((socket) => socket.destroy(), { timeoutMs: 300 }),
  "tunnel that never opens": () => throughRefusal(() => {}, { timeoutMs: 300 }),
  "refused tunnel, responseError composed": () =>
    throughRefusal(refuseWith(407), {}, (agent) => ({
      dispatcher: agent.compose(interceptors.responseError?.() ?? ((dispatch) => dispatch)),
    })),
  "refused tunnel, fetch": () =>
    throughRefusal(refuseWith(407), {}, (dispatcher) => ({
      fetch: (url, init) => undici.fetch(url, { ...init, dispatcher }),
    })),
  "TLS peer that hangs up": () => withoutTls(hangUp),
  "TLS peer that resets": () => withoutTls(reset),
  "TLS peer that responds in plain HTTP": () => withoutTls(respondInPlain),
  "TLS peer that is silent": () => withoutTls(() => {}, { dispatcher: new Agent(), timeoutMs: 300 }),
  "TLS peer that hangs up, fetch": () => withoutTls(hangUp, { fetch: undici.fetch }),
  "TLS peer that hangs up, retries composed": () => withoutTls(hangUp, { dispatcher: withRetries() }),
  "fetch, 421": () => produce({ fetch: undici.fetch }, responders.misdirect),
  "wrapped fetch, 421": () => produce({ fetch: (url, init) => undici.fetch(url, init) }, responders.misdirect),
  "global fetch, 421": () => produce({ fetch }, responders.misdirect),
  "agent, 421": () => produce({ dispatcher: new Agent() }, responders.misdirect),
  "refused connection, retries composed": () => produce({ dispatcher: withRetries(), baseUrl: "http://127.0.0.1:1" }),
  "refused connection, dns composed": async () => {
    const dispatcher = composed("dns");
    const result = await produce({ dispatcher, baseUrl: "http://localhost:1", timeoutMs: 500 });
    // The interceptor of undici 6 keeps dialling.
    await dispatcher.destroy();
    return result;
  },
  "hidden RetryAgent, reset and then refused": () => atVanishingServer(hidden(new RetryAgent(new Agent(), quickly))),
  "refused connection": () => produce({ dispatcher: new Agent(), baseUrl: "http://127.0.0.1:1" }),
  mock: () => produce({ dispatcher: mockAgent() }),
  "mock without a match": () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    return produce({ dispatcher });
  },
  "mock that fails": () => {
    const dispatcher = new MockAgent();
    dispatcher.get(url).intercept({ path: PATH, method: "PUT" }).replyWithError(new Error("mocked"));
    return produce({ dispatcher });
  },
  proxy: async () => {
    proxied = 0;
    return { ...(await produce({ dispatcher: new ProxyAgent(proxyUrl) })), proxied };
  },
  "RetryAgent refused": () => produce({ dispatcher: new RetryAgent(new Agent(), quickly) }),
  "own RetryAgent refused": () => produce({ dispatcher: new OwnRetryAgent(new Agent(), quickly) }),
  "hidden RetryAgent, 503": () =>
    produce({ dispatcher: hidden(new RetryAgent(new Agent(), quickly)) }, responders.unavailable),
  "hidden RetryAgent, reset": () =>
    produce({ dispatcher: hidden(new RetryAgent(new Agent(), quickly)) }, responders.reset),
  "retries composed, 503": () => produce({ dispatcher: withRetries() }, responders.unavailable),
  "retries composed, reset": () => produce({ dispatcher: withRetries() }, responders.reset),
  "retries composed, truncated": () => produce({ dispatcher: withRetries() }, responders.truncate),
  "redirects composed": () => produce({ dispatcher: withRedirects() }, responders.redirect),
  "dns composed": () => produce({ dispatcher: composed("dns") }),
  "cache composed": () => produce({ dispatcher: composed("cache") }),
  "decompress composed": () => produce({ dispatcher: composed("decompress") }),
  "deduplicate composed": () => produce({ dispatcher: composed("deduplicate") }),
  "responseError composed, 422": () => produce({ dispatcher: composed("responseError") }, responders.refuse),
  "responseError composed, 503": () => produce({ dispatcher: composed("responseError") }, responders.unavailable),
  "global agent": () => globally(new Agent()),
  "global mock": () => globally(mockAgent()),
  "global proxy": async () => {
    proxied = 0;
    return { ...(await globally(new ProxyAgent(proxyUrl))), proxied };
  },
  "global RetryAgent refused": () => globally(new RetryAgent(new Agent(), quickly)),
  "global retries composed, 503": () => globally(withRetries(), responders.unavailable),
  "global retries composed, reset": () => globally(withRetries(), responders.reset),
  "global redirects composed": () => globally(withRedirects(), responders.redirect),
};

const results = {};
for (const [name, run] of Object.entries(CASES)) results[name] = await run();
console.log(JSON.stringify(results));
process.exit();
