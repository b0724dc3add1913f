import { describe, expect, it } from "vitest";
import { parseProduction } from "../../src/decoding/decode-production.js";
import { PRODUCTION_STATUSES } from "../../src/production/production-status.js";
import { decodedProductionSchema } from "../../src/schemas/production.js";
import { createKioskSimulator, fixtures } from "../../src/testing/index.js";
import { KioskWebhooks } from "../../src/webhooks/index.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

describe("fixtures.production", () => {
  it("production fixtures exist for every status and are valid", () => {
    const all = Object.values(fixtures.production).map((fixture) => fixture());
    expect(all.map(({ status }) => status)).toEqual([...PRODUCTION_STATUSES, "UNRECOGNIZED"]);
    for (const production of all) {
      expect(decodedProductionSchema.parse(production)).toEqual(production);
      expect(parseProduction(JSON.parse(JSON.stringify(production)))).toEqual(production);
    }
  });

  it("production fixtures match Wise's examples", () => {
    expect(fixtures.production.ready()).toEqual(parseProduction(JSON.parse(WISE_EXAMPLES.ready)));
    const { description: _ready, ...inProgress } = parseProduction(JSON.parse(WISE_EXAMPLES.inProgress));
    expect(fixtures.production.inProgress()).toMatchObject(inProgress);
    const { description: _error, ...requestError } = parseProduction(JSON.parse(WISE_EXAMPLES.requestError));
    expect(fixtures.production.requestError()).toMatchObject(requestError);
  });

  it("production fixtures accept changes and are equal on every call", () => {
    expect(fixtures.production.inProgress({ kioskId: "WIS00002", description: null })).toEqual({
      ...fixtures.production.inProgress(),
      kioskId: "WIS00002",
      description: null,
    });
    expect(fixtures.production.productionError({ errorCode: "PRT_PAUSED" }).description).toMatch(/paused/i);
    const undefinedCode: object = { errorCode: undefined };
    expect(fixtures.production.productionError(undefinedCode)).toEqual(fixtures.production.productionError());
    expect(fixtures.production.productionError({ errorCode: null }).errorCode).toBeNull();
    expect(fixtures.production.requestError({ errorCode: "KIOSK_ID_NOT_FOUND" }).description).toMatch(/kiosk id/);
    expect(fixtures.production.unrecognized()).toEqual(fixtures.production.unrecognized());
  });
});

describe("fixtures", () => {
  it("fixtures ignore a change that is undefined, at any depth", () => {
    const { production, error, webhook } = fixtures;
    expect(production.produced({ kioskId: undefined })).toEqual(production.produced());
    expect(production.unrecognized({ rawStatus: undefined })).toEqual(production.unrecognized());
    expect(error.validation({ httpStatus: undefined, headers: undefined, body: undefined })).toEqual(
      error.validation(),
    );
    const nothing = { sent_at: undefined, data: { status: undefined, resource: { card_token: undefined } } };
    expect(webhook.productionStatusChange(nothing)).toEqual(webhook.productionStatusChange());
    expect(webhook.olderExample({ data: undefined })).toEqual(webhook.olderExample());
  });

  it.each<[string, (changes: never) => unknown, object | null]>([
    ["kioskID", fixtures.production.inProgress, { kioskID: "WIS9" }],
    ["rawStatus", fixtures.production.produced, { rawStatus: "ON_HOLD" }],
    ["rawstatus", fixtures.production.unrecognized, { rawstatus: "ON_HOLD" }],
    ["errorcode", fixtures.production.productionError, { errorcode: null }],
    ["errorcode", fixtures.production.requestError, { errorcode: null }],
    ["status", fixtures.production.ready, { status: "PRODUCED" }],
    ["changes", fixtures.production.ready, null],
    ["subscriptionId", fixtures.webhook.productionStatusChange, { subscriptionId: "y" }],
    ["data.statuss", fixtures.webhook.productionStatusChangeV2, { data: { statuss: "READY" } }],
    ["data.resource.cardToken", fixtures.webhook.olderExample, { data: { resource: { cardToken: "x" } } }],
    ["data", fixtures.webhook.testNotification, { data: null }],
    ["header", fixtures.error.rateLimited, { header: {} }],
  ])("fixtures refuse the unknown change %s", (argument, fixture, changes) => {
    const failure = expect.objectContaining({ code: "ERR_ARGUMENT", argument });
    expect(() => fixture(changes as never)).toThrow(failure);
  });
});

