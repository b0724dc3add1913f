/**
 * Prints that survive the process that asked for them: jobs, their rules and their stores.
 *
 * @module wise-card-kiosk/print-jobs
 */

export type { OnIntent, ProductionIntent } from "../calls/production-intent.js";
export type { ReconciledIntent } from "../calls/reconcile-intent.js";
export type { CardReference } from "../client/card-arguments.js";
export type { CallOptions } from "../client/client-options.js";
export type { ProduceCardRequest } from "../client/produce-card-request.js";
export { type AnyKioskError, isKioskError } from "../errors/any-kiosk-error.js";
export { KioskArgumentError } from "../errors/argument-error.js";
export { KioskError } from "../errors/kiosk-error.js";
export { KioskPrintJobConflictError, KioskPrintJobStoreError } from "../errors/print-job-errors.js";
export type { Operation } from "../production/operation.js";
export type { Production } from "../production/production.js";
export type { TokenContext, TokenProvider } from "../tokens/token-provider.js";
export type { KioskProductionEvent } from "../webhooks/event/webhook-event.js";
export type { AppliedPrintJobEvent } from "./apply-event.js";
export type { OnPrintJobChange } from "./job-changes.js";
export { memoryPrintJobStore } from "./memory-print-job-store.js";
export { type PostgresDatabase, postgresPrintJobStore } from "./postgres-print-job-store.js";
export { POSTGRES_PRINT_JOBS_SQL } from "./postgres-print-jobs-sql.js";
export type {
  DuePrintJobsQuery,
  PrintJobCard,
  PrintJobInsertion,
  PrintJobReplacement,
  PrintJobStore,
  PrintJobsPurge,
  PrintJobsQuery,
} from "./print-job-store.js";
export { PrintJobs } from "./print-jobs.js";
export type {
  ApplyPrintJobEventOptions,
  ListPrintJobsOptions,
  PurgePrintJobsOptions,
  ResolvePrintJobRequest,
  SweepPrintJobsOptions,
} from "./print-jobs-arguments.js";
export type { PrintJobsClient, PrintJobsOptions } from "./print-jobs-options.js";
export type { PrintRequest } from "./print-request.js";
export type {
  PrintJob,
  PrintJobError,
  PrintJobEvidence,
  PrintJobHistoryEntry,
  PrintJobState,
} from "./record/print-job.js";
export { isOpenPrintJob } from "./record/print-job-state.js";
export { nextPrintJob } from "./rules/next-print-job.js";
export type { PrintJobInput, PrintJobResolution, PrintJobTimes } from "./rules/print-job-input.js";
export type { PrintJobSweep } from "./sweep-jobs.js";
export { type PrintJobTally, type TallyPrintJobsOptions, tallyPrintJobs } from "./tally-print-jobs.js";
