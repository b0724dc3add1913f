import { type ErrorFixtures, errorFixtures } from "./fixtures/error-fixtures.js";
import { type ProductionFixtures, productionFixtures } from "./fixtures/production-fixtures.js";
import { type WebhookFixtures, webhookFixtures } from "./fixtures/webhook-fixtures.js";

/** The kinds of sample data. */
export interface Fixtures {
  /** Productions as the client returns them. */
  readonly production: ProductionFixtures;
  /** Error responses, for `injectFault`. */
  readonly error: ErrorFixtures;
  /** Bodies of webhooks, for `deliver` and `signWebhook`. */
  readonly webhook: WebhookFixtures;
}

/**
 * Sample data for tests: valid, the same each time, and with the changes that are given.
 *
 * @example fixtures.production.inProgress({ kioskId: "WIS00002" })
 * @example simulator.injectFault({ fault: fixtures.error.rateLimited() })
 * @example simulator.deliver(fixtures.webhook.productionStatusChange({ data: { status: "READY" } }))
 */
export const fixtures: Fixtures = { production: productionFixtures, error: errorFixtures, webhook: webhookFixtures };