describe("fixtures.error", () => {
  it("error fixtures accept null as a body", () => {
    expect(fixtures.error.problem({ body: null }).body).toBeNull();
  });

  it.each(Object.entries(fixtures.error))(
    "the simulator sends the error fixture %s unchanged",
    async (_name, fixture) => {
      const simulator = createKioskSimulator();
      const { httpStatus, headers, body } = fixture();
      simulator.injectFault({ fault: fixture() });
      const response = await simulator.fetch("https://kiosk.example/v3/spend/profiles/1/cards/2/production");
      expect(response.status).toBe(httpStatus);
      expect(Object.fromEntries(response.headers)).toMatchObject(headers ?? {});
      const text = await response.text();
      if (typeof body === "object") expect(JSON.parse(text)).toEqual(body);
      else expect(text).toBe(body ?? "");
    },
  );

  it("error fixtures are unaffected by changes to an earlier one", () => {
    const before = JSON.stringify(fixtures.error.validation());
    const { body } = fixtures.error.validation() as { body: { errors: object[] } };
    Object.assign(body.errors[0] ?? {}, { code: "changed" });
    expect(JSON.stringify(fixtures.error.validation())).toBe(before);
  });

  it("error fixtures accept changes", () => {
    const changes = { httpStatus: 503, headers: { "retry-after": "1" }, body: { message: "Busy" } };
    expect(fixtures.error.message(changes)).toMatchObject(changes);
    expect(fixtures.error.invalidToken({ body: { error: "missing_token" } }).body).toEqual({
      error: "missing_token",
      error_description: "Invalid token",
    });
    expect(fixtures.error.text({ body: "Other" }).body).toBe("Other");
    expect(fixtures.error.rateLimited({ headers: { "retry-after": "1" } }).headers).toMatchObject({
      "retry-after": "1",
      "x-rate-limited-by": "wise-public-api",
    });
  });
});

describe("fixtures.webhook", () => {
  const simulator = createKioskSimulator();
  const webhooks = new KioskWebhooks(simulator.webhookOptions());

  it.each(Object.entries(fixtures.webhook))("the webhook fixture %s is a valid event", async (name, fixture) => {
    simulator.reset();
    simulator.deliver(fixture(), { isTest: name === "testNotification" });
    const [{ body, headers } = { body: "", headers: {} }] = simulator.deliveries;
    const event = await webhooks.unwrap(body, headers);
    expect(event).toMatchObject({ type: "cards#card-production-status-change", production: { status: "PRODUCED" } });
    expect(fixture()).toEqual(fixture());
  });

  it("webhook fixtures exist in both documented versions", () => {
    expect(fixtures.webhook.productionStatusChange().schema_version).toBe("4.0.0");
    const { schema_version, sent_at, data } = fixtures.webhook.productionStatusChangeV2();
    expect([schema_version, sent_at, data.occurred_at]).toEqual([
      "2.0.0",
      "2024-01-01T12:34:56Z",
      "2024-01-01T12:24:56Z",
    ]);
  });

  it("the older example and the test notification differ as in Wise's documentation", () => {
    const { productionStatusChange, productionStatusChangeV2, olderExample, testNotification } = fixtures.webhook;
    const profile = { resource: { profile_id: "123456" } };
    expect(olderExample()).toEqual(
      productionStatusChangeV2({ data: { ...profile, occurred_at: "2024-01-01T12:24:560Z" } }),
    );
    expect(olderExample().data).toMatchObject({ ...profile, occurred_at: "2024-01-01T12:24:560Z" });
    const nil = "00000000-0000-0000-0000-000000000000";
    const ofNothing = { subscription_id: nil, data: { resource: { profile_id: 0, card_token: nil } } };
    expect(testNotification()).toEqual(productionStatusChange(ofNothing));
    expect(testNotification()).toMatchObject(ofNothing);
  });

  it("webhook fixtures accept changes at any depth", () => {
    const body = fixtures.webhook.productionStatusChange({
      sent_at: "2025-01-01T00:00:00.000Z",
      data: { status: "READY", kiosk_id: null, resource: { card_token: "mine" } },
    });
    expect(body).toEqual({
      ...fixtures.webhook.productionStatusChange(),
      sent_at: "2025-01-01T00:00:00.000Z",
      data: {
        ...fixtures.webhook.productionStatusChange().data,
        status: "READY",
        kiosk_id: null,
        resource: { ...fixtures.webhook.productionStatusChange().data.resource, card_token: "mine" },
      },
    });
  });
});
