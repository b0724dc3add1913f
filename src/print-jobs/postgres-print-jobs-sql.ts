/**
 * The condition of `isOpenPrintJob` in SQL. The partial index below has this condition, so PostgreSQL can use that index for
 * queries with the same condition.
 */
export const OPEN_JOB_SQL = "state not in ('produced', 'failed', 'refused', 'not-sent')";

/**
 * Creates the table `wise_print_job` and its indexes, for `postgresPrintJobStore`. Run it in a migration, or at every start: if
 * this version or a later one has run before, it changes nothing. Any number of instances may run it at the same time, at any
 * isolation level. It is one statement, so every driver can run it, even within a transaction.
 *
 * The table is created in the first schema of the `search_path`. Each Wise environment needs a table of its own: use a database
 * or a schema for each.
 *
 * An application needs the permissions SELECT, INSERT, UPDATE and DELETE on `wise_print_job`, and SELECT on
 * `wise_print_job_version` if it runs this statement. The column `job` holds the job as JSON text. The other columns serve to
 * find it and may change in a later version.
 */
export const POSTGRES_PRINT_JOBS_SQL = `do $wise_print_job$
begin
  perform pg_advisory_xact_lock(hashtextextended('wise_print_job', 0));
  -- Another instance may have just created the table. The snapshot, if the isolation level is strict, and to_regclass may be older
  -- than the lock. A statement that names the table is not.
  begin
    execute 'select from ' || concat_ws('.', quote_ident(current_schema()), 'wise_print_job_version');
    return;
  exception when undefined_table then
    null;
  end;

  -- Columns that are compared have the collation "C": the indexes do not depend on the locales of the operating system,
  -- whose updates damage other indexes on text.
  create table wise_print_job (
    id text collate "C" primary key,
    -- The order of insertion.
    place bigint generated always as identity unique,
    profile_id text collate "C" not null,
    card_token text collate "C" not null,
    -- In lower case.
    kiosk_id text collate "C" not null,
    state text collate "C" not null,
    version bigint not null,
    due_at text collate "C",
    updated_at text collate "C" not null,
    -- The job: JSON in ASCII.
    job text not null
  );
  -- The lock: one open job for each card. A state that is not known is open.
  create unique index wise_print_job_open on wise_print_job (profile_id, card_token)
    where ${OPEN_JOB_SQL};
  create index wise_print_job_card on wise_print_job (profile_id, card_token, place);
  create index wise_print_job_due on wise_print_job (due_at) where due_at is not null;
  create index wise_print_job_state on wise_print_job (state, place);
  create index wise_print_job_kiosk on wise_print_job (kiosk_id, place);

  create table wise_print_job_version (version integer primary key);
  insert into wise_print_job_version values (1);
end
$wise_print_job$;
`;
