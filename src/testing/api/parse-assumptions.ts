import * as z from "zod";
import { quoteValue } from "../../arguments/found-value.js";
import { type OptionNames, parseNestedOptions } from "../../arguments/parse-options.js";
import { type AssumedResponse, DEFAULT_ASSUMPTIONS, type GivenAssumptions } from "./assumptions.js";
import { httpStatus, nonBlankText, wanted } from "./option-schema.js";

const ASSUMPTION_NAMES: OptionNames<GivenAssumptions> = {
  produceExpiredCard: true,
  produceBeforeReady: true,
  produceWhileInProgress: true,
  produceAfterProduced: true,
  readBeforeReady: true,
  simulateBeforeProduce: true,
  simulateAfterResult: true,
  occurredAtOfResult: true,
  refusalIsRead: true,
  decideByLaggingState: true,
};

const ANSWER_NAMES: OptionNames<AssumedResponse> = { httpStatus: true, body: true };

const AN_ANSWER = "a response as { httpStatus, body } with a status from 200 to 599";

const responseSchema = z.object({ httpStatus, body: z.unknown().optional() }, wanted(AN_ANSWER, quoteValue));
const produced = z.union([nonBlankText, responseSchema], wanted(`'accept', a request error code or ${AN_ANSWER}`));
const simulated = z.union([z.literal("accept"), responseSchema], wanted(`'accept' or ${AN_ANSWER}`, quoteValue));
const trueOrFalse = z.boolean(wanted("true or false"));

/** What a simulator assumes, with the defaults for what is left out or `undefined`. */
export const assumptionsSchema = z.object({
  produceExpiredCard: produced.default(DEFAULT_ASSUMPTIONS.produceExpiredCard),
  produceBeforeReady: produced.default(DEFAULT_ASSUMPTIONS.produceBeforeReady),
  produceWhileInProgress: produced.default(DEFAULT_ASSUMPTIONS.produceWhileInProgress),
  produceAfterProduced: produced.default(DEFAULT_ASSUMPTIONS.produceAfterProduced),
  readBeforeReady: responseSchema.default(DEFAULT_ASSUMPTIONS.readBeforeReady),
  simulateBeforeProduce: simulated.default(DEFAULT_ASSUMPTIONS.simulateBeforeProduce),
  simulateAfterResult: simulated.default(DEFAULT_ASSUMPTIONS.simulateAfterResult),
  occurredAtOfResult: z
    .enum(["sent", "result"], wanted("'sent' or 'result'", quoteValue))
    .default(DEFAULT_ASSUMPTIONS.occurredAtOfResult),
  refusalIsRead: trueOrFalse.default(DEFAULT_ASSUMPTIONS.refusalIsRead),
  decideByLaggingState: trueOrFalse.default(DEFAULT_ASSUMPTIONS.decideByLaggingState),
});

/**
 * Copies assumptions whose names exist.
 *
 * @throws {KioskArgumentError} for the first assumption, or option of an assumed response, that does not exist.
 */
export function knownAssumptions(given: GivenAssumptions): GivenAssumptions {
  const assumptions = Object.entries(parseNestedOptions("assumptions", given, ASSUMPTION_NAMES));
  return Object.fromEntries(
    assumptions.map(([name, value]) => [
      name,
      isResponseObject(value) ? parseNestedOptions(`assumptions.${name}`, value, ANSWER_NAMES) : value,
    ]),
  );
}

function isResponseObject(value: unknown): value is AssumedResponse {
  return typeof value === "object" && value !== null;
}
