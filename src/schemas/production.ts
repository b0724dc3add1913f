import * as z from "zod/mini";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../production/error-codes.js";
import type { Production } from "../production/production.js";
import { PRODUCTION_STATUSES } from "../production/production-status.js";
import { closedEnum } from "./closed-enum.js";
import { define } from "./define.js";

/** A string or `null`. */
export const nullableText = /* @__PURE__ */ define(() => z.nullable(z.string()));

/** A string, `null` or nothing. */
export const nullishText = /* @__PURE__ */ define(() => z.nullish(z.string()));

/** The statuses that this version knows. Wise may send others: use {@link productionSchema} to decode what arrives. */
export const productionStatusSchema = /* @__PURE__ */ closedEnum(PRODUCTION_STATUSES);

/** A decoded {@link Production}. */
export const decodedProductionSchema = /* @__PURE__ */ define(() => {
  const details = { kioskId: nullableText, occurredAt: nullableText, description: nullableText };
  return z.discriminatedUnion("status", [
    z.object({ status: z.literal("READY"), ...details, errorCode: z.literal(null) }),
    z.object({ status: z.literal("IN_PROGRESS"), ...details, errorCode: z.literal(null) }),
    z.object({ status: z.literal("PRODUCED"), ...details, errorCode: z.literal(null) }),
    z.object({ status: z.literal("PRODUCTION_ERROR"), ...details, errorCode: nullableText }),
    z.object({ status: z.literal("REQUEST_ERROR"), ...details, errorCode: nullableText }),
    z.object({ status: z.literal("UNRECOGNIZED"), rawStatus: z.string(), ...details, errorCode: nullableText }),
  ]);
});

/** The body in which Wise reports the state of a production. Only `status` is required; unknown fields are dropped. */
export const productionBodySchema = /* @__PURE__ */ define(() =>
  z.object({
    status: z.string(),
    /** Wise does not send this field: it allows a decoded production with an unknown status to be decoded again. */
    rawStatus: z.optional(z.unknown()),
    kioskId: nullishText,
    occurredAt: nullishText,
    errorCode: nullishText,
    description: nullishText,
  }),
);

/**
 * Decodes a body from Wise into a {@link Production}, and encodes a production as such a body. Missing and `null` fields both
 * become `null`. A status that this version does not know becomes `UNRECOGNIZED`.
 */
export const productionSchema = /* @__PURE__ */ define(() =>
  z.codec(productionBodySchema, decodedProductionSchema, { decode: toProduction, encode: toProductionBody }),
);

type ProductionBody = z.output<typeof productionBodySchema>;

/**
 * Returns the {@link Production} that a body reports. {@link productionSchema} also checks the result. That takes as long as the
 * check of the body, and never fails.
 */
export function toProduction(body: ProductionBody): Production {
  const { status, kioskId = null, occurredAt = null, description = null, errorCode = null } = body;
  switch (status) {
    case "READY":
    case "IN_PROGRESS":
    case "PRODUCED":
      return { status, kioskId, occurredAt, description, errorCode: null };
    case "PRODUCTION_ERROR":
    case "REQUEST_ERROR":
      return { status, kioskId, occurredAt, description, errorCode };
    default:
      return { status: "UNRECOGNIZED", rawStatus: toRawStatus(body), kioskId, occurredAt, description, errorCode };
  }
}

function toRawStatus({ status, rawStatus }: ProductionBody): string {
  return status === "UNRECOGNIZED" && typeof rawStatus === "string" ? rawStatus : status;
}

function toProductionBody(production: Production): ProductionBody {
  if (production.status !== "UNRECOGNIZED") return production;
  const { rawStatus, ...rest } = production;
  return { ...rest, status: rawStatus };
}

/** The request error codes that this version knows. Wise may send others: allow any string in what arrives. */
export const requestErrorCodeSchema = /* @__PURE__ */ closedEnum(REQUEST_ERROR_CODES);

/** The production error codes that this version knows. Wise may send others: allow any string in what arrives. */
export const productionErrorCodeSchema = /* @__PURE__ */ closedEnum(PRODUCTION_ERROR_CODES);
