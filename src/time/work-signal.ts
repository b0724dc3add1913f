/**
 * Tells a piece of work that its caller no longer waits. It has the part of an `AbortSignal` that most work needs, because a full
 * one takes several microseconds to create under Node.js 20. Work that needs a full one creates it with {@link WorkSignal.full}.
 */
export class WorkSignal {
  #aborted = false;
  #listeners: readonly (() => void)[] = [];
  #controller: AbortController | undefined;

  /** Whether the caller no longer waits. */
  get aborted(): boolean {
    return this.#aborted;
  }

  /** The same signal as an `AbortSignal`. */
  get full(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Throws an `AbortError` if the caller no longer waits. */
  throwIfAborted(): void {
    if (this.#aborted) this.full.throwIfAborted();
  }

  /** Calls `listener` once, when the caller no longer waits. */
  addEventListener(_type: "abort", listener: () => void): void {
    // Many signals wait at the same time, almost all of them with one listener: `push` would make room for 17.
    this.#listeners = this.#listeners.length === 0 ? [listener] : [...this.#listeners, listener];
  }

  /** Removes a listener. */
  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners = this.#listeners.filter((each) => each !== listener);
  }

  /** Calls the listeners. */
  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}
