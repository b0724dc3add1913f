import { createPublicKey, createVerify, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as realTimers from "node:timers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createKioskSimulator,
  type DeliveryTarget,
  fixtures,
  type KioskSimulator,
  signWebhook,
  type WebhookDelivery,
} from "../../src/testing/index.js";
import { applyProductionEvent, eventKey, KioskWebhooks, type ProductionState } from "../../src/webhooks/index.js";
import { startRawServer } from "../support/raw-server.js";
import { collectUncaughtErrors } from "../support/uncaught-errors.js";

/** Targets wait with the timers of this module. Mocks of the global timers do not replace them. */
vi.mock("node:timers", async (load) => {
  const timers = await load<typeof realTimers>();
  return { ...timers, setTimeout: vi.fn(timers.setTimeout) };
});

const CARD = "35050a4a-9521-426e-8109-1396e3687a3e";
const CARDS = [{ profileId: 123456, cardToken: CARD }];
const NOW = "2024-01-01T12:24:56.789Z";

const parseStatus = ({ body }: WebhookDelivery): string => JSON.parse(body).data.status;

describe("the simulator's webhooks", () => {
  let simulator: KioskSimulator;
  beforeEach(() => {
    simulator = createKioskSimulator({ cards: CARDS, now: NOW });
  });

  it("delivers a webhook for every status change, by a request or by the test", async () => {
    const { baseUrl, token, fetch } = simulator.clientOptions();
    const send = (method: string, path: string, body: object) =>
      fetch(`${baseUrl}${path}/profiles/123456/cards/${CARD}/production`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
    await send("PUT", "/v3/spend", { kioskId: "WIS00001" });
    await send("PUT", "/v3/spend", { kioskId: "WIS00001" });
    await send("POST", "/v1/simulation/spend", { status: "PRODUCTION_ERROR", errorCode: "PRT_PAUSED" });
    simulator.card(CARD).ready().produce().complete();
    expect(simulator.deliveries.map(parseStatus)).toEqual([
      "IN_PROGRESS",
      "PRODUCTION_ERROR",
      "READY",
      "IN_PROGRESS",
      "PRODUCED",
    ]);
  });

  it("delivers the body and the headers that Wise documents", () => {
    simulator.card(CARD).produce();
    simulator.advanceTime(1000);
    simulator.card(CARD).complete();
    const [, delivery] = simulator.deliveries;
    expect(JSON.parse(delivery?.body ?? "")).toEqual({
      schema_version: "4.0.0",
      subscription_id: "01234567-89ab-cdef-0123-456789abcdef",
      event_type: "cards#card-production-status-change",
      sent_at: "2024-01-01T12:24:57.789Z",
      data: {
        resource: { profile_id: 123456, type: "card", client_id: "your-bank", card_token: CARD },
        status: "PRODUCED",
        kiosk_id: "WIS00001",
        occurred_at: NOW,
        error_code: null,
        description: "Card produced",
      },
    });
    expect(delivery?.headers).toEqual({
      "Content-Type": "application/json",
      "X-Delivery-Id": delivery?.deliveryId,
      "X-Signature-SHA256": expect.stringMatching(/^[A-Za-z0-9+/]{342}==$/),
    });
  });

  it("delivers schema version 2.0.0 with whole seconds, for the configured subscription", () => {
    const webhooks = { schemaVersion: "2.0.0", subscriptionId: "mine", clientId: "me" } as const;
    const older = createKioskSimulator({ cards: CARDS, now: NOW, webhooks });
    older.card(CARD).fail("PRD_HOPPER_JAM");
    expect(JSON.parse(older.deliveries[0]?.body ?? "")).toMatchObject({
      schema_version: "2.0.0",
      subscription_id: "mine",
      sent_at: "2024-01-01T12:24:56Z",
      data: { occurred_at: "2024-01-01T12:24:56Z", resource: { client_id: "me" }, error_code: "PRD_HOPPER_JAM" },
    });
    expect(older.webhookOptions().subscriptionIds).toEqual(["mine"]);
  });

  it.each(["2.0.0", "4.0.0"] as const)(
    "deliveries of version %s can be ordered, even if prints follow immediately",
    async (schemaVersion) => {
      simulator = createKioskSimulator({ cards: CARDS, now: NOW, webhooks: { schemaVersion } });
      simulator.card(CARD).ready().produce().fail("PRT_PAUSED").produce();
      const webhooks = new KioskWebhooks(simulator.webhookOptions());
      const keys = new Set<string>();
      let state: ProductionState | undefined;
      for (const { body, headers } of simulator.deliveries.toReversed()) {
        const event = await webhooks.unwrap(body, headers);
        if (event.type === "other") throw new Error("not a production event");
        keys.add(eventKey(event));
        state = applyProductionEvent(state, event).state;
      }
      expect(state?.production.status).toBe("IN_PROGRESS");
      expect(keys.size).toBe(4);
    },
  );

  it("dates no print before the card was ready, even if the clock is set back", () => {
    simulator.now = "2023-01-01T00:00:00Z";
    simulator.card(CARD).produce();
    expect(simulator.card(CARD).history.map(({ occurredAt }) => occurredAt)).toEqual([NOW, NOW]);
  });

  it("KioskWebhooks accepts the deliveries and parses the same productions", async () => {
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    const card = simulator.card(CARD).produce().fail("PRD_HOPPER_JAM").produce().complete();
    const events = await Promise.all(simulator.deliveries.map(({ body, headers }) => webhooks.unwrap(body, headers)));
    expect(events.map((event) => event.type !== "other" && event.production)).toEqual(card.history.slice(1));
    expect(events[0]).toMatchObject({ profileId: 123456, cardToken: CARD, isTest: false });
  });

  it("KioskWebhooks rejects a delivery that was changed", async () => {
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    simulator.card(CARD).fail("PRD_HOPPER_JAM");
    const [{ body, headers } = { body: "", headers: {} }] = simulator.deliveries;
    await expect(webhooks.unwrap(body.replace("PRD_HOPPER_JAM", "PRD_HOPPER_DOOR"), headers)).rejects.toThrow(
      expect.objectContaining({ code: "ERR_WEBHOOK_SIGNATURE", reason: "mismatch" }),
    );
  });

  it("all simulators of a process sign with the same key", () => {
    expect(simulator.publicKey).toBe(createKioskSimulator().publicKey);
    const key = createPublicKey(simulator.publicKey);
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n });
    simulator.card(CARD).produce();
    const [{ body, headers } = { body: "", headers: {} as Record<string, string> }] = simulator.deliveries;
    const verify = createVerify("RSA-SHA256").update(body);
    expect(verify.verify(key, headers["X-Signature-SHA256"] ?? "", "base64")).toBe(true);
  });

  it("calls each listener with every delivery until it is removed, also after a reset", () => {
    const received: string[] = [];
    const listener = (delivery: WebhookDelivery) => received.push(parseStatus(delivery));
    const stop = [simulator.onDelivery(listener), simulator.onDelivery(listener)];
    simulator.card(CARD).produce();
    expect(received).toEqual(["IN_PROGRESS", "IN_PROGRESS"]);
    stop[0]?.();
    simulator.reset();
    simulator.card(CARD).complete();
    expect(received).toEqual(["IN_PROGRESS", "IN_PROGRESS", "PRODUCED"]);
  });

  it("reports an exception of a listener as uncaught, and calls the other listeners", async () => {
    const failures = collectUncaughtErrors();
    simulator.onDelivery(() => {
      throw new Error("wrong status");
    });
    const other = vi.fn();
    simulator.onDelivery(other);
    simulator.card(CARD).produce();
    expect(other).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(failures).toEqual([new Error("wrong status")]));
  });

  it("redeliver() delivers again with the same id and another sent_at", () => {
    simulator.card(CARD).produce().complete();
    const [first, last] = simulator.deliveries;
    simulator.advanceTime(1000);
    simulator.redeliver();
    simulator.redeliver(first?.deliveryId);
    const again = simulator.deliveries.slice(2);
    expect(again.map(({ deliveryId }) => deliveryId)).toEqual([last?.deliveryId, first?.deliveryId]);
    const { sent_at, ...rest } = JSON.parse(again[1]?.body ?? "");
    expect(sent_at).toBe("2024-01-01T12:24:57.789Z");
    expect(JSON.parse(first?.body ?? "")).toEqual({ ...rest, sent_at: NOW });
    expect(again[1]?.headers["X-Signature-SHA256"]).not.toBe(first?.headers["X-Signature-SHA256"]);
  });

  it("redeliver() rejects a delivery that was never made", () => {
    expect(() => simulator.redeliver()).toThrow("there are none yet");
    simulator.card(CARD).produce();
    expect(() => simulator.redeliver("x")).toThrow(`did you mean ${simulator.deliveries[0]?.deliveryId}?`);
  });

  it("holdDeliveries() releases deliveries out of order, twice or not at all", () => {
    const statuses = () => simulator.deliveries.map(parseStatus);
    const held = simulator.holdDeliveries();
    expect(() => simulator.holdDeliveries()).toThrow("release them first");
    simulator.card(CARD).produce().complete();
    expect(statuses()).toEqual([]);
    held.release((deliveries) => deliveries.toReversed().flatMap((delivery) => [delivery, delivery]));
    expect(statuses()).toEqual(["PRODUCED", "PRODUCED", "IN_PROGRESS", "IN_PROGRESS"]);
    held.release();
    expect(statuses()).toHaveLength(4);
    const lost = simulator.holdDeliveries();
    simulator.card(CARD).ready();
    lost.release(() => []);
    simulator.card(CARD).produce();
    expect(statuses()).toEqual(["PRODUCED", "PRODUCED", "IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS"]);
    const forgotten = simulator.holdDeliveries();
    simulator.card(CARD).complete();
    simulator.reset();
    simulator.card(CARD).produce();
    forgotten.release();
    expect(statuses()).toEqual(["IN_PROGRESS"]);
    simulator.holdDeliveries().release(([first]) => [first, first] as WebhookDelivery[]);
    expect(statuses()).toEqual(["IN_PROGRESS"]);
    const heldAgain = simulator.holdDeliveries();
    forgotten.release();
    simulator.card(CARD).complete();
    expect(statuses()).toEqual(["IN_PROGRESS"]);
    heldAgain.release((deliveries) => deliveries.map((delivery) => ({ ...delivery, deliveryId: "of the test" })));
    expect(simulator.deliveries.at(-1)).toMatchObject({ deliveryId: "of the test" });
    expect(statuses()).toEqual(["IN_PROGRESS", "PRODUCED"]);
  });

  it.each<[string, unknown, string]>([
    ["an async function", async (deliveries: unknown) => deliveries, "one that returns a promise"],
    [
      "a function that returns a rejected promise",
      () => Promise.reject(new Error("late")),
      "one that returns a promise",
    ],
    ["a function that returns nothing", () => {}, "one that returns undefined"],
    ["a function that returns text", () => "deliveries", "one that returns a string"],
    ["a function that returns null among deliveries", () => [null], "one that returns an array of something else"],
    [
      "a function that returns bodies",
      ([first]: WebhookDelivery[]) => [first?.body],
      "one that returns an array of something",
    ],
    [
      "a function that drops the headers",
      ([first]: WebhookDelivery[]) => [{ ...first, headers: null }],
      "one that returns an array of something else",
    ],
    ["a number", 5, "5"],
  ])("keeps deliveries back if release() gets %s", (_what, arrange, found) => {
    const held = simulator.holdDeliveries();
    simulator.card(CARD).produce();
    expect(() => held.release(arrange as never)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "arrange", message: expect.stringContaining(found) }),
    );
    simulator.card(CARD).complete();
    expect(simulator.deliveries).toEqual([]);
    held.release();
    expect(simulator.deliveries.map(parseStatus)).toEqual(["IN_PROGRESS", "PRODUCED"]);
  });

  it("keeps deliveries back if the function that arranges them throws", () => {
    const held = simulator.holdDeliveries();
    simulator.card(CARD).produce();
    const failure = new Error("wrong order");
    const fail = () => {
      throw failure;
    };
    expect(() => held.release(fail)).toThrow(failure);
    expect(simulator.deliveries).toEqual([]);
    held.release();
    expect(simulator.deliveries.map(parseStatus)).toEqual(["IN_PROGRESS"]);
  });

  it("delivers what happens while others are arranged after these, and holds no more back", () => {
    const held = simulator.holdDeliveries();
    const card = simulator.card(CARD).produce();
    held.release((deliveries) => {
      card.fail();
      return [...deliveries, ...deliveries];
    });
    card.produce();
    const statuses = ["IN_PROGRESS", "IN_PROGRESS", "PRODUCTION_ERROR", "IN_PROGRESS"];
    expect(simulator.deliveries.map(parseStatus)).toEqual(statuses);
  });

  it("deliver() signs and delivers any body", async () => {
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    simulator.deliver({
      event_type: "balances#update",
      subscription_id: simulator.webhookOptions().subscriptionIds[0],
    });
    simulator.deliver('{ "event_type": "x" }', { isTest: true });
    const [other, test] = simulator.deliveries;
    expect(await webhooks.unwrap(other?.body ?? "", other?.headers ?? {})).toMatchObject({
      eventType: "balances#update",
    });
    expect(test?.body).toBe('{ "event_type": "x" }');
    simulator.deliver(Buffer.from("{}"));
    expect(simulator.deliveries[2]?.body).toBe("{}");
    expect(() => simulator.deliver(undefined)).toThrow(expect.objectContaining({ argument: "body" }));
    expect(simulator.deliveries).toHaveLength(3);
    expect(other?.headers).not.toHaveProperty("X-Test-Notification");
    expect(test?.headers["X-Test-Notification"]).toBe("true");
    expect(await webhooks.unwrap(test?.body ?? "", test?.headers ?? {})).toMatchObject({ isTest: true });
  });
});

