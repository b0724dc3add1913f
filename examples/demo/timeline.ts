import { styleText } from "node:util";
import { describeProduction, type Exchange, type KioskProductionEvent, type Production } from "wise-card-kiosk";

type Style = Parameters<typeof styleText>[0];

/** Whether the output is a terminal that supports colour, and `NO_COLOR` is not set. */
const isColourful = process.stdout.isTTY && process.stdout.hasColors();

const LOOKS: Readonly<Record<Production["status"], readonly [mark: string, style: Style]>> = {
  READY: ["○", ["bold", "cyan"]],
  IN_PROGRESS: ["◐", ["bold", "yellow"]],
  PRODUCED: ["●", ["bold", "green"]],
  PRODUCTION_ERROR: ["✗", ["bold", "red"]],
  REQUEST_ERROR: ["✗", ["bold", "red"]],
  UNRECOGNIZED: ["?", ["bold", "magenta"]],
};

/** Prints what happens, line by line, with the time since the start. */
export class Timeline {
  readonly #beganAt = performance.now();

  /** Prints a line before the first event, or after the last one. */
  say(text: string): void {
    console.log(`\n${paint("bold", text)}`);
  }

  /** Prints a state of the card, and what to do. */
  state(production: Production): void {
    const [mark, style] = LOOKS[production.status];
    const [state, ...advice] = describeProduction(production).split(/(?<=\.) /);
    this.#line(paint(style, `${mark} ${state}`));
    for (const sentence of advice) this.#line(`${paint(style, "│")} ${sentence}`, "");
  }

  /** Prints a request and its response. */
  exchange({ method, operation, httpStatus, error, durationMs }: Exchange): void {
    const result = httpStatus ?? error ?? "";
    this.#line(paint("dim", `→ ${method.padEnd(4)} ${operation}: ${result} in ${Math.ceil(durationMs)} ms`));
  }

  /** Prints an event that a webhook received. */
  event({ production }: KioskProductionEvent): void {
    this.#line(paint("dim", `← POST webhook: ${production.status}, signature verified`));
  }

  /** Prints what the clerk does. */
  note(text: string): void {
    this.#line(paint("italic", `  ${text}`), "");
  }

  #line(text: string, time = `${((performance.now() - this.#beganAt) / 1000).toFixed(2)} s`): void {
    console.log(`${paint("dim", time.padStart(8))}  ${text}`);
  }
}

function paint(style: Style, text: string): string {
  return isColourful ? styleText(style, text) : text;
}
