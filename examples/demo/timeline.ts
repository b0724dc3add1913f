import { styleText } from "node:util";
import { describeProduction, type Exchange, type KioskProductionEvent, type Production } from "wise-card-kiosk";

type Style = Parameters<typeof styleText>[0];

/** Colour is for people at a terminal that shows it and who have not asked for none (`NO_COLOR`). */
const isColourful = process.stdout.isTTY && process.stdout.hasColors();

const LOOKS: Readonly<Record<Production["status"], readonly [mark: string, style: Style]>> = {
  READY: ["○", ["bold", "cyan"]],
  IN_PROGRESS: ["◐", ["bold", "yellow"]],
  PRODUCED: ["●", ["bold", "green"]],
  PRODUCTION_ERROR: ["✗", ["bold", "red"]],
  REQUEST_ERROR: ["✗", ["bold", "red"]],
  UNRECOGNIZED: ["?", ["bold", "magenta"]],
};

/** Tells a story line by line, with the time since its beginning. */
export class Timeline {
  readonly #beganAt = performance.now();

  /** What the spectator should know first, or last. */
  say(text: string): void {
    console.log(`\n${paint("bold", text)}`);
  }

  /** A state of the card, and what it asks for. */
  state(production: Production): void {
    const [mark, style] = LOOKS[production.status];
    const [state, ...advice] = describeProduction(production).split(/(?<=\.) /);
    this.#line(paint(style, `${mark} ${state}`));
    for (const sentence of advice) this.#line(`${paint(style, "│")} ${sentence}`, "");
  }

  /** A request and its answer. */
  exchange({ method, operation, httpStatus, error, durationMs }: Exchange): void {
    const result = httpStatus ?? error ?? "";
    this.#line(paint("dim", `→ ${method.padEnd(4)} ${operation}: ${result} in ${Math.ceil(durationMs)} ms`));
  }

  /** An event that a webhook received. */
  event({ production }: KioskProductionEvent): void {
    this.#line(paint("dim", `← POST webhook: ${production.status}, signature verified`));
  }

  /** What people do. */
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
