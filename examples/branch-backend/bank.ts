import type { Pool } from "pg";

/** Stands in for the bank's own tables: the owner of each card, and each customer's access token for Wise. */
export const BANK_TABLES_SQL = `
  create table bank_card (card_token text primary key, profile_id text not null);
  create table bank_customer (profile_id text primary key, wise_access_token text not null);
`;

/** Returns the profile that owns a card, or `undefined` if the bank has no such card. */
export async function findOwner(pool: Pool, cardToken: string): Promise<string | undefined> {
  const { rows } = await pool.query("select profile_id from bank_card where card_token = $1", [cardToken]);
  return rows[0]?.profile_id;
}

/**
 * Returns the customer's access token for Wise. Another program of the bank refreshes it for all instances: see
 * `createRefreshingToken`. Encrypt it in production.
 */
export async function findToken(pool: Pool, profileId: string): Promise<string> {
  const { rows } = await pool.query("select wise_access_token from bank_customer where profile_id = $1", [profileId]);
  if (rows.length === 0) throw new Error("This customer has not connected a Wise account.");
  return rows[0].wise_access_token;
}
