import { type Exchange, WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import { createKioskSimulator, type KioskSimulator, type KioskSimulatorOptions } from "wise-card-kiosk/testing";
import { CARD } from "./transports.js";

/** A simulated card behind a port of this machine, and a client that follows it. */
export interface FollowedCard extends AsyncDisposable {
  readonly simulator: KioskSimulator;
  readonly card: ReturnType<KioskSimulator["card"]>;
  readonly kiosk: WiseKioskClient;
  readonly exchanges: readonly Exchange[];
}

/** Puts a card at a kiosk. */
export async function startCard(
  options: Partial<WiseKioskClientOptions> = {},
  simulated: KioskSimulatorOptions = {},
): Promise<FollowedCard> {
  const simulator = createKioskSimulator({ cards: [CARD], ...simulated });
  const server = await simulator.listen();
  const exchanges: Exchange[] = [];
  const kiosk = new WiseKioskClient({
    baseUrl: server.url,
    token: simulator.clientOptions().token,
    onExchange: (exchange) => exchanges.push(exchange),
    ...options,
  } as WiseKioskClientOptions);
  return {
    simulator,
    card: simulator.card(CARD.cardToken),
    kiosk,
    exchanges,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** An interval at which nothing is read again within a test. */
export const NEVER_AGAIN = 600_000;

/** An interval at which a test sees many reads. */
export const OFTEN = 10;
