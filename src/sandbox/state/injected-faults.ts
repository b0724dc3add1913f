import type { FaultInjection, InjectedFault } from "../../testing/faults/fault.js";
import type { FaultQueue } from "../../testing/faults/fault-queue.js";

/** A fault that was injected into a sandbox. */
export interface ListedFault {
  /** Identifies the fault in this sandbox. */
  readonly id: string;
  readonly injection: FaultInjection;
  /** How many more requests it applies to. */
  readonly remaining: number;
}

/** The faults that requests have not consumed yet, each with an id. */
export class InjectedFaults {
  readonly #queue: FaultQueue;
  readonly #faults = new Map<string, { readonly injection: FaultInjection; readonly injected: InjectedFault }>();
  #count = 0;

  constructor(queue: FaultQueue) {
    this.#queue = queue;
  }

  /** @throws {KioskArgumentError} if the injection is invalid. */
  inject(injection: FaultInjection): ListedFault {
    const injected = this.#queue.inject(injection);
    this.#count += 1;
    const id = String(this.#count);
    this.#faults.set(id, { injection, injected });
    return { id, injection, remaining: injected.remaining };
  }

  /** Returns the pending faults, oldest first. */
  list(): ListedFault[] {
    for (const [id, { injected }] of this.#faults) if (injected.remaining === 0) this.#faults.delete(id);
    return [...this.#faults].map(([id, { injection, injected }]) => ({ id, injection, remaining: injected.remaining }));
  }

  /** Removes a fault. Returns whether it was pending. */
  remove(id: string): boolean {
    const found = this.list().some((fault) => fault.id === id);
    this.#faults.get(id)?.injected.remove();
    this.#faults.delete(id);
    return found;
  }

  /** Removes all faults. */
  clear(): void {
    this.#queue.clear();
    this.#faults.clear();
  }
}
