import type { Production } from "wise-card-kiosk";
import {
  decodedProductionSchema,
  productionErrorCodeSchema,
  productionEventSchema,
  productionSchema,
  requestErrorCodeSchema,
} from "wise-card-kiosk/schemas";
import * as z from "zod";
import * as mini from "zod/mini";

const printSchema = z.object({
  production: productionSchema.check(mini.refine(({ kioskId }) => kioskId !== "")),
  event: z.nullable(productionEventSchema),
  history: z.array(decodedProductionSchema).optional(),
  code: z.union([productionErrorCodeSchema, requestErrorCodeSchema, z.string()]),
});

type Input = z.input<typeof printSchema>;
type Output = z.output<typeof printSchema>;

export const input: Input = { production: { status: "PAUSED" }, event: null, code: "PRD_HOPPER_JAM" };
// @ts-expect-error The status is required.
export const withoutStatus: Input = { production: {}, event: null, code: "" };
export const output: Output = printSchema.parse(input);
export const production: Production = output.production;
export const profileId: number | undefined = output.event?.profileId;
export const history: readonly Production[] | undefined = output.history;

export const miniSchema = mini.object({ production: mini.optional(productionSchema) });
export const fromMini: Production | undefined = miniSchema.parse({}).production;
