import { once } from "node:events";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { WiseKioskClient } from "../../src/index.js";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { runSandbox } from "../../src/sandbox/run-sandbox.js";
import { KioskWebhooks } from "../../src/webhooks/index.js";
import { CLOSED_URL } from "../support/closed-ports.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startSandbox } from "../support/running-sandbox.js";

const [firstCard, secondCard] = DEFAULT_CARDS;

const toSeed = (content: unknown) => (typeof content === "string" ? content : JSON.stringify(content));

const records = (output: readonly string[]) => output.slice(1).map((line) => JSON.parse(line));

it.each(["0.0.0.0", "::", "192.0.2.1", "bank.example"])(
  "the sandbox refuses to listen on %s without a token of the user's own",
  async (host) => {
    await expect(startSandbox({ host })).rejects.toMatchObject({
      code: "ERR_ARGUMENT",
      argument: "token",
      message: expect.stringContaining("set WISE_SANDBOX_TOKEN or --token-file"),
    });
  },
);

it("the sandbox names the port that another program uses", async () => {
  await using other = await startHttpServer(reply(200));
  await expect(startSandbox({ port: other.port })).rejects.toMatchObject({
    argument: "port",
    message: expect.stringContaining(String(other.port)),
  });
});

it.each([
  ["a port that does not exist", { port: 70_000 }, "port"],
  ["a kiosk without a name", { kiosks: [" "] }, "kiosks.0"],
  ["a profile that is not a number", { cards: [{ profileId: "x", cardToken: "card" }] }, "profileId"],
  ["two cards with the same token", { cards: [firstCard, firstCard] }, "cardToken"],
  ["a token with a line break", { token: "own\n" }, "token"],
  ["a webhook URL of another protocol", { webhookUrl: "ftp://127.0.0.1" }, "webhookUrl"],
  ["a webhook URL with a user name", { webhookUrl: "http://user@127.0.0.1" }, "webhookUrl"],
  ["a negative delay", { productionDelayMs: -1 }, "productionDelayMs"],
  ["a negative read lag", { readLagMs: -1 }, "readLagMs"],
] as const)("the sandbox refuses %s", async (_case, options, argument) => {
  await expect(startSandbox(options)).rejects.toMatchObject({ code: "ERR_ARGUMENT", argument });
});

it("the sandbox says that a seed is not JSON", async () => {
  await expect(startSandbox({ seed: "{" })).rejects.toThrow("seed must contain JSON");
});

it.each([
  ["no JSON", "{", "seed"],
  ["no object", "[]", "seed"],
  ["a misspelt name", { card: [] }, "seed.card"],
  ["cards that are not an array", { cards: {} }, "cards"],
  ["a name of an option that a seed cannot have", { token: "x" }, "seed.token"],
  ["a kiosk with whitespace around its id", { kiosks: ["W", " W "] }, "kiosks.1"],
  ["a kiosk that is a number", { kiosks: [1] }, "kiosks.0"],
  ["a card that is not an object", { cards: [firstCard, null] }, "cards.1"],
  ["a card that is a text", { cards: ["123456:card"] }, "cards.0"],
  ["a misspelt name in a card", { cards: [{ ...firstCard, outcome: [] }] }, "cards.0.outcome"],
  ["a card without a token", { cards: [{ profileId: 1 }] }, "cards.0.cardToken"],
  ["the same token twice", { cards: [firstCard, secondCard, firstCard] }, "cards.2.cardToken"],
  ["a card without a profile", { cards: [firstCard, { cardToken: "x" }] }, "cards.1.profileId"],
  ["an unknown outcome", { cards: [firstCard, { ...secondCard, outcomes: ["PRODUCED", 1] }] }, "cards.1.outcomes.1"],
  ["a misspelt refusal", { cards: [{ ...firstCard, outcomes: [{ refused: "X" }] }] }, "cards.0.outcomes.0.refused"],
  ["a production without fields", { cards: [{ ...firstCard, production: {} }] }, "cards.0.production"],
  ["a negative delay of a card", { cards: [{ ...firstCard, productionDelayMs: -1 }] }, "cards.0.productionDelayMs"],
  ["an automatic kiosk that is neither on nor off", { auto: 1 }, "auto"],
  ["an unknown assumption", { assumptions: { refusalIsSeen: true } }, "assumptions.refusalIsSeen"],
])("the sandbox refuses a seed that contains %s", async (_case, content, argument) => {
  const message = expect.stringMatching(/^\S+ (must|is not a known option|\S+ already exists)/);
  await expect(startSandbox({ seed: toSeed(content) })).rejects.toMatchObject({ argument, message });
});

