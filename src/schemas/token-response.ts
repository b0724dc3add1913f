import * as z from "zod";
import { VISIBLE_ASCII } from "../text/visible-ascii.js";

/**
 * The body of Wise's response to a refresh of a user's token. Tokens are opaque, and may have any length.
 *
 * A refresh voids the previous token, so the access token must not be lost because of a malformed optional field.
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
