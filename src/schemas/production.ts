import * as z from "zod";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../production/error-codes.js";
import type { Production } from "../production/production.js";
import { PRODUCTION_STATUSES } from "../production/production-status.js";

/** A text, or `null`. */
export const nullableText = z.string().nullable();

const details = { kioskId: nullableText, occurredAt: nullableText, description: nullableText };

/** The statuses that this version knows. Closed: what may arrive from Wise is decoded by {@link productionSchema}. */
export const productionStatusSchema = z.enum(PRODUCTION_STATUSES);

/** A {@link Production} as this package gives it, decoded. */
export const decodedProductionSchema = z.discriminatedUnion("status", [
  z.object({ status: z.literal("READY"), ...details, errorCode: z.null() }),
  z.object({ status: z.literal("IN_PROGRESS"), ...details, errorCode: z.null() }),
  z.object({ status: z.literal("PRODUCED"), ...details, errorCode: z.null() }),
  z.object({ status: z.literal("PRODUCTION_ERROR"), ...details, errorCode: nullableText }),
  z.object({ status: z.literal("REQUEST_ERROR"), ...details, errorCode: nullableText }),
  z.object({ status: z.literal("UNRECOGNIZED"), rawStatus: z.string(), ...details, errorCode: nullableText }),
]);

/** The body with which Wise tells the state of a production: only `status` is required, unknown fields are dropped. */
export const productionBodySchema = z.object({
  status: z.string(),
  /** Not a field of Wise's: it lets a decoded production of an unknown status be decoded again. */
  rawStatus: z.unknown().optional(),
  kioskId: z.string().nullish(),
  occurredAt: z.string().nullish(),
  errorCode: z.string().nullish(),
  description: z.string().nullish(),
});

/**
 * Decodes a body that Wise sent into a {@link Production}, and encodes it again. Missing and `null` fields both become `null`, a
 * status that this version does not know becomes `UNRECOGNIZED`.
 */
export const productionSchema = z.compile(
  z.codec(productionBodySchema, decodedProductionSchema, { decode: toProduction, encode: toProductionBody }),
);

type ProductionBody = z.output<typeof productionBodySchema>;

function toProduction(body: ProductionBody): Production {
  const { status, kioskId = null, occurredAt = null, description = null, errorCode = null } = body;
  const details = { kioskId, occurredAt, description };
  switch (status) {
    case "READY":
    case "IN_PROGRESS":
    case "PRODUCED":
      return { status, ...details, errorCode: null };
    case "PRODUCTION_ERROR":
    case "REQUEST_ERROR":
      return { status, ...details, errorCode };
    default:
      return { status: "UNRECOGNIZED", rawStatus: toRawStatus(body), ...details, errorCode };
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

/** The request error codes that this version knows. Closed: for what may arrive from Wise, fall back to a plain string. */
export const requestErrorCodeSchema = z.enum(REQUEST_ERROR_CODES);

/** The production error codes that this version knows. Closed: for what may arrive from Wise, fall back to a plain string. */
export const productionErrorCodeSchema = z.enum(PRODUCTION_ERROR_CODES);
