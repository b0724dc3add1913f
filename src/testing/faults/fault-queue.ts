import type { SimulatedOperation } from "../../production/operation.js";
import { type Fault, type FaultInjection, type InjectedFault, isDelayedArrival } from "./fault.js";
import { parseFaultInjection } from "./parse-fault-injection.js";

/** A fault that applies to a request. */
export interface MatchedFault {
  readonly fault: Fault;
  /** Whether the request takes effect nevertheless. */
  readonly takesEffect: boolean;
}

interface PendingFault extends MatchedFault {
  readonly operation: SimulatedOperation | undefined;
  remaining: number;
  hasApplied: boolean;
}

const TAKING_EFFECT: ReadonlySet<Fault> = new Set(["lost-response", "malformed-json", "truncated-body"]);

/** The queue of injected faults. Each request consumes the first one that matches its operation. */
export class FaultQueue {
  readonly #pending = new Set<PendingFault>();
  readonly #listeners = new Set<() => void>();

  /**
   * Adds a fault to the end of the queue.
   *
   * @throws {KioskArgumentError} if the injection is invalid.
   */
  inject(injection: FaultInjection): InjectedFault {
    const { fault, operation, times = 1, takesEffect } = parseFaultInjection(injection);
    const pending: PendingFault = {
      fault,
      operation,
      takesEffect: takesEffect ?? (TAKING_EFFECT.has(fault) || isDelayedArrival(fault)),
      remaining: times,
      hasApplied: false,
    };
    this.#pending.add(pending);
    this.#notifyListeners();
    return {
      get remaining() {
        return pending.remaining;
      },
      remove: () => this.#remove(pending),
    };
  }

  /** Returns the fault for a request for `operation`, and counts it as consumed; `undefined` if none matches. */
  take(operation: SimulatedOperation | undefined): MatchedFault | undefined {
    const fault = this.#firstFor(operation);
    if (fault !== undefined) this.#count(fault);
    return fault;
  }

  /** Whether a port must refuse connections. It cannot know which operation a connection is for. */
  get refusesConnections(): boolean {
    return this.#firstRefusal() !== undefined;
  }

  /** Counts a connection that a port refused. */
  recordRefusal(): void {
    const refusal = this.#firstRefusal();
    if (refusal !== undefined) this.#count(refusal);
  }

  /** Calls `listener` whenever a fault is added or removed. Returns a function that removes the listener. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Removes all faults. */
  clear(): void {
    for (const fault of this.#pending) fault.remaining = 0;
    this.#pending.clear();
    this.#notifyListeners();
  }

  /** Describes the faults that requests have not consumed. An endless one counts as consumed once it has applied. */
  pending(): string[] {
    const pending = [...this.#pending].filter(
      ({ remaining, hasApplied }) => remaining !== Number.POSITIVE_INFINITY || !hasApplied,
    );
    return pending.map(({ fault, operation, remaining }) => {
      return `${formatFault(fault)} for ${operation ?? "any operation"}${remaining > 1 ? ` (${remaining} times)` : ""}`;
    });
  }

  #firstFor(operation: SimulatedOperation | undefined): PendingFault | undefined {
    return [...this.#pending].find((fault) => fault.operation === undefined || fault.operation === operation);
  }

  /** Returns the first `connection-refused` that the next request for some operation would consume. */
  #firstRefusal(): PendingFault | undefined {
    return [...this.#pending].find(
      (fault) => fault.fault === "connection-refused" && this.#firstFor(fault.operation) === fault,
    );
  }

  #count(fault: PendingFault): void {
    fault.hasApplied = true;
    fault.remaining -= 1;
    if (fault.remaining === 0) this.#remove(fault);
  }

  #remove(fault: PendingFault): void {
    fault.remaining = 0;
    this.#pending.delete(fault);
    this.#notifyListeners();
  }

  #notifyListeners(): void {
    for (const listener of this.#listeners) listener();
  }
}

function formatFault(fault: Fault): string {
  if (typeof fault === "string") return fault;
  return isDelayedArrival(fault) ? `arrival after ${fault.arrivesAfterMs} ms` : `HTTP ${fault.httpStatus}`;
}