describe("deliverTo()", () => {
  const simulator = createKioskSimulator({ cards: CARDS });
  let server: Server;
  let url: string;
  let received: { headers: IncomingMessage["headers"]; body: string }[];
  let responses: (number | "nothing" | "hang up")[];

  beforeEach(async () => {
    received = [];
    responses = [];
    server = createServer(async (request, response) => {
      received.push({ headers: request.headers, body: await text(request) });
      const scripted = responses.shift() ?? 200;
      if (scripted === "hang up") request.socket.destroy();
      else if (scripted !== "nothing") response.writeHead(scripted, { location: url }).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(() => {
    simulator.reset();
    server.closeAllConnections();
    server.close();
  });

  it("posts signed deliveries in order to a real receiver", async () => {
    const target = simulator.deliverTo(url);
    simulator.card(CARD).produce().fail("PRT_PAUSED").produce().complete();
    await target.settled();
    expect(received.map(({ body }) => body)).toEqual(simulator.deliveries.map(({ body }) => body));
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    for (const { body, headers } of received) await webhooks.unwrap(body, headers as Record<string, string>);
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200, 200, 200, 200]);
    target.stop();
    simulator.card(CARD).ready();
    await target.settled();
    expect(received).toHaveLength(4);
  });

  it.each([
    ["server errors", [500, 503, 300, "hang up", "nothing", 204], 6],
    ["acceptance at the third attempt", [400, 401, 200], 3],
    ["three refusals", [404, 404, 404, 200], 3],
    ["a refusal after errors", [500, 500, 422, 200], 3],
  ] as const)("retries a delivery until it is accepted or abandoned: %s", async (_case, given, attempts) => {
    responses = [...given];
    const target = simulator.deliverTo(url, { retryDelayMs: 1, timeoutMs: 200 });
    const began = performance.now();
    simulator.card(CARD).produce();
    await target.settled();
    const tookMs = Math.ceil(performance.now() - began);
    target.stop();
    const statuses = given.slice(0, attempts).map((each) => (typeof each === "number" ? each : undefined));
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual(statuses);
    expect(target.attempts.map(({ attempt }) => attempt)).toEqual(statuses.map((_, at) => at + 1));
    const failures: Partial<Record<string | number, string>> = { "hang up": "ECONNRESET", nothing: "timeout" };
    expect(target.attempts.map(({ failure }) => failure)).toEqual(
      given.slice(0, attempts).map((each) => failures[each]),
    );
    const durations = target.attempts.map(({ durationMs }) => durationMs);
    expect(durations.every((ms) => Number.isSafeInteger(ms) && ms >= 0 && ms <= tookMs)).toBe(true);
    expect(new Set(received.map(({ headers }) => headers["x-delivery-id"])).size).toBe(1);
  });

  it.each([
    [25, {}],
    [2, { maxAttempts: 2 }],
  ])("gives up after %d attempts with %j", async (attempts, options) => {
    responses = new Array(30).fill(500);
    const target = simulator.deliverTo(url, { retryDelayMs: 0, ...options });
    simulator.card(CARD).produce();
    await target.settled();
    target.stop();
    expect(received).toHaveLength(attempts);
  });

  it("lets later deliveries overtake one that is retried", async () => {
    responses = [500, 200, 200];
    const target = simulator.deliverTo(url, { retryDelayMs: 20 });
    simulator.card(CARD).produce().complete();
    await target.settled();
    target.stop();
    expect(received.map(({ body }) => parseStatus({ body } as WebhookDelivery))).toEqual([
      "IN_PROGRESS",
      "PRODUCED",
      "IN_PROGRESS",
    ]);
  });

  it("waits for the first response before it posts the next delivery", async () => {
    let hasResponded = false;
    server.removeAllListeners("request").on("request", (_request, response) => {
      received.push({ headers: {}, body: String(hasResponded) });
      setTimeout(() => {
        hasResponded = true;
        response.end();
      }, 20);
    });
    const target = simulator.deliverTo(url);
    simulator.card(CARD).produce().complete();
    await target.settled();
    target.stop();
    expect(received.map(({ body }) => body)).toEqual(["false", "true"]);
  });

  it("doubles the delay before each retry, up to ten times the first", async () => {
    responses = new Array(7).fill(500);
    const target = simulator.deliverTo(url, { retryDelayMs: 3 });
    const timers = vi.mocked(realTimers.setTimeout).mockClear();
    simulator.card(CARD).produce();
    await target.settled();
    const delays = timers.mock.calls.map(([, ms]) => ms);
    target.stop();
    expect(delays).toEqual([3, 6, 12, 24, 30, 30, 30]);
  });

  it.each([
    [
      "switches to another protocol",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
      101,
    ],
    ["sends hints and nothing else", "HTTP/1.1 103 Early Hints\r\n\r\n", undefined],
    ["never ends its response", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", undefined],
  ])("tries again after a receiver that %s", async (_what, response, httpStatus) => {
    await using receiver = await startRawServer((socket) => void socket.write(response));
    const target = simulator.deliverTo(receiver.url, { maxAttempts: 2, retryDelayMs: 0, timeoutMs: 300 });
    simulator.card(CARD).produce();
    await target.settled();
    target.stop();
    const failure = httpStatus === undefined ? "timeout" : undefined;
    expect(target.attempts).toMatchObject([
      { attempt: 1, httpStatus, failure },
      { attempt: 2, httpStatus, failure },
    ]);
    await expect.poll(() => receiver.open).toBe(0);
  });

  it.each([
    ["the target is stopped", (target: DeliveryTarget) => target.stop()],
    ["the simulator is reset", () => simulator.reset()],
  ])("cancels pending attempts when %s", async (_case, end) => {
    responses = [500, "nothing", 200];
    const target = simulator.deliverTo(url, { retryDelayMs: 1, timeoutMs: 60_000 });
    simulator.card(CARD).produce();
    await vi.waitFor(() => expect(received).toHaveLength(2), 20_000);
    end(target);
    await target.settled();
    expect(received).toHaveLength(2);
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([500]);
    target.stop();
  });

  it("keeps delivering after a reset", async () => {
    const target = simulator.deliverTo(url);
    simulator.reset();
    simulator.card(CARD).complete();
    await target.settled();
    target.stop();
    expect(received).toHaveLength(1);
  });

  it.each([
    ["url", "another string", () => simulator.deliverTo("nonsense")],
    ["url", "another string", () => simulator.deliverTo("ftp://127.0.0.1/")],
    ["url", "5", () => simulator.deliverTo(5 as never)],
    ["maxAttempts", "26", () => simulator.deliverTo(url, { maxAttempts: 26 })],
    ["maxAttempts", "string", () => simulator.deliverTo(url, { maxAttempts: "2" as never })],
    ["retryDelayMs", "-1", () => simulator.deliverTo(url, { retryDelayMs: -1 })],
    ["timeoutMs", "0", () => simulator.deliverTo(url, { timeoutMs: 0 })],
  ])("rejects an invalid value for %s, and names what it has found: %s", (argument, found, deliver) => {
    const message = expect.stringMatching(new RegExp(`${found}$`));
    expect(deliver).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument, message }));
  });
});

