import * as z from "zod";

/**
 * The body with which Wise answers a refresh of a user's token. Tokens are opaque: their form is going to change.
 *
 * A refresh voids the token before it, so an access token is never lost for what is wrong with the fields beside it.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export const tokenAnswerSchema = z.compile(
  z.object({
    access_token: z.string().regex(/^[\x21-\x7e]+$/),
    refresh_token: z.string().min(1).nullish().catch(null),
    expires_in: z.number().nonnegative().nullish().catch(null),
    expires_at: z.string().nullish().catch(null),
  }),
);
