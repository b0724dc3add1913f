import type { Dice } from "../support/dice.js";
import type { RunSecrets } from "./run-secrets.js";

/** A part of the package that is fed with generated inputs. */
export interface FuzzTarget {
  readonly name: string;
  /** How many of 1000 inputs it gets. */
  readonly share: number;
  /**
   * Generates one input from the dice, and checks what it leads to.
   *
   * @throws {BrokenProperty} if a promise is broken.
   */
  readonly run: (dice: Dice, secrets: RunSecrets) => Promise<void> | void;
}
