import { type Exchange, WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import { createKioskSimulator, type KioskSimulator, type KioskSimulatorOptions } from "wise-card-kiosk/testing";
import { CARD } from "./transports.js";

/** A simulated card behind a loopback server, and a client that follows it. */
export interface FollowedCard extends AsyncDisposable {
  readonly simulator: KioskSimulator;
  /** The controls of the card. */
  readonly card: ReturnType<KioskSimulator["card"]>;
  /** The client, which sends real HTTP requests to the simulator. */
  readonly kiosk: WiseKioskClient;
  /** The HTTP attempts of the client so far. */
  readonly exchanges: readonly Exchange[];
}

/** Starts a simulator with the card {@link CARD} behind a loopback server, and creates a client for it. */
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

/** An interval in milliseconds that no test reaches. */
export const NEVER_AGAIN = 600_000;

/** An interval in milliseconds with many reads within a test. */
export const OFTEN = 10;
