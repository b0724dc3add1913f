import * as z from "zod";

/**
 * The body with which Wise answers a refresh of a user's token. Tokens are opaque: their form is going to change.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export const tokenAnswerSchema = z.compile(
  z.object({
    access_token: z.string().regex(/^[\x21-\x7e]+$/),
    refresh_token: z.string().min(1).nullish(),
    expires_in: z.number().nonnegative().nullish(),
    expires_at: z.string().nullish(),
  }),
);
