/** Counts the mutants of a folder. `Timeout` is a mutant that made a test too slow, and an ignored one counts for nothing. */
export function toScore(folder, mutants) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count("Killed", "Timeout");
  const unnoticed = count("Survived", "NoCoverage", "RuntimeError");
  return { folder, noticed, unnoticed, percent: (100 * noticed) / Math.max(1, noticed + unnoticed) };
}

/** Formats the scores as the table of test/README.md, with their sum. */
export function formatScores(scores) {
  const sum = (pick) => scores.reduce((total, score) => total + pick(score), 0);
  const noticed = sum((score) => score.noticed);
  const all = sum((score) => score.noticed + score.unnoticed);
  const row = (name, some, total) =>
    `| ${name} | ${total} | ${some} | ${((100 * some) / Math.max(1, total)).toFixed(1)} % |`;
  return [
    "| folder of `src` | mutants | noticed | score |",
    "| --- | --- | --- | --- |",
    ...scores.map((score) => row(`\`${score.folder}\``, score.noticed, score.noticed + score.unnoticed)),
    row("all", noticed, all),
  ].join("\n");
}
