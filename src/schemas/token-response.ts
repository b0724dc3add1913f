import * as z from "zod/mini";
import { VISIBLE_ASCII } from "../text/visible-ascii.js";
import { define } from "./define.js";
import { orNull } from "./or-null.js";

/**
 * The body of Wise's response to a request for a token. A token is opaque and may be long.
 *
 * A refresh voids the previous token, so the access token must not be lost because of a malformed optional field.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export const tokenResponseSchema = /* @__PURE__ */ define(() =>
  z.object({
    access_token: z.string().check(z.regex(VISIBLE_ASCII)),
    refresh_token: orNull(z.string().check(z.minLength(1))),
    expires_in: orNull(z.union([z.number().check(z.nonnegative()), z.string().check(z.regex(/^\d+$/))])),
    expires_at: orNull(z.string()),
  }),
);
