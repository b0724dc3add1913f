import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** An argument or option is not valid. Nothing was sent. */
export class KioskArgumentError extends KioskError<"ERR_ARGUMENT"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskArgumentError");

  /** The name of the invalid argument or option. */
  readonly argument: string;

  /**
   * Creates the error, as this package does. For tests of your own code.
   *
   * @param argument the name of the argument.
   * @param advice what is wrong with it and what to do, as the rest of a sentence that begins with the name.
   */
  constructor(argument: string, advice: string, details?: KioskErrorDetails) {
    super("ERR_ARGUMENT", `${argument} ${advice}`, details);
    this.argument = argument;
  }
}
