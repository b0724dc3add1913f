import type { SimulatedStatus } from "../../client/simulated-status.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { isProductionErrorCode, PRODUCTION_ERROR_CODES } from "../../production/error-codes.js";
import { likelyMatch } from "../../text/nearest-match.js";
import type { Command } from "../definition/command.js";
import { EXIT } from "../definition/exit-code.js";
import { CALL_OPTIONS } from "../definition/options.js";
import { UnknownOutcome } from "../definition/unknown-outcome.js";
import { withOptionNames } from "../definition/with-option-names.js";
import { parseNamedCard } from "../input/card-and-kiosk.js";
import { connectToWise } from "../input/connect-to-wise.js";

const SIMULATED_ENDS = ["PRODUCED", ...PRODUCTION_ERROR_CODES];

const READ_BEFORE_SIMULATING = "The status may have been simulated: read it before you simulate again.";

export const simulateCommand: Command = {
  name: "simulate",
  summary: "Makes Wise's sandbox end a production",
  details: [
    "It ends as PRODUCED, or as PRODUCTION_ERROR with an error code. The card must",
    "have been sent to a kiosk. The explain command describes each code.",
  ],
  parameters: [{ name: "PROFILE:TOKEN" }, { name: "PRODUCED|CODE", choices: SIMULATED_ENDS }],
  options: CALL_OPTIONS,
  async run(invocation) {
    const { parameters, io, results } = invocation;
    const card = parseNamedCard("PROFILE:TOKEN", parameters[0] ?? "");
    const simulated = parseEnd(parameters[1] ?? "");
    const kiosk = await connectToWise(invocation);
    try {
      await withOptionNames({ environment: "--environment" }, () =>
        kiosk.simulateProductionStatus({ ...card, ...simulated }, { signal: io.signal }),
      );
    } catch (error) {
      throw error === io.signal.reason ? new UnknownOutcome(error, READ_BEFORE_SIMULATING) : error;
    }
    const { status, errorCode = null } = simulated;
    results.write(
      { status, errorCode },
      `The sandbox simulates ${status}${errorCode === null ? "" : ` (${errorCode})`}.`,
    );
    return EXIT.done;
  },
};

/** The client would send any text as a code, and so a misspelt PRODUCED would fail the card. */
function parseEnd(given: string): SimulatedStatus {
  const text = given.trim().toUpperCase();
  if (text === "PRODUCED") return { status: text };
  if (isProductionErrorCode(text)) return { status: "PRODUCTION_ERROR", errorCode: text };
  const match = likelyMatch(text, SIMULATED_ENDS);
  throw new KioskArgumentError(
    "PRODUCED|CODE",
    `must be PRODUCED or an error code of the kiosk${match === undefined ? "" : `. Did you mean ${match}?`}`,
  );
}
