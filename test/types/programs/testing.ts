import { setGlobalDispatcher } from "undici";
import { type Production, WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import { createKioskSimulator, type SimulatedCard } from "wise-card-kiosk/testing";

const simulator = createKioskSimulator({
  kiosks: ["WIS00001"],
  cards: [{ profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" }],
});

const options: WiseKioskClientOptions = simulator.clientOptions();

export const clients = [
  new WiseKioskClient(simulator.clientOptions()),
  new WiseKioskClient({ ...options, maxRetries: 0 }),
  new WiseKioskClient({ environment: "sandbox", token: "token", fetch: simulator.fetch }),
  new WiseKioskClient({ environment: "sandbox", token: "token", dispatcher: simulator.dispatcher }),
];

export function adapters(): void {
  setGlobalDispatcher(simulator.dispatcher);
  globalThis.fetch = simulator.fetch;
}

export const failed: SimulatedCard = simulator.card("ca0c").fail("PRD_HOPPER_JAM");
export const state: Production | undefined = failed.production;

export function misuse(): void {
  // @ts-expect-error There is no such operation.
  simulator.injectFault({ operation: "printCard", fault: "timeout" });
  // @ts-expect-error There is no such fault.
  simulator.injectFault({ fault: "earthquake" });
  // @ts-expect-error A card belongs to a profile.
  simulator.addCard({ cardToken: "ca0c" });
}
