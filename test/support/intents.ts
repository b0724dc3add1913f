import type { ProductionIntent } from "../../src/index.js";
import { CARD } from "./transports.js";

/** An intent whose only request was about to start at `at`, on a machine with Wise's clock, 3 s after a response from Wise. */
export function createIntent(at: number, changes: Partial<ProductionIntent> = {}): ProductionIntent {
  const text = (ms: number) => new Date(ms).toISOString();
  return {
    profileId: String(CARD.profileId),
    cardToken: CARD.cardToken,
    kioskId: "WIS00001",
    correlationId: "till-7",
    previous: null,
    requestedAt: text(at),
    sendBy: text(at + 5000),
    expiresAt: text(at + 35_000),
    wiseAt: text(at - 3000),
    wiseAtOurs: text(at - 3000),
    requests: 1,
    ...changes,
  };
}
