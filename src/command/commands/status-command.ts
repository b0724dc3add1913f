import type { Command } from "../definition/command.js";
import { EXIT } from "../definition/exit-code.js";
import { CALL_OPTIONS } from "../definition/options.js";
import { parseNamedCard } from "../input/card-and-kiosk.js";
import { connectToWise } from "../input/connect-to-wise.js";

export const statusCommand: Command = {
  name: "status",
  summary: "Reads the state of a card, and says what to do next",
  details: ["It exits with 0 whatever the state is."],
  parameters: [{ name: "PROFILE:TOKEN" }],
  options: CALL_OPTIONS,
  async run(invocation) {
    const { parameters, io, results } = invocation;
    const card = parseNamedCard("PROFILE:TOKEN", parameters[0] ?? "");
    const kiosk = await connectToWise(invocation);
    results.writeProduction(await kiosk.getProductionStatus(card, { signal: io.signal }));
    return EXIT.done;
  },
};
