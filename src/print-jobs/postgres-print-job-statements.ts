import { toKey, toKioskKey } from "./postgres-print-job-row.js";
import { OPEN_JOB_SQL } from "./postgres-print-jobs-sql.js";
import type { PrintJobsQuery } from "./print-job-store.js";

/**
 * Makes a transaction wait for the others that insert a job of the card or open one again, and them for this one, until it ends.
 * The parameters are the profile and the token.
 */
export const LOCK_CARD = lockCard("$1", "$2");

/**
 * Inserts a job, unless one with its id or an open one of its card is there. With the lock, jobs of a card take their places in
 * the order in which they are inserted: otherwise one that has to wait might have taken its place before.
 */
export const INSERT = `with card as materialized (${lockCard("$2", "$3")})
  insert into wise_print_job (id, profile_id, card_token, kiosk_id, state, version, due_at, updated_at, job)
  select $1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint, $7::text, $8::text, $9::text from card
  on conflict do nothing
  returning id`;

export const SELECT_JOB_IN_THE_WAY = `select job from wise_print_job
  where id = $1::text or (profile_id = $2::text and card_token = $3::text and ${OPEN_JOB_SQL})
  order by id = $1::text desc
  limit 1`;

/** Replaces a version of a job by a closed job, which cannot be in conflict with another one. */
export const REPLACE_BY_CLOSED = replaceIf("true");

/** Replaces a version of a job that is open. It holds its card already. */
export const REPLACE_OPEN = replaceIf(OPEN_JOB_SQL);

/** Replaces a version of a closed job by an open one, unless a job of the card is open. */
export const REOPEN = replaceIf(
  `not exists (
    select from wise_print_job where profile_id = $2::text and card_token = $3::text and ${OPEN_JOB_SQL}
  )`,
);

export const SELECT_VERSION = "select id from wise_print_job where id = $1::text and version = $2::bigint";

export const SELECT_JOB = "select job from wise_print_job where id = $1::text";

export const SELECT_JOBS_OF_CARD = `select job from wise_print_job
  where profile_id = $1::text and card_token = $2::text
  order by place desc
  limit $3::bigint`;

export const SELECT_DUE_JOBS = `select job from wise_print_job
  where due_at <= $1::text
  order by due_at, place
  limit $2::bigint`;

export const PURGE = `with purged as (
    delete from wise_print_job where updated_at < $1::text and not (${OPEN_JOB_SQL}) returning id
  )
  select count(*) as purged from purged`;

/** Returns the statement for a page of jobs. It has only the conditions of the query, so that PostgreSQL can use their indexes. */
export function selectPage({ states, kioskId, after, limit }: PrintJobsQuery): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions: string[] = [];
  // Not as an array: drivers write those in different ways. A key has no line break.
  if (states !== undefined) {
    const keys = parameter(states.map(toKey).join("\n"));
    conditions.push(`state = any (string_to_array(${keys}::text, chr(10)))`);
  }
  if (kioskId !== undefined) conditions.push(`kiosk_id = ${parameter(toKioskKey(kioskId))}::text`);
  if (after !== undefined) {
    conditions.push(`place < (select place from wise_print_job where id = ${parameter(toKey(after))}::text)`);
  }
  const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
  const text = `select job from wise_print_job ${where} order by place desc limit ${parameter(limit)}::bigint`;
  return { text, values };
}

function lockCard(profileId: string, cardToken: string): string {
  return `select pg_advisory_xact_lock(hashtextextended('wise_print_job ' || ${profileId}::text || ' ' || ${cardToken}::text, 0))`;
}

function replaceIf(condition: string): string {
  return `update wise_print_job
    set (profile_id, card_token, kiosk_id, state, version, due_at, updated_at, job)
      = ($2::text, $3::text, $4::text, $5::text, $6::bigint, $7::text, $8::text, $9::text)
    where id = $1::text and version = $10::bigint and ${condition}
    returning id`;
}
