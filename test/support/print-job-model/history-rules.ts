import type { Trouble } from "./modelled-client.js";

/** What may happen in a history. */
export interface HistoryRules extends Trouble {
  /** Whether clocks of processes are up to a minute ahead of Wise's or behind it. */
  readonly isSkewed: boolean;
  /** Whether processes may stand still for longer than the clocks differ. */
  readonly mayFreeze: boolean;
  /** The probability that a call of the store fails. */
  readonly storeFailures: number;
  /** Whether the store accepts a write of any version, as a broken store may. */
  readonly ignoresVersions: boolean;
  /** Whether someone prints without print jobs. */
  readonly othersPrint: boolean;
  /** Whether events have their times in whole seconds. */
  readonly wholeSeconds: boolean;
  /** The reconcile window of the prints, in milliseconds; `undefined` if it is that of the client. */
  readonly printWindowMs: number | undefined;
  /** Whether calls may send again after a request in doubt. */
  readonly resend: boolean;
  /** Whether prints may have deadlines and may be aborted. */
  readonly mayGiveUp: boolean;
  /** Whether persons resolve jobs. They always state the truth, and nothing if it is not known yet. */
  readonly personsResolve: boolean;
}

/** The result of a history. */
export interface HistoryResult {
  /** The promises that were broken. */
  readonly broken: readonly string[];
  /** What happened, in order. */
  readonly log: readonly string[];
  /** The states of the jobs at the end. */
  readonly states: readonly string[];
}
