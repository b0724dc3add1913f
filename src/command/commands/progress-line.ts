import type { Production } from "../../production/production.js";
import { printable } from "../../text/printable.js";
import type { Output } from "../definition/program-io.js";

const REFRESH_MS = 1000;

/** Returns to the beginning of the line and clears it. */
const CLEAR = "\r\u001b[K";

/** A line on a terminal that says what a command waits for, and for how long. Nothing is written to anything but a terminal. */
export class ProgressLine {
  readonly #output: Output;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #state = "Reading the status";

  constructor(output: Output) {
    this.#output = output;
    if (output.isTTY !== true) return;
    this.#timer = setInterval(() => this.#write(), REFRESH_MS);
    this.#write();
  }

  /** Shows a state of the card. */
  show({ status, kioskId }: Production): void {
    this.#state = printable(kioskId === null ? status : `${status} at kiosk ${kioskId}`, 80);
    this.#write();
  }

  /** Removes the line. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#timer !== undefined) this.#output.write(CLEAR);
  }

  #write(): void {
    if (this.#timer === undefined) return;
    const seconds = Math.floor((performance.now() - this.#startedAt) / 1000);
    const line = `${this.#state}, ${seconds} s. Ctrl+C ends the wait, not the print.`;
    // A longer line would wrap, and only its last row would be cleared.
    this.#output.write(`${CLEAR}${line.slice(0, (this.#output.columns ?? 80) - 1)}`);
  }
}
