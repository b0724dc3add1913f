const { WISE_PROFILE_ID, WISE_CARD_TOKEN, WISE_REFRESH_TOKEN } = process.env;

/** Stands in for a table of the bank: the owner of each card, by card token. */
export const cards = new Map<string, { readonly profileId: string }>();

/** Stands in for a table of the bank: the customers' refresh tokens, by profile. Encrypt them in production. */
export const customers = new Map<string, { readonly refreshToken: string }>();

if (WISE_PROFILE_ID && WISE_CARD_TOKEN && WISE_REFRESH_TOKEN) {
  cards.set(WISE_CARD_TOKEN, { profileId: WISE_PROFILE_ID });
  customers.set(WISE_PROFILE_ID, { refreshToken: WISE_REFRESH_TOKEN });
}
