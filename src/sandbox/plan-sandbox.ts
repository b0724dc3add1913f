import { KioskArgumentError } from "../errors/argument-error.js";
import { DEFAULT_CARDS, DEFAULT_KIOSKS, DEFAULT_PRODUCTION_DELAY_MS } from "./default-state.js";
import { isCertainlyLoopback } from "./http/loopback-names.js";
import type { Seed } from "./parse-seed.js";
import type { SandboxOptions } from "./sandbox-options.js";
import type { InitialState } from "./state/sandbox.js";

/** The port of a sandbox that was started without one. */
const DEFAULT_PORT = 4010;

/** What a sandbox begins with. */
export interface SandboxPlan {
  readonly address: { readonly host: string; readonly port: number };
  readonly initial: InitialState;
}

/**
 * Combines options, a seed and defaults. Cards and kiosks add up; otherwise an option wins over the seed.
 *
 * @throws {KioskArgumentError} if the sandbox would be open to the network without a token of the user's own.
 */
export function planSandbox(options: SandboxOptions, { auto, webhookUrl, ...seed }: Seed): SandboxPlan {
  const { host = "127.0.0.1", port = DEFAULT_PORT, token } = options;
  if (!isCertainlyLoopback(host) && token === undefined) {
    throw new KioskArgumentError(
      "token",
      "must be your own, because the host is open to the network: set WISE_SANDBOX_TOKEN or --token-file",
    );
  }
  const cards = [...(seed.cards ?? []), ...(options.cards ?? [])];
  const kiosks = [...(seed.kiosks ?? []), ...(options.kiosks ?? [])];
  return {
    address: { host, port },
    initial: {
      simulator: {
        ...seed,
        cards: cards.length === 0 ? DEFAULT_CARDS : cards,
        kiosks: kiosks.length === 0 ? DEFAULT_KIOSKS : kiosks,
        productionDelayMs: options.productionDelayMs ?? seed.productionDelayMs ?? DEFAULT_PRODUCTION_DELAY_MS,
        readLagMs: options.readLagMs ?? seed.readLagMs,
        token,
      },
      auto: options.auto ?? auto ?? false,
      webhookUrl: options.webhookUrl ?? webhookUrl ?? null,
      showsToken: isCertainlyLoopback(host),
    },
  };
}
