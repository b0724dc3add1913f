import type { Readable } from "node:stream";

/** What the program uses of its process. */
export interface ProgramIo {
  /** Receives results: readable lines, or JSON lines with `--json`. */
  readonly stdout: Output;
  /** Receives everything else: errors in readable form, and the progress line. */
  readonly stderr: Output;
  /** The standard input, for a token or a body. */
  readonly stdin: Readable;
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts with an {@link Interruption}, or with a {@link BrokenPipe} once no one reads `stdout`. */
  readonly signal: AbortSignal;
}

/** A stream of text: `process.stdout`, for example. */
export interface Output {
  write(text: string): unknown;
  /** Whether a person sees it on a terminal. */
  readonly isTTY?: boolean | undefined;
  /** The width of the terminal in characters. */
  readonly columns?: number | undefined;
}

/** The user, or the system, asked the program to end. */
export class Interruption extends Error {
  /** The name of the signal, such as `SIGINT`. */
  readonly signalName: string;

  constructor(signalName: string) {
    super(`Interrupted by ${signalName}`);
    this.signalName = signalName;
  }
}

/** No one reads what the program prints, as after `| head -1`. */
export class BrokenPipe extends Error {}
