import { Dice } from "../support/dice.js";
import { BrokenProperty } from "./check-outcome.js";
import type { FuzzTarget } from "./fuzz-target.js";
import { RunSecrets } from "./run-secrets.js";
import { runWithoutStall } from "./stretches.js";
import { clientTarget, retriesTarget } from "./targets/client.js";
import { commandTarget } from "./targets/command.js";
import { applyingTarget, decodingTarget } from "./targets/decoding.js";
import { deliveriesTarget } from "./targets/deliveries.js";
import { handlerTarget, lambdaTarget, listenerTarget } from "./targets/handlers.js";
import { connectionTarget, serverTarget } from "./targets/loopback.js";
import { subscriptionsTarget } from "./targets/subscriptions.js";
import { tokensTarget } from "./targets/tokens.js";

/** Everything that is fed with inputs. */
export const TARGETS: readonly FuzzTarget[] = [
  clientTarget,
  retriesTarget,
  deliveriesTarget,
  handlerTarget,
  listenerTarget,
  lambdaTarget,
  decodingTarget,
  applyingTarget,
  tokensTarget,
  subscriptionsTarget,
  commandTarget,
  connectionTarget,
  serverTarget,
];

const SHARES = TARGETS.reduce((sum, { share }) => sum + share, 0);

/** The longest time for one input, which ends by itself within milliseconds. */
const LONGEST_INPUT_MS = 20_000;

/** The inputs of one run. The seed determines each of them by its number, whichever others run. */
export class FuzzInputs {
  readonly #seed: number;
  readonly #secrets: RunSecrets;

  constructor(seed: number) {
    this.#seed = seed;
    this.#secrets = new RunSecrets(new Dice(seed));
  }

  /** Returns the part of the package that an input is for. */
  target(index: number): FuzzTarget {
    let left = new Dice(this.#seed ^ Math.imul(index + 1, 0x9e3779b1)).below(SHARES);
    for (const target of TARGETS) {
      left -= target.share;
      if (left < 0) return target;
    }
    throw new Error("The shares do not cover all dice.");
  }

  /**
   * Generates an input, and checks what it leads to. Returns its processor time in milliseconds: if that is above a limit, the shortest
   * time of several repetitions.
   *
   * @throws {BrokenProperty} if a promise of the package is broken.
   */
  async run(index: number, repeatAboveMs?: number): Promise<number> {
    const target = this.target(index);
    try {
      const { ms } = await runWithoutStall(() => this.#runOnce(target, index), repeatAboveMs);
      return ms;
    } catch (error) {
      const what = error instanceof BrokenProperty ? error.message : "an unexpected error";
      throw new BrokenProperty(`${target.name}, input ${index}: ${what}`, { cause: error });
    }
  }

  async #runOnce(target: FuzzTarget, index: number): Promise<void> {
    const dice = new Dice(this.#seed ^ Math.imul(index + 1, 0x85ebca6b));
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      const fail = () => reject(new BrokenProperty(`no result after ${LONGEST_INPUT_MS} ms`));
      timer = setTimeout(fail, LONGEST_INPUT_MS);
    });
    try {
      await Promise.race([target.run(dice, this.#secrets), tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }
}
