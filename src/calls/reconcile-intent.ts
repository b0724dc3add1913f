import { saysThatRequestExists } from "../production/existing-request.js";
import type { Production } from "../production/production.js";
import { concludeProduction } from "./conclude.js";
import { estimateIntentStart, isIntentWindowOver, type ReadBeginning } from "./intent-clock.js";
import type { ProductionIntent } from "./production-intent.js";

/** The part of an intent that shows what became of it. */
export type ReconcilableIntent = Omit<ProductionIntent, "correlationId" | "sendBy" | "requests">;

/** What became of a {@link ProductionIntent}. */
export interface ReconciledIntent {
  /**
   * - `ours`: the production is that of the intent, or its kiosk is printing the card anyway: follow it;
   * - `not-taken`: the intent had no effect, so it is safe to produce the card again;
   * - `unknown`: the state of the card does not show it, so a person must find out.
   */
  readonly outcome: "ours" | "not-taken" | "unknown";
  /** The state of the card that was read. */
  readonly production: Production;
}

/** A read of the state of an intent's card. */
export interface IntentRead extends ReadBeginning {
  /** The state that was read. */
  readonly production: Production;
}

/**
 * Decides what a read shows about an intent, with the conclusions of `produceCard`. Returns `undefined` if it shows nothing yet:
 * the card must be read again.
 *
 * | conclusion | within the window | after the window |
 * | --- | --- | --- |
 * | resolve | `ours`; nothing yet if the state is older than the intent | `ours` |
 * | send again | nothing yet | `not-taken` |
 * | stop | nothing yet | `unknown` |
 *
 * A refusal that says that a request exists is `unknown` instead of `not-taken`: producing the card again would not be safe.
 *
 * @param windowMs how long after the end of the request a read that does not show its effect proves nothing, in milliseconds.
 */
export function reconcileIntent(
  intent: ReconcilableIntent,
  read: IntentRead,
  windowMs: number,
): ReconciledIntent | undefined {
  const { production } = read;
  const { kioskId, previous } = intent;
  const before = previous ?? undefined;
  const { action, attribution } = concludeProduction({
    read: production,
    kioskId,
    before,
    began: estimateIntentStart(intent),
  });
  if (action === "resolve" && attribution !== "older") return { outcome: "ours", production };
  if (!isIntentWindowOver(intent, read, windowMs)) return undefined;
  if (action === "resolve") return { outcome: "ours", production };
  const isFree = action === "send-again" && !saysThatRequestExists(production);
  return { outcome: isFree ? "not-taken" : "unknown", production };
}
