import { describeValue, mustBe } from "../arguments/found-value.js";
import { type CardReference, parseCardToken, parseKioskId, parseProfileId } from "../client/card-arguments.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { parseObject } from "../options/option-values.js";
import { toTimestamp } from "../production/timestamp.js";
import type { PrintJob } from "./record/print-job.js";
import { dueAfterCreation } from "./rules/due-times.js";

/** The maximum length of an id and of a person's name, in characters. */
const LONGEST_NAME = 200;

/** The card to print, and the kiosk that prints it. */
export interface PrintRequest extends CardReference {
  /**
   * The idempotency key: a non-blank string of at most 200 characters, such as the id of the request in your system. If a job with
   * this id exists, `print` returns it and sends nothing. Default: a UUID.
   */
  readonly id?: string | undefined;
  /** The id of the kiosk, as set up with Wise: a non-blank string without whitespace around it. */
  readonly kioskId: string;
  /** The person who asks for the print: a non-blank string of at most 200 characters. The history records it. Default: none. */
  readonly requestedBy?: string | undefined;
}

/**
 * Creates the job of a request.
 *
 * @throws {KioskArgumentError} if a field is invalid.
 */
export function createPrintJob(request: PrintRequest, now: Date): PrintJob {
  const { id, profileId, cardToken, kioskId, requestedBy } = parseObject("request", request);
  const at = toTimestamp(now.getTime());
  const by = requestedBy === undefined || requestedBy === null ? null : parseName("requestedBy", requestedBy);
  return {
    format: 1,
    id: id === undefined ? crypto.randomUUID() : parseName("id", id),
    profileId: parseProfileId(profileId),
    cardToken: parseCardToken(cardToken),
    kioskId: parseKioskId(kioskId),
    requestedBy: by,
    state: "requested",
    evidence: null,
    adopted: false,
    production: null,
    known: null,
    intent: null,
    error: null,
    createdAt: at,
    updatedAt: at,
    dueAt: dueAfterCreation(now),
    version: 1,
    history: [{ at, state: "requested", by, note: null }],
  };
}

/**
 * Validates an id, a name or a reason.
 *
 * @throws {KioskArgumentError} if it is not a non-blank string, is too long, or contains a null character or a lone surrogate.
 */
export function parseName(argument: string, value: unknown, longest = LONGEST_NAME): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw mustBe(argument, "a non-blank string", describeValue(value));
  }
  if (value.length > longest) {
    throw new KioskArgumentError(argument, `must be at most ${longest} characters long, not ${value.length}`);
  }
  if (value.includes("\0") || !value.isWellFormed()) {
    throw new KioskArgumentError(
      argument,
      "must not contain a null character or a lone surrogate, which databases refuse",
    );
  }
  return value;
}
