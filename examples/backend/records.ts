const { WISE_PROFILE_ID, WISE_CARD_TOKEN, WISE_REFRESH_TOKEN } = process.env;

/** Stands for a table of the bank: whose card it is, by card token. */
export const cards = new Map<string, { readonly profileId: string }>();

/** Stands for a table of the bank: the customers' refresh tokens, by profile. In a bank they are encrypted. */
export const customers = new Map<string, { readonly refreshToken: string }>();

if (WISE_PROFILE_ID && WISE_CARD_TOKEN && WISE_REFRESH_TOKEN) {
  cards.set(WISE_CARD_TOKEN, { profileId: WISE_PROFILE_ID });
  customers.set(WISE_PROFILE_ID, { refreshToken: WISE_REFRESH_TOKEN });
}
