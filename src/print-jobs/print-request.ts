import { describeValue, mustBe } from "../arguments/found-value.js";
import { type CardReference, parseCardToken, parseKioskId, parseProfileId } from "../client/card-arguments.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { parseObject } from "../options/option-values.js";
import { toTimestamp } from "../production/timestamp.js";
import type { PrintJob } from "./record/print-job.js";
import { dueAfterCreation } from "./rules/due-times.js";

/** The maximum length of an id, a kiosk id and a person's name, in characters. */
const LONGEST_NAME = 200;

/**
 * The maximum length of a card token, in characters. Databases index it: in PostgreSQL, an entry has at most 2704 bytes, and a
 * character may take 6 of them.
 */
const LONGEST_TOKEN = 400;

/** The card to print, and the kiosk that prints it. */
export interface PrintRequest extends CardReference {
  /**
   * The idempotency key: a non-blank string of at most 200 characters, such as the id of the request in your system. If a job with
   * this id exists, `print` returns it and sends nothing. Default: a UUID.
   */
  readonly id?: string | undefined;
  /** The token of the card, from its card order: a string of at most 400 characters that is not blank. */
  readonly cardToken: string;
  /** The id of the kiosk, as set up with Wise: a non-blank string of at most 200 characters without whitespace around it. */
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
    cardToken: parseLength("cardToken", parseCardToken(cardToken), LONGEST_TOKEN),
    kioskId: parseLength("kioskId", parseKioskId(kioskId), LONGEST_NAME),
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
  parseLength(argument, value, longest);
  if (value.includes("\0") || !value.isWellFormed()) {
    throw new KioskArgumentError(
      argument,
      "must not contain a null character or a lone surrogate, which databases refuse",
    );
  }
  return value;
}

function parseLength(argument: string, value: string, longest: number): string {
  if (value.length <= longest) return value;
  throw new KioskArgumentError(argument, `must be at most ${longest} characters long, not ${value.length}`);
}
