/** Watches a card at the URL of the first argument, leaves the watch as the second says, and has nothing else to do then. */
import { WiseKioskClient } from "wise-card-kiosk";

const [, , baseUrl = "", left = ""] = process.argv;
const kiosk = new WiseKioskClient({ baseUrl, token: "token" });
const controller = new AbortController();
/** Has nothing to give, for ever. */
const events = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
const options = { intervalMs: 20, events, signal: controller.signal };
const states = kiosk.watchProduction({ profileId: 1, cardToken: "card" }, options);

/** A read is under way that will not be answered. */
async function stuckInRead(): Promise<void> {
  states.next().catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 300));
}

let first: string | undefined;
if (left === "abandon") {
  first = (await states.next()).value?.status;
} else {
  try {
    for await (const { status } of states) {
      first = status;
      await stuckInRead();
      if (left === "break") break;
      if (left === "throw") throw new Error("left");
      if (left === "return") await states.return?.();
      if (left === "abort") controller.abort();
    }
  } catch {}
}
process.stdout.write(JSON.stringify({ left, first }));
