import * as z from "zod";
import { describeValue, quoteValue } from "../../arguments/found-value.js";
import { decodeIssues } from "../../decoding/decode-issues.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { KIOSK_ID_PATTERN } from "../../production/kiosk-id.js";
import { likelyMatch } from "../../text/nearest-match.js";
import { LONGEST_TIMER_MS } from "../../time/longest-times.js";

/** Returns schema parameters with the error message "must be …, not …". */
export function errorParams(what: string, describe: (value: unknown) => string | undefined = describeValue) {
  return { error: ({ input }: { readonly input?: unknown }) => `must be ${what}, not ${describe(input)}` };
}

const A_DURATION = errorParams(`a number of milliseconds from 0 to ${LONGEST_TIMER_MS}`);

/** A schema for a duration that a timer can measure, in milliseconds. */
export const durationMs = z.number(A_DURATION).min(0, A_DURATION).max(LONGEST_TIMER_MS, A_DURATION);

const A_TEXT = errorParams("a non-blank string");

/** A schema for a string that is not blank. */
export const nonBlankText = z.string(A_TEXT).regex(/\S/, A_TEXT);

/** A schema for the id of a kiosk, as the client accepts it. */
export const kioskIdText = nonBlankText.regex(
  KIOSK_ID_PATTERN,
  errorParams("an id without whitespace around it", quoteValue),
);

/**
 * Returns whether a text is `PRODUCED` or a misspelling of it, which must not fail a card. Every error code contains an underscore.
 */
export function resemblesProduced(text: string): boolean {
  return !text.includes("_") && likelyMatch(text, ["PRODUCED"]) !== undefined;
}

/** A schema for the code of a refusal. Codes that this version does not know are accepted. */
export const errorCodeText = nonBlankText.refine(
  (text) => !resemblesProduced(text),
  errorParams("an error code", quoteValue),
);

/** A schema for `PRODUCED`, or the code of a failure. */
export const endText = nonBlankText.refine((text) => text === "PRODUCED" || !resemblesProduced(text), {
  error: ({ input }) => `must be 'PRODUCED' or an error code, not ${quoteValue(input)}. Did you mean 'PRODUCED'?`,
});

/** A schema for the HTTP status of a response: an integer from 200 to 599. */
export const httpStatus = z.custom<number>(
  (value) => Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599,
  errorParams("an integer from 200 to 599"),
);

/**
 * Parses a value with a schema.
 *
 * @param name the name of the value, for errors. An error about a property has its path instead.
 * @throws {KioskArgumentError} if the schema rejects the value; the message names the first problem.
 */
export function parseWithSchema<T extends z.ZodType>(schema: T, value: unknown, name: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = decodeIssues(result.error.issues);
  throw new KioskArgumentError(issue?.path || name, issue?.message ?? "is not valid");
}
