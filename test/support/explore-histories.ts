/** Chooses one of `count` alternatives and returns its index. */
export type Choose = (count: number) => number;

/**
 * Explores every history of a system with steps that depend on choices, and returns the number of histories. It visits each
 * state once, however many histories reach it.
 *
 * @param key returns the same text for equal states.
 * @param step returns the next state, or `undefined` at the end of a history. It is called once for every sequence of choices.
 */
export function exploreHistories<S>(
  first: S,
  key: (state: S) => string,
  step: (state: S, choose: Choose) => S | undefined,
): number {
  const known = new Map<string, number>();
  const histories = (state: S): number => {
    const id = key(state);
    const counted = known.get(id);
    if (counted !== undefined) return counted;
    let sum = 0;
    forEveryChoice((choose) => {
      const next = step(state, choose);
      sum += next === undefined ? 1 : histories(next);
    });
    known.set(id, sum);
    return sum;
  };
  return histories(first);
}

/**
 * Runs `run` once for every sequence of choices that it can make.
 *
 * Each run repeats the choices so far and takes the next alternative of the last one that has any left.
 */
function forEveryChoice(run: (choose: Choose) => void): void {
  const choices: { at: number; count: number }[] = [];
  do {
    let depth = 0;
    run((count) => {
      const choice = choices[depth] ?? { at: 0, count };
      choices[depth] = choice;
      depth += 1;
      return choice.at;
    });
    choices.length = depth;
    while ((choices.at(-1)?.at ?? 0) + 1 >= (choices.at(-1)?.count ?? Number.POSITIVE_INFINITY)) choices.pop();
    const last = choices.at(-1);
    if (last !== undefined) last.at += 1;
  } while (choices.length > 0);
}
