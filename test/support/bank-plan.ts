import type { KioskProductionEvent, ResolvePrintJobRequest } from "wise-card-kiosk/print-jobs";

/** An action of the bank's process. */
export type BankAct =
  | { readonly do: "print"; readonly id: string; readonly reconcileWindowMs?: number }
  | { readonly do: "sweep" }
  | { readonly do: "apply"; readonly event: KioskProductionEvent }
  | { readonly do: "resolve"; readonly id: string; readonly resolution: ResolvePrintJobRequest };

/** A step of the process: a call of the store, or of a request to Wise. `query sent` is one of PostgreSQL, before its result. */
export type ProcessStep =
  | `${"insert" | "replace"} ${"begins" | "ends"}`
  | `${"PUT" | "GET"} ${"begins" | "sent" | "ends"}`
  | "query sent";

/** One step of the process: the first, second or a later one of a kind, or of any kind. */
export interface StepOfMany {
  readonly at: ProcessStep | "any step";
  /** The number of the step among those of its kind, from 1. */
  readonly nth: number;
}

/** Where the bank keeps its jobs: in a folder, or in a PostgreSQL database. */
export type BankDatabase = { readonly folder: string } | { readonly url: string };

/** How a broken store behaves, so that a test can show that the promises then break. */
export type StoreDefect = "ignores versions" | "loses intents";

/** The settings of one process of the bank, and its actions. */
export interface BankPlan {
  readonly database: BankDatabase;
  readonly storeDefect?: StoreDefect | undefined;
  readonly baseUrl: string;
  readonly token: string;
  readonly card: { readonly profileId: number; readonly cardToken: string };
  readonly kioskId: string;
  readonly timeoutMs: number;
  readonly reconcileWindowMs: number;
  readonly overdueMs: number;
  readonly staleMs: number;
  /** How far the clock of the process is ahead of that of this machine, in milliseconds. */
  readonly aheadMs: number;
  readonly acts: readonly BankAct[];
  /** The step at which the process is killed. */
  readonly death?: StepOfMany | undefined;
  /**
   * The step at which the process freezes, as on a suspended machine, until it receives a line with the milliseconds that have
   * passed. It never freezes at `PUT begins`: between the last check and the first byte, nothing can stop the request.
   */
  readonly freeze?: StepOfMany | undefined;
}

/** The outcome of an action: the result, or the code of the error. */
export type ActResult = { readonly result: unknown } | { readonly error: string };

/** A line of JSON that the process writes. */
export type BankLine = ActResult | { readonly isFrozen: true };
