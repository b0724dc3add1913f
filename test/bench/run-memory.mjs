// Runs one kind of work many times, and sends the resident set after each tenth of it, in bytes, to the parent. Needs --expose-gc.
// Arguments: `calls` or `unwraps`, how many, and the options of the client as JSON.
import { pathToFileURL } from "node:url";
import { CLIENTS } from "./clients.mjs";

const IN_FLIGHT = 64;

const [, , kind, count, options] = process.argv;

const createWork = {
  calls: () => CLIENTS["wise-card-kiosk"](JSON.parse(options)),

  async unwraps() {
    const { packageFolder } = JSON.parse(options);
    const load = (entry) => import(pathToFileURL(`${packageFolder}/dist/${entry}`));
    const [{ createKioskSimulator }, { KioskWebhooks }, { WiseKioskClient }] = await Promise.all([
      load("testing/index.js"),
      load("webhooks/index.js"),
      load("index.js"),
    ]);
    const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
    const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: [card] });
    await new WiseKioskClient(simulator.clientOptions()).produceCard({ ...card, kioskId: "WIS00001" });
    const [{ body, headers }] = simulator.deliveries;
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    return () => webhooks.unwrap(body, headers);
  },
}[kind];

const work = await createWork();
const samples = [];
for (let part = 0; part < 10; part += 1) {
  let left = Number(count) / 10;
  const runSome = async () => {
    for (; left > 0; left -= 1) await work();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, runSome));
  globalThis.gc();
  samples.push(process.memoryUsage().rss);
}
process.send(samples);
process.on("disconnect", () => process.exit());
