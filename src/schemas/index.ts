/**
 * The schemas of productions, production requests and webhook events, built with `zod/mini`.
 *
 * @module wise-card-kiosk/schemas
 */

/**
 * The zod schemas of productions, requests and webhook events, to compose into your own. Their output types match the types of
 * the main entry point.
 */
export {
  decodedProductionSchema,
  productionBodySchema,
  productionErrorCodeSchema,
  productionSchema,
  productionStatusSchema,
  requestErrorCodeSchema,
} from "./production.js";
export { produceRequestSchema, simulationRequestSchema } from "./requests.js";
export { productionEventBodySchema, productionEventSchema, webhookEnvelopeSchema } from "./webhook-event.js";
