import { vi } from "vitest";
import type { Dice } from "../dice.js";
import type { WiseWorld } from "./wise-world.js";

/** A process. Whenever it is picked, it runs until its next gate. */
export interface Actor {
  readonly name: string;
  /** How far its clock is ahead of Wise's, in milliseconds. */
  readonly clockMs: number;
  /** Lets the process continue; `undefined` while it runs, and once it has ended. */
  wake: (() => void) | undefined;
  /** The earliest time, by Wise's clock, at which it continues. */
  notBefore: number;
}

/** Lets processes take turns in an order that the seed decides. A process runs without interruption between two gates. */
export class Interleaving {
  readonly #world: WiseWorld;
  readonly #dice: Dice;
  #actors: Actor[] = [];

  constructor(world: WiseWorld, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
  }

  get actors(): readonly Actor[] {
    return this.#actors;
  }

  /** Starts a process, which runs until its first gate. */
  async start(name: string, clockMs: number, run: (actor: Actor) => Promise<unknown>): Promise<Actor> {
    const actor: Actor = { name, clockMs, wake: undefined, notBefore: 0 };
    this.#actors.push(actor);
    this.#setClock(actor);
    const end = () => {
      this.#actors = this.#actors.filter((other) => other !== actor);
    };
    run(actor).then(end, end);
    await waitUntilIdle();
    return actor;
  }

  /** Waits until the process is picked, at a time or later. */
  gate(actor: Actor, notBefore = 0): Promise<void> {
    actor.notBefore = notBefore;
    return new Promise((resolve) => {
      actor.wake = resolve;
    });
  }

  /** Gives one process a turn. If all of them wait for a time, that time comes. */
  async turn(): Promise<void> {
    const waiting = this.#actors.filter(({ wake }) => wake !== undefined);
    if (waiting.length === 0) return;
    const ready = waiting.filter(({ notBefore }) => notBefore <= this.#world.now);
    if (ready.length === 0) this.#world.advance(Math.min(...waiting.map((one) => one.notBefore)) - this.#world.now);
    await this.#resume(
      this.#dice.pick(ready.length === 0 ? waiting.filter(({ notBefore }) => notBefore <= this.#world.now) : ready),
    );
  }

  /** Kills a process. */
  kill(actor: Actor): void {
    this.#actors = this.#actors.filter((other) => other !== actor);
  }

  /** Gives one process turns until it ends. */
  async finish(actor: Actor): Promise<void> {
    for (let turns = 0; turns < 1000 && this.#actors.includes(actor); turns += 1) {
      if (actor.wake === undefined) return;
      this.#world.advance(Math.max(0, actor.notBefore - this.#world.now));
      await this.#resume(actor);
    }
  }

  async #resume(actor: Actor): Promise<void> {
    const { wake } = actor;
    actor.wake = undefined;
    this.#setClock(actor);
    wake?.();
    await waitUntilIdle();
  }

  #setClock({ clockMs }: Actor): void {
    vi.setSystemTime(this.#world.now + clockMs);
  }
}

/** Waits until every process is at a gate. The code between two gates takes only microtasks. */
function waitUntilIdle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
