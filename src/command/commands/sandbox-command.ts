import { KioskArgumentError } from "../../errors/argument-error.js";
import type { SandboxOptions } from "../../sandbox/sandbox-options.js";
import type { Command, Invocation } from "../definition/command.js";
import { EXIT } from "../definition/exit-code.js";
import { Interruption } from "../definition/program-io.js";
import { type OptionNaming, withOptionNames } from "../definition/with-option-names.js";
import { type NamedCard, parseKiosk, parseNamedCard } from "../input/card-and-kiosk.js";
import { readInput } from "../input/read-input.js";
import { readToken } from "../input/read-token.js";

const TOKEN_VARIABLE = "WISE_SANDBOX_TOKEN";

export const sandboxCommand: Command = {
  name: "sandbox",
  summary: "Simulates Wise for people and for programs in any language",
  details: [
    "It prints the URL, the token, the subscription and the public key of its webhooks,",
    "then a line for each request and delivery. The page is at /, the control API under",
    "/_sandbox/. Its token comes from WISE_SANDBOX_TOKEN or --token-file, or is random.",
    "Any --host outside loopback demands a token of your own. Ctrl+C stops it.",
  ],
  parameters: [],
  options: [
    "port",
    "host",
    "card",
    "kiosk",
    "token-file",
    "webhook-url",
    "seed",
    "production-delay",
    "read-lag",
    "auto",
  ],
  tokenVariable: TOKEN_VARIABLE,
  async run(invocation) {
    const options = await readSandboxOptions(invocation).catch((error: unknown) => {
      if (error instanceof Interruption) return undefined;
      throw error;
    });
    // Its end is an interruption, also while it reads its token or its seed.
    if (options === undefined) return EXIT.done;
    // No other command needs it, and it takes longest to load.
    const { runSandbox } = await import("../../sandbox/run-sandbox.js");
    return withOptionNames(toOptionNaming(options), () => runSandbox(options, invocation.io));
  },
};

/** A value that the seed file gives instead of an option keeps the name that it has there. */
function toOptionNaming({ webhookUrl, productionDelayMs, readLagMs }: SandboxOptions): OptionNaming {
  return {
    port: "--port",
    host: "--host",
    token: "--token-file",
    // Errors about cards of the seed name them by their index.
    cardToken: "--card",
    seed: "--seed",
    webhookUrl: webhookUrl === undefined ? undefined : "--webhook-url",
    productionDelayMs: productionDelayMs === undefined ? undefined : "--production-delay",
    readLagMs: readLagMs === undefined ? undefined : "--read-lag",
  };
}

async function readSandboxOptions(invocation: Invocation): Promise<SandboxOptions> {
  const { options, io } = invocation;
  const { port, host, card, kiosk, auto, json, seed } = options;
  if (seed === "-" && options["token-file"] === "-") {
    throw new KioskArgumentError("--seed", "cannot be stdin (-) if --token-file is, because stdin is read only once");
  }
  return {
    port: parseCount("--port", port),
    host,
    cards: parseCards(card),
    kiosks: kiosk.map((text) => parseKiosk("--kiosk", text)),
    token: await readToken(options, TOKEN_VARIABLE, io),
    webhookUrl: options["webhook-url"],
    seed: await readSeed(invocation),
    productionDelayMs: parseCount("--production-delay", options["production-delay"]),
    readLagMs: parseCount("--read-lag", options["read-lag"]),
    // The seed file may say so, too.
    auto: auto || undefined,
    json,
  };
}

/** Returns the text of the seed file, without a byte order mark. */
async function readSeed({ options, io }: Invocation): Promise<string | undefined> {
  const { seed } = options;
  if (seed === undefined) return undefined;
  return new TextDecoder().decode(await readInput("--seed", seed, io));
}

function parseCards(texts: readonly string[]): NamedCard[] {
  const cards = texts.map((text) => parseNamedCard("--card", text));
  if (new Set(cards.map(({ cardToken }) => cardToken)).size === cards.length) return cards;
  throw new KioskArgumentError("--card", "must name each token of a card only once");
}

/** Longer numbers are never valid, and the checks of the simulator would show them. */
const A_COUNT = /^\d{1,10}$/;

function parseCount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (A_COUNT.test(text)) return Number(text);
  throw new KioskArgumentError(option, "must be a whole number, 0 or more, of at most 10 digits");
}
