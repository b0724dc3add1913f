/** Where text goes: `process.stdout`, for example. */
export interface TextOutput {
  write(text: string): unknown;
  /** How many bytes are written, but not read yet. Default: 0. */
  readonly writableLength?: number;
}

/** How many bytes may wait for a reader. Lines beyond them are dropped: if no one reads, they would fill the memory. */
const MOST_UNREAD_BYTES = 1_000_000;

/** Writes lines as long as they are read. */
export class LineWriter {
  readonly #output: TextOutput;
  readonly #toNote: (dropped: number) => string;
  #dropped = 0;

  /** @param toNote returns the line that says how many lines were dropped. */
  constructor(output: TextOutput, toNote: (dropped: number) => string) {
    this.#output = output;
    this.#toNote = toNote;
  }

  write(line: string): void {
    if ((this.#output.writableLength ?? 0) > MOST_UNREAD_BYTES) {
      this.#dropped += 1;
      return;
    }
    this.noteDropped();
    this.#output.write(line);
  }

  /** Says how many lines were dropped since the last one that was written, if any were. */
  noteDropped(): void {
    if (this.#dropped > 0) this.#output.write(this.#toNote(this.#dropped));
    this.#dropped = 0;
  }
}
