/** The number of characters that are compared: the cost is the product of both lengths. */
const COMPARED_LENGTH = 200;

/** Returns the candidate with the smallest edit distance from `text`, or `undefined` if there are no candidates. */
export function nearestMatch(text: string, candidates: Iterable<string>): string | undefined {
  const compared = text.slice(0, COMPARED_LENGTH);
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const edits = editDistance(compared, candidate);
    if (edits < fewest) [nearest, fewest] = [candidate, edits];
  }
  return nearest;
}

/** Returns the candidate that a misspelt name probably means, ignoring letter case, or `undefined` if none resembles it. */
export function likelyMatch(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > COMPARED_LENGTH) return undefined;
  const lowerCase = name.toLowerCase();
  const resembling = candidates.filter((candidate) => resembles(lowerCase, candidate.toLowerCase()));
  const nearest = nearestMatch(
    lowerCase,
    resembling.map((candidate) => candidate.toLowerCase()),
  );
  return resembling.find((candidate) => candidate.toLowerCase() === nearest);
}

/**
 * Returns whether one name contains the other (of 3 characters or more), or the edit distance is at most half the longer length.
 */
function resembles(name: string, other: string): boolean {
  const [shorter = "", longer = ""] = [name, other].sort((one, another) => one.length - another.length);
  const isPart = shorter.length >= 3 && longer.includes(shorter);
  return isPart || editDistance(name, other) <= longer.length / 2;
}

/** Returns the Levenshtein distance: the number of characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = costAt(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, costAt(row, j) + 1, costAt(next, j - 1) + 1));
    }
    row = next;
  }
  return costAt(row, to.length);
}

function costAt(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
