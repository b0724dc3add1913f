import * as z from "zod";
import { VISIBLE_ASCII } from "../text/visible-ascii.js";

/**
 * The body with which Wise answers a refresh of a user's token. Tokens are opaque: their form is going to change.
 *
 * A refresh voids the token before it, so an access token is never lost for what is wrong with the fields beside it.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export const tokenResponseSchema = z.compile(
  z.object({
    access_token: z.string().regex(VISIBLE_ASCII),
    refresh_token: z.string().min(1).nullish().catch(null),
    expires_in: z.number().nonnegative().nullish().catch(null),
    expires_at: z.string().nullish().catch(null),
  }),
);
