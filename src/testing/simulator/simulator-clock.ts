import { LONGEST_TIMER_MS } from "../../time/longest-times.js";
import { nearestDate } from "../../time/nearest-date.js";
import { runOrReport } from "../webhooks/run-or-report.js";

/** How many milliseconds too early, by `Date`, a timer of the platform may fire. */
const CLOCK_GRAIN_MS = 2;

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** The simulator's clock. It follows `Date` until it is set; then it is stopped, and moves only if it is set or advanced. */
export class SimulatorClock {
  readonly #tasks = new Set<Task>();
  #stoppedAtMs: number | undefined;
  #aheadMs = 0;
  /** When the running task was due. This is the time while it runs, even if the clock was moved further. */
  #runsAtMs: number | undefined;

  get now(): Date {
    return nearestDate(this.#nowMs());
  }

  /** Whether the clock was set, and so moves only if it is set or advanced. */
  get isStopped(): boolean {
    return this.#stoppedAtMs !== undefined;
  }

  /** Stops the clock at a time and runs everything that is due by then. */
  set(time: Date): void {
    this.#runsAtMs = undefined;
    this.#stoppedAtMs = time.getTime();
    this.#moved();
  }

  /** Advances the clock, stopped or not, and runs everything that is due by then. */
  advance(ms: number): void {
    this.#runsAtMs = undefined;
    if (this.#stoppedAtMs === undefined) this.#aheadMs += ms;
    else this.#stoppedAtMs += ms;
    this.#moved();
  }

  /** Drops all tasks and stops the clock at a time, or lets it follow `Date` if `time` is `undefined`. */
  reset(time: Date | undefined): void {
    for (const { timer } of this.#tasks) clearTimeout(timer);
    this.#tasks.clear();
    this.#runsAtMs = undefined;
    this.#stoppedAtMs = time?.getTime();
    this.#aheadMs = 0;
  }

  /** Runs `run` once the clock has advanced by `ms`: because that much time has passed, or because it was moved. */
  after(ms: number, run: () => void): void {
    const task: Task = { dueMs: this.#nowMs() + ms, run, timer: undefined };
    this.#tasks.add(task);
    this.#setTimer(task);
    this.catchUp();
  }

  /** Runs everything that is due. Timers of the platform may be late or, if only `Date` is mocked, never fire. */
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
      runOrReport(task.run);
      this.#runsAtMs = undefined;
    }
  }

  /** Sets the timer of a task, unless the clock is stopped. */
  #setTimer(task: Task): void {
    clearTimeout(task.timer);
    if (this.#stoppedAtMs !== undefined) return;
    const nowMs = this.#nowMs();
    const leftMs = Math.min(Math.max(task.dueMs - nowMs, 1), LONGEST_TIMER_MS);
    task.timer = setTimeout(() => this.#fired(task, nowMs + leftMs), leftMs);
    // A pending task must not keep the process alive.
    if (typeof task.timer === "object") task.timer.unref();
  }

  /** If a timer fires long before `Date` reaches its time, only `setTimeout` is mocked: its delay counts as passed. */
  #fired(task: Task, timeMs: number): void {
    const missingMs = timeMs - this.#nowMs();
    if (missingMs > CLOCK_GRAIN_MS) this.#aheadMs += missingMs;
    this.#runDueTasks();
    if (this.#tasks.has(task)) this.#setTimer(task);
  }

  /** Returns the task that is due first. Of several tasks due at the same time, it is the one added first. */
  #next(): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) if (next === undefined || task.dueMs < next.dueMs) next = task;
    return next;
  }

  #nowMs(): number {
    return this.#runsAtMs ?? this.#stoppedAtMs ?? Date.now() + this.#aheadMs;
  }
}
