import type { Production } from "wise-card-kiosk";
import { productionErrorCodeSchema, productionSchema } from "wise-card-kiosk/schemas";
import * as z from "zod";

const printJobSchema = z.object({ id: z.number(), production: productionSchema });

export const production: Production = printJobSchema.parse({}).production;
export const encoded: { status: string } = z.encode(productionSchema, production);
export const code: "PRD_HOPPER_JAM" = productionErrorCodeSchema.enum.PRD_HOPPER_JAM;
