import type { Command } from "../definition/command.js";
import { exitCodeForProduction } from "../definition/exit-code.js";
import { CALL_OPTIONS } from "../definition/options.js";
import { parseNamedCard } from "../input/card-and-kiosk.js";
import { connectToWise } from "../input/connect-to-wise.js";
import { parseMaxWait, waitForEnd } from "./wait-for-end.js";

export const waitCommand: Command = {
  name: "wait",
  summary: "Waits until the production of a card ends",
  details: [
    "It prints the state in which the production ends, and exits with 0 only if that is",
    "PRODUCED. A card whose last production failed ends the wait immediately.",
  ],
  parameters: [{ name: "PROFILE:TOKEN" }],
  options: [...CALL_OPTIONS, "max-wait"],
  async run(invocation) {
    const { parameters, options, io, results } = invocation;
    const card = parseNamedCard("PROFILE:TOKEN", parameters[0] ?? "");
    const maxWaitMs = parseMaxWait(options["max-wait"]);
    const kiosk = await connectToWise(invocation);
    const end = await waitForEnd(kiosk, card, { maxWaitMs }, io);
    results.writeProduction(end);
    return exitCodeForProduction(end);
  },
};
