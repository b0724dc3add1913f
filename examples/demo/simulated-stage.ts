import { createKioskSimulator } from "wise-card-kiosk/testing";
import type { Stage } from "./stage.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

/** A simulated Wise behind a real HTTP server on this machine. */
export async function simulatedStage(): Promise<Stage> {
  const simulator = createKioskSimulator({ kiosks: ["WIS00001"], cards: [card] });
  const server = await simulator.listen();
  return {
    title: `Wise is simulated at ${server.url}: no credentials, and nothing leaves this machine.`,
    clientOptions: { baseUrl: server.url, token: simulator.clientOptions().token },
    card,
    kioskId: "WIS00001",
    [Symbol.asyncDispose]: () => server.close(),
  };
}
