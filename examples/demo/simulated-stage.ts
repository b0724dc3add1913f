import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { type KioskProductionEvent, KioskWebhooks } from "wise-card-kiosk/webhooks";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import type { Stage } from "./stage.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

/** Starts the simulator behind a real HTTP server on this machine, and a receiver to which it delivers its webhooks. */
export async function simulatedStage(onEvent: (event: KioskProductionEvent) => void): Promise<Stage> {
  const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: [card] });
  const wise = await simulator.listen();

  const events = new PassThrough({ objectMode: true });
  const webhooks = new KioskWebhooks(simulator.webhookOptions());
  const onProduction = (event: KioskProductionEvent) => {
    onEvent(event);
    events.write(event);
  };
  const receiver = createServer(nodeListener(webhooks.handler({ onProduction, onError: console.error })));
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  const { port } = receiver.address() as AddressInfo;
  const deliveries = simulator.deliverTo(`http://127.0.0.1:${port}`);

  return {
    title: `Wise is simulated at ${wise.url}: no credentials, and nothing leaves this machine.`,
    clientOptions: { baseUrl: wise.url, token: simulator.clientOptions().token },
    card,
    kioskId: "WIS00001",
    events,
    async [Symbol.asyncDispose]() {
      await deliveries.settled();
      receiver.closeAllConnections();
      receiver.close();
      await wise.close();
    },
  };
}
