import * as z from "zod";
import { quoteValue } from "../../arguments/found-value.js";
import { type OptionNames, parseNestedOptions } from "../../arguments/parse-options.js";
import { sendableBody } from "../faults/sendable-body.js";
import { type AssumedResponse, DEFAULT_ASSUMPTIONS, type GivenAssumptions } from "./assumptions.js";
import { errorParams, httpStatus, nonBlankText } from "./option-schema.js";

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
  listShowsCreatedAt: true,
};

const RESPONSE_NAMES: OptionNames<AssumedResponse> = { httpStatus: true, body: true };

const A_RESPONSE = "a response { httpStatus, body } with a status from 200 to 599";

const responseSchema = z.object({ httpStatus, body: z.unknown().optional() }, errorParams(A_RESPONSE, quoteValue));
const produced = z.union(
  [nonBlankText, responseSchema],
  errorParams(`'accept', a request error code or ${A_RESPONSE}`),
);
const simulated = z.union([z.literal("accept"), responseSchema], errorParams(`'accept' or ${A_RESPONSE}`, quoteValue));
const trueOrFalse = z.boolean(errorParams("true or false"));

/** A schema for assumptions, with the default for each one that is missing or `undefined`. */
export const assumptionsSchema = z.object({
  produceExpiredCard: produced.default(DEFAULT_ASSUMPTIONS.produceExpiredCard),
  produceBeforeReady: produced.default(DEFAULT_ASSUMPTIONS.produceBeforeReady),
  produceWhileInProgress: produced.default(DEFAULT_ASSUMPTIONS.produceWhileInProgress),
  produceAfterProduced: produced.default(DEFAULT_ASSUMPTIONS.produceAfterProduced),
  readBeforeReady: responseSchema.default(DEFAULT_ASSUMPTIONS.readBeforeReady),
  simulateBeforeProduce: simulated.default(DEFAULT_ASSUMPTIONS.simulateBeforeProduce),
  simulateAfterResult: simulated.default(DEFAULT_ASSUMPTIONS.simulateAfterResult),
  occurredAtOfResult: z
    .enum(["sent", "result"], errorParams("'sent' or 'result'", quoteValue))
    .default(DEFAULT_ASSUMPTIONS.occurredAtOfResult),
  refusalIsRead: trueOrFalse.default(DEFAULT_ASSUMPTIONS.refusalIsRead),
  decideByLaggingState: trueOrFalse.default(DEFAULT_ASSUMPTIONS.decideByLaggingState),
  listShowsCreatedAt: trueOrFalse.default(DEFAULT_ASSUMPTIONS.listShowsCreatedAt),
});

/**
 * Copies assumptions and rejects unknown names in them. The schema checks their values.
 *
 * @throws {KioskArgumentError} if an assumption, or an option of a custom response, is unknown, or a body cannot be sent; the message
 *   names the first.
 */
export function parseAssumptions(given: GivenAssumptions): GivenAssumptions {
  const assumptions = Object.entries(parseNestedOptions("assumptions", given, ASSUMPTION_NAMES));
  return Object.fromEntries(
    assumptions.map(([name, value]) => [
      name,
      isResponseObject(value) ? parseAssumedResponse(`assumptions.${name}`, value) : value,
    ]),
  );
}

function parseAssumedResponse(name: string, given: AssumedResponse): AssumedResponse {
  const response = parseNestedOptions(name, given, RESPONSE_NAMES);
  return { ...response, body: sendableBody(`${name}.body`, response.body) };
}

function isResponseObject(value: unknown): value is AssumedResponse {
  return typeof value === "object" && value !== null;
}
