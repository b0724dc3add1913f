import { adviceFor } from "../../production/advice-for.js";
import { describeProduction } from "../../production/describe-production.js";
import type { Production } from "../../production/production.js";
import { toJsonLine } from "../../text/json-line.js";
import type { Output } from "./program-io.js";

/** Writes results to `stdout`: as JSON lines, or as text for a person. */
export class ResultWriter {
  readonly #stdout: Output;
  readonly #isJson: boolean;

  constructor(stdout: Output, isJson: boolean) {
    this.#stdout = stdout;
    this.#isJson = isJson;
  }

  /** Writes a result: the object with `--json`, otherwise the text. */
  write(result: object, text: string): void {
    this.#stdout.write(this.#isJson ? toJsonLine(result) : `${text}\n`);
  }

  /** Writes the state of a card, and what to do next. */
  writeProduction(production: Production): void {
    this.write({ ...production, ...adviceFor(production) }, describeProduction(production));
  }
}
