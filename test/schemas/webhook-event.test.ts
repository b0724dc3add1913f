import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  PRODUCTION_EVENT_TYPE,
  productionEventBodySchema,
  productionEventSchema,
  webhookEnvelopeSchema,
} from "../../src/schemas/webhook-event.js";
import { OLDER_EXAMPLE, productionBody } from "../support/event-bodies.js";

const documentedBody = JSON.parse(productionBody());

const decoded = {
  schemaVersion: "4.0.0",
  subscriptionId: "01234567-89ab-cdef-0123-456789abcdef",
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
} as const;

const bodyWith = (data: object, resource: object = {}) => JSON.parse(productionBody({ data, resource }));

const issuePaths = (body: unknown): string[] =>
  productionEventSchema.safeParse(body).error?.issues.map(({ path }) => path.join(".")) ?? [];

describe("productionEventSchema, invalid bodies", () => {
  it.each([
    -1,
    1.5,
    2 ** 53,
    JSON.parse("9007199254740993"),
    "9007199254740993",
    "12a",
    "0x10",
    "1e3",
    "-5",
    "",
    " 1",
    null,
    undefined,
    true,
    [1],
  ])("refuses the profile id %j", (profile_id) => {
    expect(issuePaths(bodyWith({}, { profile_id }))).toEqual(["data.resource.profile_id"]);
  });

  it.each([
    ["data.status", bodyWith({ status: undefined })],
    ["data.status", bodyWith({ status: 5 })],
    ["data.kiosk_id", bodyWith({ kiosk_id: 7 })],
    ["data.occurred_at", bodyWith({ occurred_at: 1704111896 })],
    ["data.error_code", bodyWith({ error_code: {} })],
    ["data.resource.card_token", bodyWith({}, { card_token: 5 })],
    ["data.resource", { ...documentedBody, data: { ...documentedBody.data, resource: undefined } }],
    ["data", { ...documentedBody, data: null }],
    ["subscription_id", { ...documentedBody, subscription_id: 5 }],
    ["event_type", { ...documentedBody, event_type: "cards#card-status-change" }],
    ["", []],
    ["", "text"],
  ])("refuses an invalid body and names its path %j", (path, body) => {
    expect(issuePaths(body)).toEqual([path]);
  });
});

describe("productionEventSchema, decoding", () => {
  it("decodes the documented body", () => {
    expect(productionEventSchema.parse(documentedBody)).toStrictEqual(decoded);
  });

  it("decodes the older documented example, with a string profile id and a time that does not parse", () => {
    expect(productionEventSchema.parse(JSON.parse(OLDER_EXAMPLE))).toStrictEqual({
      ...decoded,
      schemaVersion: "2.0.0",
      sentAt: "2024-01-01T12:34:56Z",
      production: { ...decoded.production, occurredAt: "2024-01-01T12:24:560Z" },
    });
  });

  it("decodes every schema version in the same way", () => {
    for (const schema_version of ["2.0.0", "4.0.0", "17.3.1", "next"]) {
      const event = productionEventSchema.parse({ ...documentedBody, schema_version });
      expect(event).toStrictEqual({ ...decoded, schemaVersion: schema_version });
    }
  });

  it.each([
    [0, 0],
    ["0", 0],
    [9007199254740991, 9007199254740991],
    ["9007199254740991", 9007199254740991],
  ])("decodes the profile id %j", (profile_id, profileId) => {
    expect(productionEventSchema.parse(bodyWith({}, { profile_id })).profileId).toBe(profileId);
  });

  it("decodes a body with only the required fields", () => {
    const body = { event_type: PRODUCTION_EVENT_TYPE, data: { resource: { profile_id: 1 }, status: "READY" } };
    expect(productionEventSchema.parse(body)).toStrictEqual({
      schemaVersion: null,
      subscriptionId: null,
      sentAt: null,
      profileId: 1,
      cardToken: null,
      clientId: null,
      production: { status: "READY", kioskId: null, occurredAt: null, errorCode: null, description: null },
    });
  });

  it("decodes unknown statuses, codes and fields without failing", () => {
    const body = bodyWith({ status: "COLLECTED", error_code: "NEW_CODE", colour: "green" }, { tribe: "x" });
    expect(productionEventSchema.parse(body)).toStrictEqual({
      ...decoded,
      production: { ...decoded.production, status: "UNRECOGNIZED", rawStatus: "COLLECTED", errorCode: "NEW_CODE" },
    });
  });

  it("ignores a `rawStatus` field in an event, which Wise does not define", () => {
    const { production } = productionEventSchema.parse(bodyWith({ status: "UNRECOGNIZED", rawStatus: "PRODUCED" }));
    expect(production).toMatchObject({ status: "UNRECOGNIZED", rawStatus: "UNRECOGNIZED" });
  });
});

describe("productionEventSchema, encoding", () => {
  it("encodes what it decoded, with the names and the order of the documentation", () => {
    const body = z.encode(productionEventSchema, decoded);
    expect(JSON.stringify(body)).toBe(JSON.stringify(documentedBody));
  });

  it("encodes an unknown status unchanged", () => {
    const body = bodyWith({ status: "COLLECTED" });
    expect(z.encode(productionEventSchema, productionEventSchema.parse(body))).toStrictEqual(body);
  });

  it("encodes a body that productionEventBodySchema accepts", () => {
    const body = z.encode(productionEventSchema, { ...decoded, cardToken: null, subscriptionId: null });
    expect(productionEventBodySchema.parse(body)).toStrictEqual(body);
  });

  it("refuses to encode a profile id that would be rounded", () => {
    expect(() => z.encode(productionEventSchema, { ...decoded, profileId: 2 ** 53 })).toThrow(z.ZodError);
  });
});

describe("webhookEnvelopeSchema", () => {
  it.each([[{}], [{ event_type: 5 }], [{ event_type: null }], [[]], [null], ["text"]])(
    "webhookEnvelopeSchema refuses %j",
    (body) => {
      expect(webhookEnvelopeSchema.safeParse(body).success).toBe(false);
    },
  );

  it("decodes the type of any event, whatever the rest contains", () => {
    const body = { event_type: "transfers#state-change", schema_version: 4, subscription_id: {}, data: [1] };
    expect(webhookEnvelopeSchema.parse(body)).toMatchObject({
      event_type: "transfers#state-change",
      schema_version: null,
      subscription_id: null,
      data: [1],
    });
    expect(webhookEnvelopeSchema.parse({ event_type: "x" }).event_type).toBe("x");
  });
});
