import { type ErrorFixtures, errorFixtures } from "./fixtures/error-fixtures.js";
import { type ProductionFixtures, productionFixtures } from "./fixtures/production-fixtures.js";
import { type WebhookFixtures, webhookFixtures } from "./fixtures/webhook-fixtures.js";

/** Sample data for tests, by kind. */
export interface Fixtures {
  /** Productions as the client returns them. */
  readonly production: ProductionFixtures;
  /** Error responses, for `injectFault({ fault })`. */
  readonly error: ErrorFixtures;
  /** Webhook bodies, for `deliver`, or as JSON for `signWebhook`. */
  readonly webhook: WebhookFixtures;
}

/**
 * Sample data for tests: the same on every call, with the changes that you pass.
 *
 * @example
 * ```ts
 * import { fixtures } from "wise-card-kiosk/testing";
 *
 * console.log(fixtures.production.inProgress({ kioskId: "WIS00002" }).kioskId);
 * // → WIS00002
 * simulator.injectFault({ fault: fixtures.error.rateLimited() });
 * ```
 */
export const fixtures: Fixtures = { production: productionFixtures, error: errorFixtures, webhook: webhookFixtures };
