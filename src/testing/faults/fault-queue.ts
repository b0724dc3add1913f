import type { Operation } from "../../production/operation.js";
import { type Fault, type FaultInjection, type InjectedFault, isDelayedArrival } from "./fault.js";
import { parseFaultInjection } from "./parse-fault-injection.js";

/** A fault that a request meets. */
export interface MatchedFault {
  readonly fault: Fault;
  readonly takesEffect: boolean;
}

interface PendingFault extends MatchedFault {
  readonly operation: Operation | undefined;
  remaining: number;
  matched: number;
}

const TAKING_EFFECT: ReadonlySet<Fault> = new Set(["lost-response", "malformed-json", "truncated-body"]);

/** The faults that wait for requests. Each request meets the first one that is meant for it. */
export class FaultQueue {
  readonly #pending = new Set<PendingFault>();
  readonly #listeners = new Set<() => void>();

  /** @throws {KioskArgumentError} if the injection is not valid. */
  inject(injection: FaultInjection): InjectedFault {
    const { fault, operation, times = 1, takesEffect } = parseFaultInjection(injection);
    const pending: PendingFault = {
      fault,
      operation,
      takesEffect: takesEffect ?? (TAKING_EFFECT.has(fault) || isDelayedArrival(fault)),
      remaining: times,
      matched: 0,
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

  /** The fault that a request for `operation` meets; it counts as met. */
  take(operation: Operation | undefined): MatchedFault | undefined {
    const fault = this.#firstFor(operation);
    if (fault !== undefined) this.#count(fault);
    return fault;
  }

  /** Whether connections are refused by a port, which cannot know which operation a connection is for. */
  get refusesConnections(): boolean {
    return this.#firstRefusal() !== undefined;
  }

  /** A port refused a connection. */
  recordRefusal(): void {
    const refusal = this.#firstRefusal();
    if (refusal !== undefined) this.#count(refusal);
  }

  /** Calls `listener` whenever a fault was added or removed. Returns a function that ends this. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    for (const fault of this.#pending) fault.remaining = 0;
    this.#pending.clear();
    this.#notifyListeners();
  }

  /** The faults that waited in vain, in words. */
  pending(): string[] {
    const pending = [...this.#pending].filter(
      ({ remaining, matched: met }) => remaining !== Number.POSITIVE_INFINITY || met === 0,
    );
    return pending.map(({ fault, operation, remaining }) => {
      return `${formatFault(fault)} for ${operation ?? "any operation"}${remaining > 1 ? ` (${remaining} times)` : ""}`;
    });
  }

  #firstFor(operation: Operation | undefined): PendingFault | undefined {
    return [...this.#pending].find((fault) => fault.operation === undefined || fault.operation === operation);
  }

  /** The first refusal that some request could meet next. */
  #firstRefusal(): PendingFault | undefined {
    return [...this.#pending].find(
      (fault) => fault.fault === "connection-refused" && this.#firstFor(fault.operation) === fault,
    );
  }

  #count(fault: PendingFault): void {
    fault.matched += 1;
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
