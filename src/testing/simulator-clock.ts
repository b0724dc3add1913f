/** The longest time that a timer of the platform can measure, in milliseconds. */
const LONGEST_TIMER_MS = 2_147_483_647;

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
}

/** The simulator's clock. It follows the system's until it is set; then it stands still until it is moved again. */
export class SimulatorClock {
  readonly #tasks = new Set<Task>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #standsAtMs: number | undefined;
  #aheadMs = 0;

  get now(): Date {
    return new Date(this.#nowMs());
  }

  /** Stops the clock at a time, and runs what is due by then. */
  set(time: Date): void {
    this.#standsAtMs = time.getTime();
    this.#runDueTasks();
  }

  /** Moves the clock on, standing or not, and runs what is due by then. */
  advance(ms: number): void {
    if (this.#standsAtMs === undefined) this.#aheadMs += ms;
    else this.#standsAtMs += ms;
    this.#runDueTasks();
  }

  /** Forgets all tasks, and stands at a time, or follows the system's clock again. */
  reset(time: Date | undefined): void {
    this.#tasks.clear();
    this.#standsAtMs = time?.getTime();
    this.#aheadMs = 0;
    this.#sleep();
  }

  /** Runs `run` when the clock is `ms` ahead of now: when that much time has passed, or the clock is moved there. */
  after(ms: number, run: () => void): void {
    this.#tasks.add({ dueMs: this.#nowMs() + ms, run });
    this.#runDueTasks();
  }

  #runDueTasks(): void {
    for (let task = this.#next(); task !== undefined && task.dueMs <= this.#nowMs(); task = this.#next()) {
      this.#tasks.delete(task);
      task.run();
    }
    this.#sleep();
  }

  /** Wakes up when the next task is due, unless the clock stands still. */
  #sleep(): void {
    clearTimeout(this.#timer);
    const next = this.#next();
    if (next === undefined || this.#standsAtMs !== undefined) return;
    const leftMs = Math.min(Math.max(next.dueMs - this.#nowMs(), 1), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#runDueTasks(), leftMs);
    // A simulation is no reason to keep a process alive.
    if (typeof this.#timer === "object") this.#timer.unref();
  }

  #next(): Task | undefined {
    return [...this.#tasks].sort((one, other) => one.dueMs - other.dueMs)[0];
  }

  #nowMs(): number {
    return this.#standsAtMs ?? Date.now() + this.#aheadMs;
  }
}
