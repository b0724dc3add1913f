// Sends through dispatchers of every kind that a version of undici makes, and prints what came of it.
// Argument: the name under which that version is installed.
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { WiseKioskClient } from "wise-card-kiosk";

const { default: undici } = await import(process.argv[2]);
const { Agent, MockAgent, Pool, ProxyAgent, RetryAgent, interceptors, setGlobalDispatcher } = undici;

const TOKEN = "a-token-of-visible-ascii-0123456789";
const PRODUCE = { profileId: 123456, cardToken: "ca0c", kioskId: "WIS00001" };
const PATH = "/v3/spend/profiles/123456/cards/ca0c/production";
const BODY = JSON.stringify({ status: "IN_PROGRESS", kioskId: "WIS00001" });

const json = { "content-type": "application/json" };
const answers = {
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
  early: (response) => {
    response.writeProcessing();
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    answers.ok(response);
  },
};

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

let answer = answers.ok;
let received = [];
const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    received.push({ request: `${request.method} ${request.url}`, token: request.headers.authorization, body });
    answer(response);
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

/** Produces a card, and tells what came of it and what the server saw. */
async function produce(options, serverAnswer = answers.ok) {
  answer = serverAnswer;
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

async function globally(dispatcher, serverAnswer) {
  setGlobalDispatcher(dispatcher);
  return produce({}, serverAnswer);
}

const quickly = { minTimeout: 1, maxTimeout: 1 };
/** An agent with an interceptor composed into it, where this version of undici has that. */
const composed = (name) => new Agent().compose(interceptors[name]?.() ?? ((dispatch) => dispatch));
const withRetries = () => new Agent().compose(interceptors.retry(quickly));
const withRedirects = () => new Agent().compose(interceptors.redirect({ maxRedirections: 3 }));
const hidden = (dispatcher) => ({ dispatch: (options, handler) => dispatcher.dispatch(options, handler) });
class OwnRetryAgent extends RetryAgent {}

const CASES = {
  agent: () => produce({ dispatcher: new Agent() }),
  "agent, 422": () => produce({ dispatcher: new Agent() }, answers.refuse),
  "agent, 503": () => produce({ dispatcher: new Agent() }, answers.unavailable),
  "agent, reset": () => produce({ dispatcher: new Agent() }, answers.reset),
  "agent, truncated": () => produce({ dispatcher: new Agent() }, answers.truncate),
  "agent, 1xx": () => produce({ dispatcher: new Agent() }, answers.early),
  pool: () => produce({ dispatcher: new Pool(url, { connections: 1 }) }),
  "pool of another origin": () => produce({ dispatcher: new Pool("http://127.0.0.1:1") }),
  "closed agent": async () => {
    const dispatcher = new Agent();
    await dispatcher.close();
    return produce({ dispatcher });
  },
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
    produce({ dispatcher: hidden(new RetryAgent(new Agent(), quickly)) }, answers.unavailable),
  "hidden RetryAgent, reset": () =>
    produce({ dispatcher: hidden(new RetryAgent(new Agent(), quickly)) }, answers.reset),
  "retries composed, 503": () => produce({ dispatcher: withRetries() }, answers.unavailable),
  "retries composed, reset": () => produce({ dispatcher: withRetries() }, answers.reset),
  "retries composed, truncated": () => produce({ dispatcher: withRetries() }, answers.truncate),
  "redirects composed": () => produce({ dispatcher: withRedirects() }, answers.redirect),
  "dns composed": () => produce({ dispatcher: composed("dns") }),
  "cache composed": () => produce({ dispatcher: composed("cache") }),
  "decompress composed": () => produce({ dispatcher: composed("decompress") }),
  "deduplicate composed": () => produce({ dispatcher: composed("deduplicate") }),
  "responseError composed, 422": () => produce({ dispatcher: composed("responseError") }, answers.refuse),
  "responseError composed, 503": () => produce({ dispatcher: composed("responseError") }, answers.unavailable),
  "global agent": () => globally(new Agent()),
  "global mock": () => globally(mockAgent()),
  "global proxy": async () => {
    proxied = 0;
    return { ...(await globally(new ProxyAgent(proxyUrl))), proxied };
  },
  "global RetryAgent refused": () => globally(new RetryAgent(new Agent(), quickly)),
  "global retries composed, 503": () => globally(withRetries(), answers.unavailable),
  "global retries composed, reset": () => globally(withRetries(), answers.reset),
  "global redirects composed": () => globally(withRedirects(), answers.redirect),
};

const results = {};
for (const [name, run] of Object.entries(CASES)) results[name] = await run();
console.log(JSON.stringify(results));
process.exit();