it("the sandbox refuses a password in the webhook URL without showing it", async () => {
  const webhookUrl = "http://:pa55word@127.0.0.1/";
  const refused = { argument: "webhookUrl", message: expect.not.stringContaining("pa55word") };
  await expect(startSandbox({ webhookUrl })).rejects.toMatchObject(refused);
  await using sandbox = await startSandbox();
  const { status, body } = await sandbox.control("PATCH", "/settings", { webhookUrl });
  expect([status, body.argument]).toEqual([400, "webhookUrl"]);
  expect(JSON.stringify(body) + sandbox.output.join("")).not.toContain("pa55word");
});

it("the first line for people has the URL, the token, the subscription and the key, ready to be copied", async () => {
  await using sandbox = await startSandbox();
  const [line = ""] = (sandbox.output[0] ?? "").split("\n");
  expect(line).toMatch(
    /^Sandbox: url http:\/\/127\.0\.0\.1:\d+ token simulator-\S+ subscription \S+ public-key "-----BEGIN PUBLIC KEY-----\\n.*-----END PUBLIC KEY-----"$/,
  );
  const subscriptionIds = [/ subscription (\S+)/.exec(line)?.[1] ?? ""];
  const webhooks = new KioskWebhooks({ publicKeys: [/"(.*)"/.exec(line)?.[1] ?? ""], subscriptionIds });
  await sandbox.print(firstCard);
  const { body } = await sandbox.control("GET", "/deliveries");
  const [{ body: text, headers }] = body.sent;
  expect(await webhooks.unwrap(text, headers)).toMatchObject({ production: { status: "IN_PROGRESS" } });
});

it("the lines after the first tell people where everything is", async () => {
  await using sandbox = await startSandbox({ cards: [firstCard, secondCard], kiosks: ["K1", "K2"] });
  expect(sandbox.output[0]?.split("\n").slice(1)).toEqual([
    "",
    `  Page         ${sandbox.url}/`,
    `  Control API  ${sandbox.url}/_sandbox/openapi.json`,
    "  Kiosks       K1, K2",
    `  Cards        ${firstCard.profileId}:${firstCard.cardToken}`,
    `               ${secondCard.profileId}:${secondCard.cardToken}`,
    "  Webhooks to  no receiver; start with --webhook-url, or set one on the page",
    "  Stop         Ctrl+C",
    "",
    "",
  ]);
});

it("the first JSON line has the URL, the token, the subscription and the key, and nothing else", async () => {
  await using sandbox = await startSandbox({ json: true });
  expect(JSON.parse(sandbox.output[0] ?? "")).toEqual({
    url: sandbox.url,
    token: sandbox.token,
    subscriptionId: "01234567-89ab-cdef-0123-456789abcdef",
    publicKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
  });
  expect(sandbox.errors).toEqual([]);
});

it("without options there are three READY cards and two kiosks", async () => {
  await using sandbox = await startSandbox();
  const { body } = await sandbox.control("GET", "/state");
  expect(body.kiosks).toEqual(["WIS00001", "WIS00002"]);
  expect(body.cards).toMatchObject(DEFAULT_CARDS.map((card) => ({ ...card, production: { status: "READY" } })));
});

it("the client prints a card at the sandbox and follows it", async () => {
  await using sandbox = await startSandbox({ auto: true, productionDelayMs: 100 });
  const kiosk = new WiseKioskClient({ baseUrl: sandbox.url, token: sandbox.token });
  const card = { profileId: firstCard.profileId, cardToken: firstCard.cardToken };
  expect(await kiosk.produceCard({ ...card, kioskId: "WIS00002" })).toMatchObject({ status: "IN_PROGRESS" });
  expect(await kiosk.waitForProduction(card)).toMatchObject({ status: "PRODUCED", kioskId: "WIS00002" });
  await kiosk.close();
});

