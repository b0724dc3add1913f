import { onTestFinished } from "vitest";
import { createKioskSimulator, type KioskSimulator, type KioskSimulatorOptions } from "wise-card-kiosk/testing";
import { CARD } from "./transports.js";

/** A simulated Wise on loopback, and the environment variables that lead the command line to it. */
export interface CommandStage {
  readonly simulator: KioskSimulator;
  readonly env: { readonly WISE_BASE_URL: string; readonly WISE_API_TOKEN: string };
}

/** `PROFILE:TOKEN` of the card of the stage. */
export const NAMED_CARD = `${CARD.profileId}:${CARD.cardToken}`;

/** Opens a simulated Wise until the end of the test. */
export async function openCommandStage(options: KioskSimulatorOptions = {}): Promise<CommandStage> {
  const simulator = createKioskSimulator({ cards: [CARD], ...options });
  const server = await simulator.listen();
  onTestFinished(() => server.close());
  const { token } = simulator.clientOptions();
  return { simulator, env: { WISE_BASE_URL: server.url, WISE_API_TOKEN: token } };
}

/** Returns how many requests to print have arrived. */
export function countPrints({ requests }: KioskSimulator): number {
  return requests.filter(({ method }) => method === "PUT").length;
}
