import { describe, expect, it } from "vitest";
import {
  applyProductionEvent,
  KioskWebhookPayloadError,
  KioskWebhooks,
  type KioskWebhooksOptions,
} from "wise-card-kiosk/webhooks";
import {
  type BodyChanges,
  OLDER_EXAMPLE,
  otherBody,
  productionBody,
  SUBSCRIPTION_ID,
} from "../support/event-bodies.js";
import { signedHeaders, wise } from "../support/signed-delivery.js";

const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });

const unwrap = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  webhooks.unwrap(body, signedHeaders(body, headers));

const ZEROS = "00000000-0000-0000-0000-000000000000";
const test = { "X-Test-Notification": "true" };

const documentedEvent = {
  type: "cards#card-production-status-change",
  subscriptionId: SUBSCRIPTION_ID,
  schemaVersion: "4.0.0",
  sentAt: "2024-01-01T12:34:56.123Z",
  profileId: 123456,
  cardToken: "35050a4a-9521-426e-8109-1396e3687a3e",
  clientId: "your-bank",
  production: {
    status: "PRODUCED",
    kioskId: "WIS00001",
    occurredAt: "2024-01-01T12:24:56.789Z",
    errorCode: null,
    description: "Card produced",
  },
  deliveryId: "4a6b9810-4279-4de5-8d8d-1a6cf3b92a75",
  isTest: false,
};