it("cards and kiosks of the options add to those of the seed, and other options win over it", async () => {
  const seed = {
    cards: [secondCard],
    kiosks: ["K1"],
    readLagMs: 10,
    webhookUrl: "http://127.0.0.1:9/seed",
    auto: true,
  };
  await using sandbox = await startSandbox({
    seed: toSeed(seed),
    cards: [firstCard],
    kiosks: ["K2"],
    readLagMs: 0,
    webhookUrl: "http://127.0.0.1:9/option",
  });
  const { body } = await sandbox.control("GET", "/state");
  expect(body).toMatchObject({
    kiosks: ["K1", "K2"],
    cards: [secondCard, firstCard],
    settings: { readLagMs: 0, webhookUrl: "http://127.0.0.1:9/option", auto: true },
  });
});

it("each request and each attempt of a delivery is a JSON line with the response and how long it took", async () => {
  await using receiver = await startHttpServer(reply(404));
  await using sandbox = await startSandbox({ json: true, webhookUrl: `${receiver.url}/webhooks` });
  const startedAt = performance.now();
  await sandbox.print(firstCard, "WIS00009");
  await sandbox.print(firstCard);
  await fetch(`${sandbox.url}/v9/other`);
  await expect.poll(() => sandbox.output.length).toBeGreaterThan(4);
  const request = { type: "request", method: "PUT", operation: "produceCard", ...firstCard, fault: null };
  const lines = records(sandbox.output);
  const elapsedMs = Math.ceil(performance.now() - startedAt);
  expect(lines.filter(({ durationMs }) => durationMs > elapsedMs)).toEqual([]);
  expect(lines.filter(({ type }) => type === "request")).toMatchObject([
    { ...request, httpStatus: 422, status: "REQUEST_ERROR", errorCode: "KIOSK_ID_NOT_FOUND" },
    { ...request, httpStatus: 200, status: "IN_PROGRESS", errorCode: null, durationMs: expect.any(Number) },
    { type: "request", method: "GET", path: "/v9/other", operation: null, httpStatus: 404 },
  ]);
  expect(lines.find(({ type }) => type === "delivery")).toMatchObject({
    ...firstCard,
    status: "IN_PROGRESS",
    url: `${receiver.url}/webhooks`,
    attempt: 1,
    httpStatus: 404,
    failure: null,
    durationMs: expect.any(Number),
  });
});

it("each request and each attempt of a delivery is a line for people", async () => {
  await using receiver = await startHttpServer(reply(200));
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  await sandbox.print(firstCard);
  await sandbox.control("POST", `/cards/${firstCard.cardToken}/fail`, { errorCode: "PRT_RIBBON_ENDED" });
  await expect.poll(() => sandbox.output.length).toBe(4);
  const name = `${firstCard.profileId}:${firstCard.cardToken}`;
  const lines = sandbox.output.slice(1).map((line) => line.replace(/^[\d:.]+ /, "").replace(/\d+ ms\n$/, "… ms"));
  expect(lines.sort()).toEqual([
    `PUT  produceCard ${name} → 200 IN_PROGRESS, … ms`,
    `webhook IN_PROGRESS ${name} → 200, … ms`,
    `webhook PRODUCTION_ERROR PRT_RIBBON_ENDED ${name} → 200, … ms`,
  ]);
});

it.each([
  ["lost-response", "no response (lost-response)"],
  ["truncated-body", "200 cut off (truncated-body)"],
  [{ arrivesAfterMs: 60_000 }, "no response (arrives after 60000 ms)"],
  [{ httpStatus: 503 }, "503 (injected)"],
])("a line for people names the fault %j", async (fault, text) => {
  await using sandbox = await startSandbox();
  await sandbox.control("POST", "/faults", { fault });
  await sandbox
    .print(firstCard)
    .then((response) => response.text())
    .catch(() => {});
  await expect.poll(() => sandbox.output.some((line) => line.includes(`→ ${text}, `))).toBe(true);
});

it.each([{ trailer: "etag" }, { "Transfer-Encoding": "chunked" }])(
  "a fault with the header %j of a recorded response arrives, and its line names its status",
  async (headers) => {
    await using sandbox = await startSandbox();
    await sandbox.control("POST", "/faults", { fault: { httpStatus: 503, headers, body: { message: "no" } } });
    const response = await sandbox.print(firstCard);
    expect([response.status, await response.json()]).toEqual([503, { message: "no" }]);
    await expect.poll(() => sandbox.output.slice(1).join("")).toMatch(/PUT {2}produceCard .* → 503 \(injected\), /);
  },
);

