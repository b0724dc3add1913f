import { setTimeout as pause } from "node:timers/promises";
import { describeProduction, isKioskError, type Production, WiseKioskClient } from "wise-card-kiosk";
import { sandboxStage } from "./demo/sandbox-stage.js";
import { simulatedStage } from "./demo/simulated-stage.js";
import type { Stage } from "./demo/stage.js";
import { Timeline } from "./demo/timeline.js";

/**
 * A card jams in a kiosk, the clerk reads what to do and prints it again, and the customer collects the card.
 *
 *     npm run demo
 *
 * The demo runs against a simulator. If WISE_API_TOKEN, WISE_PROFILE_ID, WISE_CARD_TOKEN and WISE_KIOSK_ID are set, it runs
 * against Wise's sandbox, with a card that was ordered for KIOSK_COLLECTION. WISE_BASE_URL sends the requests to a server on
 * this machine instead.
 */
const timeline = new Timeline();
try {
  await using stage = sandboxStage(process.env) ?? (await simulatedStage((event) => timeline.event(event)));
  timeline.say(stage.title);
  timeline.say(await play(stage));
} catch (error) {
  const { message } = error as Error;
  const reason = isKioskError(error) ? `${error.name}: ${message}` : message;
  console.error(`The demo ended early. ${reason.replaceAll(/\s+/g, " ")}`);
  process.exitCode = 1;
}

/** Waits while the kiosk prints, or the clerk works. */
function aMoment(): Promise<void> {
  return pause(700);
}

async function play({ clientOptions, card, kioskId, events }: Stage): Promise<string> {
  const kiosk = new WiseKioskClient({ ...clientOptions, onExchange: (exchange) => timeline.exchange(exchange) });
  let failures = 0;
  let requests = 0;

  async function print(previous: Production): Promise<void> {
    requests += 1;
    const started = await kiosk.produceCard({ ...card, kioskId, previous });
    if (started.status === "REQUEST_ERROR") throw new Error(describeProduction(started));
  }

  // Fails soon if Wise cannot be reached: `watchProduction` below would go on trying.
  await new WiseKioskClient(clientOptions).getProductionStatus(card);
  for await (const production of kiosk.watchProduction(card, { events, maxWaitMs: 120_000 })) {
    timeline.state(production);
    switch (production.status) {
      case "READY":
        timeline.note(`The clerk prints the card at kiosk ${kioskId}.`);
        await print(production);
        break;
      case "IN_PROGRESS":
        await aMoment();
        if (failures > 0) await kiosk.simulateProductionStatus({ ...card, status: "PRODUCED" });
        else await kiosk.simulateProductionStatus({ ...card, status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" });
        break;
      case "PRODUCTION_ERROR":
        failures += 1;
        await aMoment();
        timeline.note("The clerk does that and prints the card again.");
        await print(production);
        break;
      case "REQUEST_ERROR":
      case "UNRECOGNIZED":
        throw new Error(describeProduction(production));
      case "PRODUCED":
    }
  }
  return requests === 0
    ? "This card was produced before. Order another one to see it printed."
    : `The customer holds the card. Production requests: ${requests}, failures: ${failures}, cards: 1.`;
}
