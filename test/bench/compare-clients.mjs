// Compares clients in interleaved rounds: what slows the machine down for a while slows all of them down.
import { ask, start, stop } from "./processes.mjs";
import { medianOf, quartilesOf } from "./statistics.mjs";

/** The client that all others are compared with. */
export const BASELINE = "undici, request";

/**
 * Measures clients, each in a process of its own.
 *
 * @returns for each client and each number in flight: the median times of a call in microseconds, the median and the quartiles of
 * the ratio of its processor time to that of the baseline in the same round, and the share of its time in which the server worked.
 */
export async function compareClients({ names, packageFolder, inFlight, rounds, calls, warmUp }) {
  const { child: server, message } = await start("server.mjs");
  const options = JSON.stringify({ baseUrl: `http://127.0.0.1:${message.port}`, packageFolder });
  const clients = [];
  for (const name of names) clients.push({ name, child: (await start("run-client.mjs", [name, options])).child });
  const results = new Map(names.map((name) => [name, new Map(inFlight.map((number) => [number, []]))]));
  for (const number of inFlight) {
    for (const { child } of clients) await ask(child, { calls: warmUp, inFlight: number });
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? clients : clients.toReversed();
      for (const { name, child } of order) {
        const before = await ask(server, "time");
        const times = await ask(child, { calls, inFlight: number });
        const serverUs = (await ask(server, "time")).cpuUs - before.cpuUs;
        results
          .get(name)
          .get(number)
          .push({ ...times, serverShare: serverUs / calls / times.wallUs });
      }
    }
  }
  for (const { child } of [...clients, { child: server }]) await stop(child);
  return names.map((name) => ({
    name,
    inFlight: inFlight.map((number) => summarize(results.get(name).get(number), results.get(BASELINE).get(number))),
  }));
}

function summarize(rounds, baseline) {
  const ratios = rounds.map(({ cpuUs }, index) => cpuUs / baseline[index].cpuUs);
  const medianBy = (key) => medianOf(rounds.map((round) => round[key]));
  return {
    cpuUs: medianBy("cpuUs"),
    wallUs: medianBy("wallUs"),
    serverShare: medianBy("serverShare"),
    ratio: medianOf(ratios),
    spread: quartilesOf(ratios),
  };
}