describe("signWebhook", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const webhooks = new KioskWebhooks({ publicKeys: [publicKey.export({ type: "spki", format: "pem" }).toString()] });

  it.each<[string, string | Uint8Array, Parameters<typeof signWebhook>[1]]>([
    ["text with PKCS#8", '{"name":"Zoë"}', pkcs8],
    ["text with PKCS#1", '{"name":"Zoë"}', pkcs1],
    ["bytes with PKCS#8", new TextEncoder().encode('{"name":"Zoë"}'), pkcs8],
    ["bytes with a KeyObject", Buffer.from('{"name":"Zoë"}'), privateKey],
  ])("signs %s as Wise does", async (_case, body, key) => {
    await webhooks.verify(body, { "X-Signature-SHA256": signWebhook(body, key) });
  });

  it("signs with a CryptoKey", async () => {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const der = privateKey.export({ type: "pkcs8", format: "der" });
    const key = await crypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
    await webhooks.verify("{}", { "X-Signature-SHA256": signWebhook("{}", key) });
  });

  it.each<[string, unknown]>([
    ["nonsense", "nonsense"],
    ["a damaged key", pkcs8.replace(/\n.{20}/, "\n")],
    ["a public key", publicKey],
    ["an elliptic-curve key", generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey],
    ["undefined", undefined],
  ])("rejects %s as a private key without showing it", (_case, key) => {
    expect(() => signWebhook("{}", key as string)).toThrow(
      expect.objectContaining({
        code: "ERR_ARGUMENT",
        message: "privateKey must be a private RSA key: PEM text, a KeyObject or an exportable CryptoKey",
      }),
    );
  });

  it.each([[undefined], [null], [5], [[123, 125]], [{}], [fixtures.webhook.productionStatusChange()]])(
    "rejects %j as a body, which is neither a string nor bytes",
    (body) => {
      expect(() => signWebhook(body as never, privateKey)).toThrow(
        expect.objectContaining({ code: "ERR_ARGUMENT", argument: "body" }),
      );
    },
  );
});
