/**
 * The zod schemas of everything that goes to and comes from Wise, to compose into your own. The types they give are those of
 * the main entry.
 */
export { productionErrorCodeSchema, requestErrorCodeSchema } from "./error-codes.js";
export { produceRequestSchema } from "./produce-request.js";
export {
  decodedProductionSchema,
  productionBodySchema,
  productionSchema,
  productionStatusSchema,
} from "./production.js";
export { simulationRequestSchema } from "./simulation-request.js";
export { productionEventBodySchema, productionEventSchema, webhookEnvelopeSchema } from "./webhook-event.js";
