import { errorFixtures } from "./fixtures/error-fixtures.js";
import { productionFixtures } from "./fixtures/production-fixtures.js";
import { webhookFixtures } from "./fixtures/webhook-fixtures.js";

/**
 * Sample data for tests: the same each time, valid, and with whatever is given otherwise.
 *
 * @example fixtures.production.inProgress({ kioskId: "WIS00002" })
 * @example simulator.injectFault({ fault: fixtures.error.rateLimited() })
 * @example simulator.deliver(fixtures.webhook.productionStatusChange({ data: { status: "READY" } }))
 */
export const fixtures = { production: productionFixtures, error: errorFixtures, webhook: webhookFixtures } as const;
