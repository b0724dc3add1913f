/**
 * Counts the mutants of a folder. `Timeout` is a mutant that made a test too slow. One that survives for a written reason counts for
 * nothing, as an ignored one.
 */
export function toScore(folder, mutants) {
  const noticed = mutants.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const survivors = mutants.filter(({ status }) => ["Survived", "NoCoverage", "RuntimeError"].includes(status));
  const explained = survivors.filter(({ reason }) => reason !== undefined).length;
  const unnoticed = survivors.length - explained;
  return { folder, noticed, explained, unnoticed, percent: (100 * noticed) / Math.max(1, noticed + unnoticed) };
}

/** Formats the scores as the table of test/README.md, with their sum. */
export function formatScores(scores) {
  const sum = (name) => scores.reduce((total, score) => total + score[name], 0);
  const row = (name, noticed, unnoticed, explained) =>
    `| ${name} | ${noticed + unnoticed} | ${noticed} | ${((100 * noticed) / Math.max(1, noticed + unnoticed)).toFixed(1)} % | ${explained} |`;
  return [
    "| folder of `src` | mutants | noticed | score | equivalent |",
    "| --- | --- | --- | --- | --- |",
    ...scores.map((score) => row(`\`${score.folder}\``, score.noticed, score.unnoticed, score.explained)),
    row("all", sum("noticed"), sum("unnoticed"), sum("explained")),
  ].join("\n");
}
