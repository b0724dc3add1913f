/** The longest time that a timer of the platform can measure, in milliseconds. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** A timer of the platform may fire this much before `Date` has reached its time. */
const TIMER_GRAIN_MS = 2;

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
  /** When the task that is running was due: what it does, happens then, however far the clock was moved at once. */
  #runsAtMs: number | undefined;

  get now(): Date {
    return new Date(this.#nowMs());
  }

  /** Stops the clock at a time, and runs what is due by then. */
  set(time: Date): void {
    this.#standsAtMs = time.getTime();
    this.#runsAtMs = undefined;
    this.#runDueTasks();
  }

  /** Moves the clock on, standing or not, and runs what is due by then. */
  advance(ms: number): void {
    if (this.#standsAtMs === undefined) this.#aheadMs += ms;
    else this.#standsAtMs += ms;
    this.#runsAtMs = undefined;
    this.#runDueTasks();
  }

  /** Forgets all tasks, and stands at a time, or follows the system's clock again. */
  reset(time: Date | undefined): void {
    this.#tasks.clear();
    this.#standsAtMs = time?.getTime();
    this.#aheadMs = 0;
    this.#runsAtMs = undefined;
    this.#sleep();
  }

  /** Runs `run` when the clock is `ms` ahead of now: when that much time has passed, or the clock is moved there. */
  after(ms: number, run: () => void): void {
    this.#tasks.add({ dueMs: this.#nowMs() + ms, run });
    this.catchUp();
  }

  /** Runs what is due, although the platform's timer may be late or, if only `Date` is mocked, never fire. */
  catchUp(): void {
    if (this.#runsAtMs === undefined) this.#runDueTasks();
  }

  #runDueTasks(): void {
    for (let task = this.#next(); task !== undefined && task.dueMs <= this.#nowMs(); task = this.#next()) {
      this.#tasks.delete(task);
      this.#runsAtMs = task.dueMs;
      task.run();
      this.#runsAtMs = undefined;
    }
    this.#sleep();
  }

  /** Wakes up when the next task is due, unless the clock stands still. */
  #sleep(): void {
    clearTimeout(this.#timer);
    const next = this.#next();
    if (next === undefined || this.#standsAtMs !== undefined) return;
    const nowMs = this.#nowMs();
    const leftMs = Math.min(Math.max(next.dueMs - nowMs, 1), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#wake(nowMs + leftMs), leftMs);
    // A simulation is no reason to keep a process alive.
    if (typeof this.#timer === "object") this.#timer.unref();
  }

  /** A timer that fires long before `Date` is there says that `setTimeout` is mocked alone: its time counts as passed. */
  #wake(dueMs: number): void {
    const missingMs = dueMs - this.#nowMs();
    if (missingMs > TIMER_GRAIN_MS) this.#aheadMs += missingMs;
    this.#runDueTasks();
  }

  #next(): Task | undefined {
    return [...this.#tasks].sort((one, other) => one.dueMs - other.dueMs)[0];
  }

  #nowMs(): number {
    return this.#runsAtMs ?? this.#standsAtMs ?? Date.now() + this.#aheadMs;
  }
}
