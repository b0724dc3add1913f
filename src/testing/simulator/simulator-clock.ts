import { LONGEST_TIMER_MS } from "../../time/longest-times.js";

/** A timer of the platform may fire this much before `Date` has reached its time. */
const CLOCK_GRAIN_MS = 2;

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** The simulator's clock. It follows the system's until it is set; then it stands still until it is moved again. */
export class SimulatorClock {
  readonly #tasks = new Set<Task>();
  #standsAtMs: number | undefined;
  #aheadMs = 0;
  /** When the task that is running was due: what it does, happens then, however far the clock was moved at once. */
  #runsAtMs: number | undefined;

  get now(): Date {
    return new Date(this.#nowMs());
  }

  /** Stops the clock at a time, and runs what is due by then. */
  set(time: Date): void {
    this.#runsAtMs = undefined;
    this.#standsAtMs = time.getTime();
    this.#moved();
  }

  /** Moves the clock on, standing or not, and runs what is due by then. */
  advance(ms: number): void {
    this.#runsAtMs = undefined;
    if (this.#standsAtMs === undefined) this.#aheadMs += ms;
    else this.#standsAtMs += ms;
    this.#moved();
  }

  /** Forgets all tasks, and stands at a time, or follows the system's clock again. */
  reset(time: Date | undefined): void {
    for (const { timer } of this.#tasks) clearTimeout(timer);
    this.#tasks.clear();
    this.#runsAtMs = undefined;
    this.#standsAtMs = time?.getTime();
    this.#aheadMs = 0;
  }

  /** Runs `run` when the clock is `ms` ahead of now: when that much time has passed, or the clock is moved there. */
  after(ms: number, run: () => void): void {
    const task: Task = { dueMs: this.#nowMs() + ms, run, timer: undefined };
    this.#tasks.add(task);
    this.#setTimer(task);
    this.catchUp();
  }

  /** Runs what is due. The platform's timers may be late or, if only `Date` is mocked, never fire. */
  catchUp(): void {
    if (this.#runsAtMs === undefined) this.#runDueTasks();
  }

  #moved(): void {
    this.#runDueTasks();
    for (const task of this.#tasks) this.#setTimer(task);
  }

  #runDueTasks(): void {
    for (let task = this.#next(); task !== undefined && task.dueMs <= this.#nowMs(); task = this.#next()) {
      this.#tasks.delete(task);
      clearTimeout(task.timer);
      this.#runsAtMs = task.dueMs;
      task.run();
      this.#runsAtMs = undefined;
    }
  }

  /** Each task has a timer of its own, unless the clock stands still. */
  #setTimer(task: Task): void {
    clearTimeout(task.timer);
    if (this.#standsAtMs !== undefined) return;
    const nowMs = this.#nowMs();
    const leftMs = Math.min(Math.max(task.dueMs - nowMs, 1), LONGEST_TIMER_MS);
    task.timer = setTimeout(() => this.#fired(task, nowMs + leftMs), leftMs);
    // A simulation is no reason to keep a process alive.
    if (typeof task.timer === "object") task.timer.unref();
  }

  /** A timer that fires long before `Date` is there says that `setTimeout` is mocked alone: its time counts as passed. */
  #fired(task: Task, timeMs: number): void {
    const missingMs = timeMs - this.#nowMs();
    if (missingMs > CLOCK_GRAIN_MS) this.#aheadMs += missingMs;
    this.#runDueTasks();
    if (this.#tasks.has(task)) this.#setTimer(task);
  }

  /** The task that is due first; of those that are due together, the one that was added first. */
  #next(): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) if (next === undefined || task.dueMs < next.dueMs) next = task;
    return next;
  }

  #nowMs(): number {
    return this.#runsAtMs ?? this.#standsAtMs ?? Date.now() + this.#aheadMs;
  }
}
