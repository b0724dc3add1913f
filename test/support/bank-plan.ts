import type { KioskProductionEvent, ResolvePrintJobRequest } from "wise-card-kiosk/print-jobs";

/** Something that the bank's process does. */
export type BankAct =
  | { readonly do: "print"; readonly id: string }
  | { readonly do: "sweep" }
  | { readonly do: "apply"; readonly event: KioskProductionEvent }
  | { readonly do: "resolve"; readonly id: string; readonly resolution: ResolvePrintJobRequest };

/** A step of the process: a call of the store, or of a request to Wise. `query sent` is one of PostgreSQL, before its result. */
export type Step =
  | `${"insert" | "replace"} ${"begins" | "ends"}`
  | `${"PUT" | "GET"} ${"begins" | "sent" | "ends"}`
  | "query sent";

/** One step of the process: the first, second or later one of a kind, or of any kind. */
export interface StepOfMany {
  readonly at: Step | "any step";
  /** From 1. */
  readonly nth: number;
}

/** Where the bank keeps its jobs: in a folder, or in a PostgreSQL database. */
export type BankDatabase = { readonly folder: string } | { readonly url: string };

/** What one process of the bank is, and what it does until it ends or is killed. */
export interface BankPlan {
  readonly database: BankDatabase;
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
  /** Where it is killed. */
  readonly death?: StepOfMany | undefined;
  /**
   * Where it stands still, as on a machine that is suspended, until it gets a line that says for how long that was. It does not
   * stand still at `PUT begins`: between the last check and the first byte, nothing can keep the request from leaving.
   */
  readonly freeze?: StepOfMany | undefined;
}

/** What came of an act: what it resolved with, or the code of its error. */
export type ActResult = { readonly result: unknown } | { readonly error: string };

/** A line of JSON that the process writes. */
export type BankLine = ActResult | { readonly isFrozen: true };
