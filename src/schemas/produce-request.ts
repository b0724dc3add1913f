import * as z from "zod";

/** A text that is not blank and has no white space around it: it is compared with the id that Wise reports. */
const KIOSK_ID = /^\S(.*\S)?$/s;

/**
 * The body of the request to produce a card.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const produceRequestSchema = z.compile(z.object({ kioskId: z.string().regex(KIOSK_ID) }));