describe("a signed body that does not match the schema of the event", () => {
  it.each<[string, string]>([
    ["", "null"],
    ["", "[]"],
    ["", '"text"'],
    ["", "not JSON"],
    ["", productionBody().slice(0, -1)],
    ["", " "],
    ["", "[".repeat(100_000)],
    ["event_type", "{}"],
    ["event_type", productionBody({ envelope: { event_type: null } })],
    ["event_type", productionBody({ envelope: { event_type: ["cards#card-production-status-change"] } })],
    ["data", productionBody().replace(/"data":.*/, '"data":null}')],
    ["data.status", productionBody({ data: { status: undefined } })],
    ["data.status", productionBody({ data: { status: null } })],
    ["data.resource", productionBody({ data: { resource: "card" } })],
    ["data.resource.profile_id", productionBody({ resource: { profile_id: undefined } })],
    ["data.resource.profile_id", productionBody({ resource: { profile_id: "12a" } })],
    ["data.resource.profile_id", productionBody().replace(":123456", ":9007199254740993")],
    ["data.resource.profile_id", productionBody({ resource: { profile_id: "9007199254740993" } })],
    ["data.resource.profile_id", productionBody().replace(":123456", ":1e400")],
    ["data.resource.profile_id", productionBody({ resource: { profile_id: -1 } })],
    ["data.resource.card_token", productionBody({ resource: { card_token: 35050 } })],
    ["data.kiosk_id", productionBody({ data: { kiosk_id: 1 } })],
    ["subscription_id", productionBody({ envelope: { subscription_id: 1 } })],
  ])("rejects a signed body with an issue at %j", async (path, body) => {
    const error = await unwrap(body).then(
      () => expect.unreachable("it was accepted"),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(KioskWebhookPayloadError);
    expect(error).toMatchObject({ code: "ERR_WEBHOOK_PAYLOAD", issues: [{ path }] });
  });

  it("rejects a signed body that is not JSON with an issue that says so", async () => {
    await expect(unwrap("not JSON")).rejects.toMatchObject({ issues: [{ path: "", message: "not JSON" }] });
  });

  it("quotes nothing of a malformed body in the error", async () => {
    const secret = "35050a4a-9521-426e-8109-1396e3687a3e";
    for (const body of [`${secret}{`, productionBody({ data: { status: [secret] } }), `"${secret}"`]) {
      const error = await unwrap(body).catch((thrown: Error) => thrown);
      expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.toContain(secret);
    }
  });

  it("checks the signature before the body", async () => {
    await expect(webhooks.unwrap("not JSON", signedHeaders("{}"))).rejects.toMatchObject({ reason: "mismatch" });
  });
});

describe("a production event from unwrap", () => {
  it("decodes the documented body", async () => {
    expect(await unwrap(productionBody())).toStrictEqual(documentedEvent);
  });

  it("decodes the older documented example and leaves its time unchanged", async () => {
    expect(await unwrap(OLDER_EXAMPLE)).toStrictEqual({
      ...documentedEvent,
      schemaVersion: "2.0.0",
      sentAt: "2024-01-01T12:34:56Z",
      production: { ...documentedEvent.production, occurredAt: "2024-01-01T12:24:560Z" },
    });
  });

  it.each<[string, BodyChanges, object]>([
    ["a later schema version", { envelope: { schema_version: "9.1.0" } }, { schemaVersion: "9.1.0" }],
    ["no card token", { resource: { card_token: null } }, { cardToken: null }],
    ["digits as the profile", { resource: { profile_id: "42" } }, { profileId: 42 }],
    ["the largest safe profile", { resource: { profile_id: 2 ** 53 - 1 } }, { profileId: 2 ** 53 - 1 }],
    ["an unknown status", { data: { status: "X" } }, { production: { status: "UNRECOGNIZED", rawStatus: "X" } }],
    ["an unknown code", { data: { status: "PRODUCTION_ERROR", error_code: "X" } }, { production: { errorCode: "X" } }],
    ["unknown fields", { data: { colour: 1 }, resource: { x: 1 }, envelope: { y: 1 } }, documentedEvent],
    ["an empty string", { data: { description: "" } }, { production: { description: "" } }],
  ])("decodes a production event with %s", async (_, changes, expected) => {
    expect(await unwrap(productionBody(changes))).toMatchObject(expected);
  });

  it("decodes bytes with a byte order mark, and replaces invalid UTF-8", async () => {
    expect(await unwrap(Buffer.from(`\uFEFF${productionBody()}`))).toStrictEqual(documentedEvent);
    expect(await unwrap(`\uFEFF${productionBody()}`)).toStrictEqual(documentedEvent);
    const broken = Buffer.from(productionBody({ data: { description: "?" } }));
    broken.writeUInt8(0xff, broken.lastIndexOf("?"));
    expect(await unwrap(broken)).toMatchObject({ production: { description: "\uFFFD" } });
  });

  it("decodes an event without a time, which is then unordered and not lost", async () => {
    for (const occurred_at of [undefined, null]) {
      const body = productionBody({
        envelope: { schema_version: "5.0.0", sent_at: undefined },
        resource: { updatedAt: "2024-01-01T12:24:56.789Z" },
        data: { occurred_at, updatedAt: "2024-01-01T12:24:56.789Z" },
      });
      const event = await unwrap(body);
      expect(event).toMatchObject({ schemaVersion: "5.0.0", sentAt: null, production: { occurredAt: null } });
      expect(event.type === "other" ? "other" : applyProductionEvent(null, event).outcome).toBe("unordered");
    }
  });

  it("returns an event that survives JSON", async () => {
    const event = await unwrap(productionBody());
    expect(JSON.parse(JSON.stringify(event))).toStrictEqual(event);
  });

  it.each<[string, Record<string, unknown>, object]>([
    ["in lower case", { "x-delivery-id": "d", "x-test-notification": "true" }, { deliveryId: "d", isTest: true }],
    ["in arrays", { "X-Delivery-Id": ["d"], "X-Test-Notification": ["True"] }, { deliveryId: "d", isTest: true }],
    ["missing", {}, { deliveryId: null, isTest: false }],
    [
      "repeated",
      { "X-Delivery-Id": ["d", "e"], "X-Test-Notification": ["true", "true"] },
      { deliveryId: null, isTest: false },
    ],
    ["false", { "X-Test-Notification": "false" }, { isTest: false }],
    ["boolean", { "X-Test-Notification": true }, { isTest: false }],
    ["invalid", { "X-Delivery-Id": 5, "X-Test-Notification": "1" }, { deliveryId: null, isTest: false }],
  ])("reads deliveryId and isTest from unsigned headers that are %s", async (_, headers, expected) => {
    const body = productionBody();
    const { "X-Signature-SHA256": signature } = signedHeaders(body);
    const event = await webhooks.unwrap(body, { "X-Signature-SHA256": signature, ...headers } as Record<
      string,
      string
    >);
    expect(event).toMatchObject(expected);
  });
});

describe("an event of another type from unwrap", () => {
  it("keeps the type and data of another event unchanged", async () => {
    expect(await unwrap(otherBody())).toStrictEqual({
      type: "other",
      eventType: "cards#card-order-status-change",
      data: { resource: { type: "card-order", id: 1, client_id: "your-bank" }, old_status: "PLACED" },
      subscriptionId: SUBSCRIPTION_ID,
      schemaVersion: "4.0.0",
      sentAt: "2024-01-01T12:34:56.123Z",
      deliveryId: "4a6b9810-4279-4de5-8d8d-1a6cf3b92a75",
      isTest: false,
    });
  });

  it.each<[string, object]>([
    ["no data", { data: undefined }],
    ["an array as data", { data: [1] }],
    ["numbers for strings", { schema_version: 4, subscription_id: 1, sent_at: 1 }],
    ["a type in another letter case", { event_type: "CARDS#card-production-status-change" }],
    ["an unusual type", { event_type: "__proto__" }],
    ["an empty type", { event_type: "" }],
    ["the type named other", { event_type: "other" }],
  ])("returns another event with %s", async (_, envelope) => {
    const { event_type: eventType } = { event_type: "cards#card-order-status-change", ...envelope };
    expect(await unwrap(otherBody(envelope))).toMatchObject({ type: "other", eventType });
  });
});

/** The options that select the events that are ours. */
type Lists = Pick<KioskWebhooksOptions, "subscriptionIds" | "clientIds">;

describe("the origin of an event", () => {
  const receiver = (options: Lists) => new KioskWebhooks({ publicKeys: [wise.publicKey], ...options });

  const outcome = async (options: Lists, body: string, headers: Record<string, string> = {}) => {
    try {
      await receiver(options).unwrap(body, signedHeaders(body, headers));
      return "ours";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  const strange = { envelope: { subscription_id: "ffffffff-89ab-cdef-0123-456789abcdef" } };
  const elsewhere = { resource: { client_id: "other-bank" } };
  const subscriptionIds = ["72195556-e5cb-495e-a010-b37a4f2a3043", SUBSCRIPTION_ID];
  const clientIds = ["your-bank"];
  const both = { subscriptionIds, clientIds };

  it.each<[string, Lists, string, Record<string, string>?]>([
    ["another subscription", { subscriptionIds }, productionBody(strange)],
    ["no subscription", { subscriptionIds }, productionBody({ envelope: { subscription_id: null } })],
    ["another client", { clientIds }, productionBody(elsewhere)],
    ["no client", { clientIds }, productionBody({ resource: { client_id: null } })],
    ["our subscription, another client", both, productionBody(elsewhere)],
    ["our client, another subscription", both, productionBody(strange)],
    ["neither id", both, productionBody({ envelope: { subscription_id: null }, resource: { client_id: null } })],
    ["another type and another subscription", { subscriptionIds }, otherBody(strange.envelope)],
    ["another type and no client", { clientIds }, otherBody({ data: {} })],
    ["an id that is not a string", { subscriptionIds }, otherBody({ subscription_id: [SUBSCRIPTION_ID] })],
    [
      "a malformed body of another subscription",
      { subscriptionIds },
      productionBody({ ...strange, data: { status: null } }),
    ],
    [
      "all zeros as the id and no test header",
      { subscriptionIds },
      productionBody({ envelope: { subscription_id: ZEROS } }),
    ],
    ["a test header that says false", { subscriptionIds }, productionBody(strange), { "X-Test-Notification": "false" }],
  ])("rejects as foreign an event with %s", async (_, options, body, headers) => {
    expect(await outcome(options, body, headers)).toBe("ERR_WEBHOOK_FOREIGN");
  });

  it.each<[string, Lists, string, Record<string, string>?]>([
    ["any origin, without lists", {}, productionBody(strange)],
    ["our subscription", { subscriptionIds }, productionBody(elsewhere)],
    ["our subscription in capitals", { subscriptionIds: [SUBSCRIPTION_ID.toUpperCase()] }, productionBody()],
    ["our client", { clientIds }, productionBody(strange)],
    ["both our ids", both, productionBody()],
    ["our subscription and no client", both, otherBody({ data: {} })],
    ["our client and no subscription", both, productionBody({ envelope: { subscription_id: null } })],
    ["another type and our client", { clientIds }, otherBody()],
    ["all zeros as the id and the test header", both, productionBody({ envelope: { subscription_id: ZEROS } }), test],
    ["an unknown client and the test header", both, productionBody(elsewhere), test],
  ])("accepts as ours an event with %s", async (_, options, body, headers) => {
    expect(await outcome(options, body, headers)).toBe("ours");
  });

  it("names the subscription and client of a foreign event in the error", async () => {
    const body = productionBody({ ...strange, ...elsewhere });
    await expect(receiver({ subscriptionIds }).unwrap(body, signedHeaders(body))).rejects.toMatchObject({
      name: "KioskWebhookForeignError",
      code: "ERR_WEBHOOK_FOREIGN",
      subscriptionId: strange.envelope.subscription_id,
      clientId: "other-bank",
    });
  });

  it("says of an event without ids that they are missing", async () => {
    const body = productionBody({ envelope: { subscription_id: null }, resource: { client_id: null } });
    await expect(receiver(both).unwrap(body, signedHeaders(body))).rejects.toThrow(
      "Signed by Wise, but its subscription or client is missing, or not in subscriptionIds or clientIds",
    );
  });

  it("does not check the origin in verify, nor before the signature", async () => {
    const body = productionBody(strange);
    await receiver({ subscriptionIds }).verify(body, signedHeaders(body));
    await expect(receiver({ subscriptionIds }).unwrap(body, {})).rejects.toMatchObject({ reason: "missing" });
  });
});

describe("parseUnverified", () => {
  it("parses without checking signature or origin", () => {
    const receiver = new KioskWebhooks({ environment: "production", subscriptionIds: ["another"] });
    const event = { ...documentedEvent, deliveryId: null };
    expect(receiver.parseUnverified(productionBody())).toStrictEqual(event);
    expect(receiver.parseUnverified(Buffer.from(productionBody()))).toStrictEqual(event);
    expect(receiver.parseUnverified(otherBody())).toMatchObject({ type: "other", isTest: false });
  });

  it("throws if the body does not match the schema of the event", () => {
    expect(() => webhooks.parseUnverified("")).toThrow(KioskWebhookPayloadError);
    expect(() => webhooks.parseUnverified(productionBody({ data: { status: 1 } }))).toThrow("data.status");
  });
});
