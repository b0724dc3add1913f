import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { type KioskProductionEvent, KioskWebhooks } from "wise-card-kiosk/webhooks";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import type { Stage } from "./stage.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

/** Starts the simulator behind a real HTTP server on this machine, and a receiver that subscribes to its webhooks. */
export async function simulatedStage(onEvent: (event: KioskProductionEvent) => void): Promise<Stage> {
  const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: [card] });
  const wise = await simulator.listen();

  const events = new PassThrough({ objectMode: true });
  const onProduction = (event: KioskProductionEvent) => {
    onEvent(event);
    events.write(event);
  };
  const receiver = createServer();
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  const { port } = receiver.address() as AddressInfo;
  const token = createClientCredentialsToken({ baseUrl: wise.url, clientId: "your-bank", clientSecret: "any-secret" });
  const subscriptions = new KioskSubscriptions({ baseUrl: wise.url, clientKey: "your-bank", token });
  const { subscription } = await subscriptions.ensure({ url: `http://127.0.0.1:${port}/wise` });

  const { publicKeys } = simulator.webhookOptions();
  const webhooks = new KioskWebhooks({ publicKeys, subscriptionIds: [subscription.id] });
  receiver.on("request", nodeListener(webhooks.handler({ onProduction, onError: console.error })));

  return {
    title: `Wise is simulated at ${wise.url}: no credentials, and nothing leaves this machine.`,
    clientOptions: { baseUrl: wise.url, token: simulator.clientOptions().token },
    card,
    kioskId: "WIS00001",
    events,
    async [Symbol.asyncDispose]() {
      await simulator.settled();
      receiver.closeAllConnections();
      receiver.close();
      await wise.close();
    },
  };
}
