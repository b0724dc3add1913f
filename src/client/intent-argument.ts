import { mustBe, quoteValue } from "../arguments/found-value.js";
import type { ProductionIntent } from "../calls/production-intent.js";
import type { ReconcilableIntent } from "../calls/reconcile-intent.js";
import { parseObject } from "../options/option-values.js";
import { parseTimestamp } from "../production/timestamp.js";
import { parseCardToken, parseKioskId, parseProfileId } from "./card-arguments.js";
import { parseProductionArgument } from "./production-argument.js";

/**
 * Validates an intent that was stored. A later version may have written it, so unknown fields are ignored, and a missing field that
 * may be `null` is `null`.
 *
 * @throws {KioskArgumentError} if a field is invalid; it names the field.
 */
export function parseIntent(intent: unknown): ReconcilableIntent {
  const fields: Partial<Record<keyof ProductionIntent, unknown>> = parseObject("intent", intent as object);
  const wiseAt = parseOptionalTimeField("wiseAt", fields.wiseAt);
  const wiseAtOurs = parseOptionalTimeField("wiseAtOurs", fields.wiseAtOurs);
  if (wiseAt === null && wiseAtOurs !== null) throw mustBe("wiseAt", "a time if wiseAtOurs is one", "null");
  if (wiseAt !== null && wiseAtOurs === null) throw mustBe("wiseAtOurs", "a time if wiseAt is one", "null");
  return {
    profileId: parseProfileId(fields.profileId),
    cardToken: parseCardToken(fields.cardToken),
    kioskId: parseKioskId(fields.kioskId),
    previous: parseProductionArgument("previous", fields.previous) ?? null,
    requestedAt: parseTimeField("requestedAt", fields.requestedAt),
    expiresAt: parseTimeField("expiresAt", fields.expiresAt),
    wiseAt,
    wiseAtOurs,
  };
}

function parseOptionalTimeField(field: string, value: unknown): string | null {
  return value === undefined || value === null ? null : parseTimeField(field, value);
}

function parseTimeField(field: string, value: unknown): string {
  if (typeof value === "string" && parseTimestamp(value) !== undefined) return value;
  throw mustBe(field, "an ISO 8601 time with a time zone, as it was stored", quoteValue(value));
}
