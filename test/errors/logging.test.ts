import { Console } from "node:console";
import { PassThrough } from "node:stream";
import { inspect } from "node:util";
import pino from "pino";
import { describe, expect, it } from "vitest";
import winston from "winston";
import { KioskApiError, type KioskApiErrorDetails, KioskUnprocessableError } from "../../src/errors/api-error.js";
import { KioskDecodeError } from "../../src/errors/decode-error.js";

const EMAIL = "ada@example.com";
const body = { errors: [{ code: "NOT_VALID", message: "No.", arguments: ["email", EMAIL] }] };
const response: KioskApiErrorDetails = {
  httpStatus: 422,
  body,
  errorCode: "NOT_VALID",
  errorMessage: "No.",
  correlationId: "desk-7",
  traceId: "0123456789abcdef",
  retryAfterMs: null,
};

/** A class of a later version, or one that a user derives. */
class HopperError extends KioskUnprocessableError {}

const ERRORS = [
  ["a KioskApiError", new KioskApiError("Wise responded with HTTP 418.", response)],
  ["a KioskUnprocessableError", new KioskUnprocessableError("Wise responded with HTTP 422.", response)],
  ["an error of a derived class", new HopperError("Jammed.", response)],
  [
    "a KioskDecodeError",
    new KioskDecodeError("Not JSON.", { issues: [], body, httpStatus: 200, correlationId: "desk-7" }),
  ],
] as const;

/** Returns what a logger writes to its stream. */
async function written(log: (stream: PassThrough) => void): Promise<string> {
  const stream = new PassThrough();
  log(stream);
  // winston writes in a later turn.
  await new Promise(setImmediate);
  return String(stream.read());
}

/** Creates a winston logger that writes JSON, with the format that its documentation shows for errors. */
const winstonTo = (stream: PassThrough) =>
  winston.createLogger({
    format: winston.format.combine(winston.format.errors({ stack: true, cause: true }), winston.format.json()),
    transports: [new winston.transports.Stream({ stream })],
  });

const LOGGERS: readonly (readonly [string, (error: Error, stream: PassThrough) => void])[] = [
  ["pino with the error alone", (error, stream) => pino(stream).error(error)],
  ["pino with `err`", (error, stream) => pino(stream).error({ err: error }, "no card")],
  ["pino with a field of another name", (error, stream) => pino(stream).error({ failure: error }, "no card")],
  [
    "pino with its serializer of causes",
    (error, stream) => pino({ serializers: { err: pino.stdSerializers.errWithCause } }, stream).error(error),
  ],
  ["winston with the error alone", (error, stream) => winstonTo(stream).error(error)],
  ["winston with a message", (error, stream) => winstonTo(stream).error("no card", error)],
  ["winston with the error in a field", (error, stream) => winstonTo(stream).error({ message: "no card", error })],
  ["console.error", (error, stream) => new Console(stream, stream).error(error)],
  ["console.log in an object", (error, stream) => new Console(stream).log({ error })],
  ["console.dir to any depth", (error, stream) => new Console(stream).dir({ error }, { depth: null })],
];

describe.each(ERRORS)("%s with personal data", (_what, error) => {
  it.each(LOGGERS)("hides the body but shows the correlation id in %s", async (_name, log) => {
    const text = await written((stream) => log(error, stream));
    expect(text).toContain("desk-7");
    expect(text).not.toContain(EMAIL);
  });

  it("hides the body in copies", () => {
    const copies = [
      { ...error },
      Object.assign({}, error),
      Object.fromEntries(Object.entries(error)),
      structuredClone(error),
      structuredClone({ ...error }),
      JSON.parse(JSON.stringify({ nested: [error] })),
      error.toJSON(),
    ];
    for (const copy of copies) {
      expect(inspect(copy, { depth: null })).not.toContain(EMAIL);
      expect(copy).not.toHaveProperty("body");
    }
  });

  it("still has the body as a property", () => {
    expect(error.body).toBe(body);
    expect("body" in error).toBe(true);
    expect(Object.keys(error)).not.toContain("body");
  });
});
