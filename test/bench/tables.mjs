// The results as Markdown.

const toTable = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const toRatio = ({ ratio, spread: [low, high] }) => `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

/** The clients: processor time and wall time of a call, one at a time and 64 in flight. */
export function clientTable(clients, versions) {
  const head = ["client", "processor, 1", "µs", "wall µs", "processor, 64", "µs", "wall µs"];
  const rows = clients.map(({ name, inFlight }) => [
    [name, versions[name]].filter((part) => part !== undefined).join(" "),
    ...inFlight.flatMap((result) => [toRatio(result), result.cpuUs.toFixed(0), result.wallUs.toFixed(0)]),
  ]);
  return toTable(head, rows);
}

/** The processor time of a call in microseconds, by the number of calls in flight. */
export function growthTable(clients, inFlight) {
  const head = ["processor µs of a call, in flight:", ...inFlight];
  return toTable(
    head,
    clients.map(({ name, inFlight: results }) => [name, ...results.map(({ cpuUs }) => cpuUs.toFixed(1))]),
  );
}

/** The processor time of `unwrap`, compared with the work that every receiver must do. */
export function unwrapTable(results) {
  const rows = results.map((result) => [result.inFlight, toRatio(result), result.unwrapUs.toFixed(0)]);
  return toTable(["unwrap, in flight:", "processor, to the bare work", "µs"], rows);
}

/** The time of a process that imports a package. */
export function importTable(imports) {
  const rows = imports.map((result) => [result.name, toRatio(result), result.ms.toFixed(0)]);
  return toTable(["import", "time of the process, to a bare one", "ms"], rows);
}

/** The resident set in megabytes. */
export function memoryTable(results) {
  const parts = [1, 2, 5, 8, 10];
  const head = ["resident set in MB after", ...parts.map((part) => `${part * 10} %`)];
  const rows = results.map(({ kind, count, samples }) => [
    `${count.toLocaleString("en")} ${kind}`,
    ...parts.map((part) => (samples[part - 1] / 1e6).toFixed(0)),
  ]);
  return toTable(head, rows);
}
