import type { WiseKioskClient } from "../../client/wise-kiosk-client.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { Production } from "../../production/production.js";
import type { Command } from "../definition/command.js";
import { exitCodeForProduction } from "../definition/exit-code.js";
import { mayStillPrint } from "../definition/may-still-print.js";
import { CALL_OPTIONS, type OptionValues } from "../definition/options.js";
import type { ProgramIo } from "../definition/program-io.js";
import { UnknownOutcome } from "../definition/unknown-outcome.js";
import { type NamedCard, parseKiosk, parseNamedCard } from "../input/card-and-kiosk.js";
import { connectToWise } from "../input/connect-to-wise.js";
import { parseMaxWait, type WaitLimits, waitForEnd } from "./wait-for-end.js";

const READ_BEFORE_PRODUCING = "The card may be printing: read its status before you produce it again.";

export const produceCommand: Command = {
  name: "produce",
  summary: "Sends a card to a kiosk to be printed",
  details: [
    "It prints the state of the card and what to do next. With --wait it also prints",
    "the state in which the production ends. It sends a request again only if no",
    "card can be printed twice.",
  ],
  parameters: [{ name: "PROFILE:TOKEN" }, { name: "KIOSK" }],
  options: [...CALL_OPTIONS, "wait", "max-wait"],
  async run(invocation) {
    const { parameters, options, io, results } = invocation;
    const card = parseNamedCard("PROFILE:TOKEN", parameters[0] ?? "");
    const kioskId = parseKiosk("KIOSK", parameters[1] ?? "");
    const maxWaitMs = parseWait(options);
    const kiosk = await connectToWise(invocation);
    // A lagging read may still show this state after the request, and then it must not end the wait.
    const previous = await kiosk.getProductionStatus(card, { signal: io.signal });
    const response = await requestPrint(kiosk, { ...card, kioskId, previous }, io);
    results.writeProduction(response);
    if (!options.wait || !mayStillPrint(response)) return exitCodeForProduction(response);
    const end = await followPrint(kiosk, card, { previous, maxWaitMs }, io);
    results.writeProduction(end);
    return exitCodeForProduction(end);
  },
};

function parseWait(options: OptionValues): number | undefined {
  if (options["max-wait"] !== undefined && !options.wait) {
    throw new KioskArgumentError("--max-wait", "needs --wait, because without it the command does not wait");
  }
  return parseMaxWait(options["max-wait"]);
}

type Print = NamedCard & { readonly kioskId: string; readonly previous: Production };

async function requestPrint(kiosk: WiseKioskClient, request: Print, { signal }: ProgramIo): Promise<Production> {
  try {
    return await kiosk.produceCard(request, { signal });
  } catch (error) {
    throw error === signal.reason ? new UnknownOutcome(error, READ_BEFORE_PRODUCING) : error;
  }
}

/** After Wise has accepted the request, no error means that nothing happened. */
async function followPrint(
  kiosk: WiseKioskClient,
  card: NamedCard,
  limits: WaitLimits,
  io: ProgramIo,
): Promise<Production> {
  try {
    return await waitForEnd(kiosk, card, limits, io);
  } catch (error) {
    throw new UnknownOutcome(error, READ_BEFORE_PRODUCING);
  }
}
