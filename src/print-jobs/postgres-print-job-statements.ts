import { toKey, toKioskKey } from "./postgres-print-job-row.js";
import { OPEN_JOB_SQL } from "./postgres-print-jobs-sql.js";
import type { PrintJobsQuery } from "./print-job-store.js";

/**
 * Locks a card until the end of the transaction: transactions that insert or reopen a job of the card wait for each other. The
 * parameters are the profile and the token.
 */
export const LOCK_CARD = lockCard("$1", "$2");

/**
 * Inserts a job, unless a job with its id or an open job of its card exists. The lock makes jobs of a card take their places in
 * the order of insertion: without it, a job could take its place and then wait for another job to be inserted.
 *
 * If a job with its id exists, the lock is not taken: a transaction that has changed that job may be about to lock the card, and
 * an insertion that holds the lock would wait for the transaction.
 */
export const INSERT = `with card as materialized (
    ${lockCard("$2", "$3")} where not exists (select from wise_print_job where id = $1::text)
  )
  insert into wise_print_job (id, profile_id, card_token, kiosk_id, state, version, due_at, updated_at, job)
  select $1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint, $7::text, $8::text, $9::text from card
  on conflict do nothing
  returning id`;

/** Selects the job that prevents an insertion: the one with the id, or else the open job of the card. */
export const SELECT_JOB_IN_THE_WAY = `select job from wise_print_job
  where id = $1::text or (profile_id = $2::text and card_token = $3::text and ${OPEN_JOB_SQL})
  order by id = $1::text desc
  limit 1`;

/** Replaces a version of a job by a closed job, which cannot conflict with another one. */
export const REPLACE_BY_CLOSED = replaceIf("true");

/** Replaces a version of an open job, which already holds its card. */
export const REPLACE_OPEN = replaceIf(OPEN_JOB_SQL);

/** Replaces a version of a closed job by an open one, unless another job of the card is open. */
export const REOPEN = replaceIf(
  `not exists (
    select from wise_print_job where profile_id = $2::text and card_token = $3::text and ${OPEN_JOB_SQL}
  )`,
);

/** Selects a job if it has a version. */
export const SELECT_VERSION = "select id from wise_print_job where id = $1::text and version = $2::bigint";

/** Selects a job by its id. */
export const SELECT_JOB = "select job from wise_print_job where id = $1::text";

/** Selects the jobs of a card, newest first. */
export const SELECT_JOBS_OF_CARD = `select job from wise_print_job
  where profile_id = $1::text and card_token = $2::text
  order by place desc
  limit $3::bigint`;

/** Selects the due jobs, the earliest first. */
export const SELECT_DUE_JOBS = `select job from wise_print_job
  where due_at <= $1::text
  order by due_at, place
  limit $2::bigint`;

/**
 * Deletes closed jobs that last changed before a time, and returns how many. A job that another transaction is changing stays: that
 * transaction may be about to change a job that is already deleted here, and each would wait for the other.
 */
export const PURGE = `with old as materialized (
    select id from wise_print_job where updated_at < $1::text and not (${OPEN_JOB_SQL}) for update skip locked
  ),
  purged as (delete from wise_print_job where id in (select id from old) returning id)
  select count(*) as purged from purged`;

/**
 * Returns the statement for a page of jobs. It contains only the conditions of the query, so that PostgreSQL can use their
 * indexes.
 */
export function selectPage({ states, kioskId, after, limit }: PrintJobsQuery): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions: string[] = [];
  // Not an array, because drivers encode arrays differently. A key contains no line break.
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
