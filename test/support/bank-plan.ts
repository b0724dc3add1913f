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

/** When the process is killed: at a step, or after so many steps of any kind. */
export interface Death {
  readonly at: Step | "any step";
  /** Which one of these steps it is, from 1. */
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
  readonly death?: Death | undefined;
}

/** What the process says about an act, as one line of JSON: what it resolved with, or the code of its error. */
export type ActResult = { readonly result: unknown } | { readonly error: string };
