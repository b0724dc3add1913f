import * as z from "zod";

/**
 * The body of the request to produce a card.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const produceRequestSchema = z.compile(z.object({ kioskId: z.string().min(1) }));