it("a delivery without a receiver, or to a closed port, is a line of its own", async () => {
  await using sandbox = await startSandbox();
  await sandbox.control("POST", `/cards/${firstCard.cardToken}/produce`);
  await sandbox.control("PATCH", "/settings", { webhookUrl: CLOSED_URL });
  await sandbox.control("POST", `/cards/${firstCard.cardToken}/complete`);
  await expect.poll(() => sandbox.output.slice(1).join("")).toMatch(/PRODUCED .* no response \(ECONNREFUSED\), \d+ ms/);
  expect(sandbox.output.join("")).toMatch(/IN_PROGRESS .* → no receiver/);
});

it("a card token with a line break cannot forge a line", async () => {
  await using sandbox = await startSandbox();
  await sandbox.print({ profileId: "123456", cardToken: "x%0A12:00:00.000 forged" });
  await expect.poll(() => sandbox.output.length).toBe(2);
  expect(sandbox.output[1]?.trim().split("\n")).toHaveLength(1);
});

it("names with control characters cannot forge or reorder what is written, at the start and later", async () => {
  const forging = "x\u009b\u202e\u2028\ny";
  const seed = {
    kiosks: [forging],
    cards: [{ profileId: 1, cardToken: forging }],
    webhooks: { subscriptionId: forging },
  };
  const webhookUrl = `http://127.0.0.1:9/${forging}`;
  for (const json of [true, false]) {
    await using sandbox = await startSandbox({ json, seed: toSeed(seed), webhookUrl });
    await sandbox.print({ profileId: "1", cardToken: encodeURIComponent(forging) }, forging);
    await expect.poll(() => sandbox.output.length).toBeGreaterThan(2);
    expect(sandbox.output.join("")).not.toMatch(/[\u009b\u202e\u2028]|^y/m);
    if (json) expect(records(sandbox.output)).toContainEqual(expect.objectContaining({ cardToken: forging }));
  }
});

it("the sandbox never writes the token after the first line", async () => {
  await using sandbox = await startSandbox({ json: true, token: crypto.randomUUID() });
  await sandbox.print(firstCard);
  await expect.poll(() => sandbox.output.length).toBeGreaterThan(2);
  expect(sandbox.output.slice(1).join("")).not.toContain(sandbox.token);
});

it("a sandbox whose signal has aborted already stops with exit code 0", async () => {
  const output = { write: () => {} };
  expect(await runSandbox({ port: 0 }, { stdout: output, stderr: output, signal: AbortSignal.abort() })).toBe(0);
});

it("the sandbox stops with exit code 0, although a request and an event stream are open", async () => {
  const sandbox = await startSandbox();
  await sandbox.control("POST", "/faults", { fault: "timeout" });
  const hanging = sandbox.print(firstCard).catch(() => "broken");
  // Not with fetch, which takes a stream that was cut off for one that has ended.
  const [stream] = await once(get(`${sandbox.url}/_sandbox/events`), "response");
  const reading = text(stream).then(
    () => "ended",
    () => "cut off",
  );
  await expect.poll(async () => (await sandbox.control("GET", "/requests")).body.length).toBe(1);
  expect(await sandbox.stop()).toBe(0);
  expect([await hanging, await reading]).toEqual(["broken", "ended"]);
  await expect(fetch(sandbox.url)).rejects.toThrow();
});

it("a response that the sandbox delays is not sent when it stops, although an event stream ends", async () => {
  const sandbox = await startSandbox();
  const [stream] = await once(get(`${sandbox.url}/_sandbox/events`), "response");
  stream.resume();
  await sandbox.control("PATCH", "/settings", { latencyMs: 600_000 });
  const delayed = sandbox.print(firstCard).then(
    ({ status }) => status,
    () => "broken",
  );
  await expect.poll(async () => (await sandbox.control("GET", "/requests")).body.length).toBe(1);
  expect(await sandbox.stop()).toBe(0);
  expect(await delayed).toBe("broken");
});

it("the sandbox warns if it is open to the network", async () => {
  await using sandbox = await startSandbox({ host: "0.0.0.0", token: "own-token", json: true });
  expect(sandbox.errors.join("")).toContain("open to the network");
  expect(sandbox.token).toBe("own-token");
});
