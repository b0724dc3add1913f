/**
 * The zod schemas of everything that goes to and comes from Wise, to compose into your own. The types they give are those of
 * the main entry.
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
