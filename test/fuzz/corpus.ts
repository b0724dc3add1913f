import { readdirSync, readFileSync } from "node:fs";

/** A file of the corpus. */
export interface CorpusFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The kinds of bodies in the corpus: one folder each. */
export type CorpusKind = "deliveries" | "responses" | "subscriptions" | "tokens";

/** Returns the files of one kind, in alphabetical order. */
export function readCorpus(kind: CorpusKind): readonly CorpusFile[] {
  const folder = new URL(`corpus/${kind}/`, import.meta.url);
  const names = readdirSync(folder).sort();
  return names.map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }));
}
