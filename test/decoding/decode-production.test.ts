import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { parseProduction } from "../../src/decoding/decode-production.js";
import { KioskDecodeError } from "../../src/errors/decode-error.js";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../src/production/error-codes.js";
import type { Production } from "../../src/production/production.js";
import { PRODUCTION_STATUSES } from "../../src/production/production-status.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const at = "2024-01-01T12:24:56.121Z";

function catchDecodeError(value: unknown): KioskDecodeError {
  try {
    parseProduction(value);
  } catch (error) {
    if (error instanceof KioskDecodeError) return error;
    throw error;
  }
  throw new Error("Expected an exception.");
}

describe("parseProduction, documented bodies", () => {
  it.each<[keyof typeof WISE_EXAMPLES, Production]>([
    ["inProgress", { status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt: at, errorCode: null, description: null }],
    [
      "requestError",
      {
        status: "REQUEST_ERROR",
        kioskId: "WIS00001",
        occurredAt: at,
        errorCode: "PIN_VERIFICATION_FAILED",
        description: "The PIN cannot be verified because the server is unreachable",
      },
    ],
    [
      "ready",
      {
        status: "READY",
        kioskId: null,
        occurredAt: "2024-01-01T12:24:56.124Z",
        errorCode: null,
        description: "Card ready for production",
      },
    ],
  ])("parses the example %s", (name, production) => {
    expect(parseProduction(JSON.parse(WISE_EXAMPLES[name]))).toStrictEqual(production);
  });

  it("refuses the example that is not JSON as printed", () => {
    expect(() => JSON.parse(WISE_EXAMPLES.requestErrorNotJson)).toThrow(SyntaxError);
    expect(catchDecodeError(WISE_EXAMPLES.requestErrorNotJson).issues).toHaveLength(1);
  });

  it.each(PRODUCTION_STATUSES)("parses the status %s without other fields", (status) => {
    expect(parseProduction({ status })).toStrictEqual({
      status,
      kioskId: null,
      occurredAt: null,
      errorCode: null,
      description: null,
    });
  });

  it("parses every error code", () => {
    for (const errorCode of REQUEST_ERROR_CODES) {
      expect(parseProduction({ status: "REQUEST_ERROR", errorCode })).toMatchObject({ errorCode });
    }
    for (const errorCode of PRODUCTION_ERROR_CODES) {
      expect(parseProduction({ status: "PRODUCTION_ERROR", errorCode })).toMatchObject({ errorCode });
    }
  });
});

describe("parseProduction, undocumented bodies", () => {
  it("an unknown status becomes UNRECOGNIZED and keeps its text and code", () => {
    expect(parseProduction({ status: "CANCELLED", kioskId: "WIS00001", errorCode: "X" })).toStrictEqual({
      status: "UNRECOGNIZED",
      rawStatus: "CANCELLED",
      kioskId: "WIS00001",
      occurredAt: null,
      errorCode: "X",
      description: null,
    });
  });

  it.each(["", "produced", "constructor", "__proto__"])("treats the text %j as an unknown status", (status) => {
    expect(parseProduction({ status })).toMatchObject({ status: "UNRECOGNIZED", rawStatus: status });
  });

  it("passes unknown error codes through unchanged", () => {
    expect(parseProduction({ status: "PRODUCTION_ERROR", errorCode: "PRD_LASER" }).errorCode).toBe("PRD_LASER");
    expect(parseProduction({ status: "REQUEST_ERROR", errorCode: "" }).errorCode).toBe("");
  });

  it("drops unknown fields of any type", () => {
    const extra = { rawStatus: 7, slot: { number: 3 }, tags: [null], __proto__: { polluted: true } };
    expect(parseProduction({ status: "PRODUCED", ...extra })).toStrictEqual(parseProduction({ status: "PRODUCED" }));
  });

  it("treats null and missing fields alike", () => {
    const nulls = { kioskId: null, occurredAt: null, errorCode: null, description: null };
    expect(parseProduction({ status: "IN_PROGRESS", ...nulls })).toStrictEqual(
      parseProduction({ status: "IN_PROGRESS" }),
    );
  });

  it("drops the error code of a status that has none", () => {
    expect(parseProduction({ status: "READY", errorCode: "UNKNOWN_ERROR" }).errorCode).toBeNull();
  });

  it("keeps the exact text of a time, even one that does not parse", () => {
    for (const occurredAt of ["2024-01-01T12:24:560Z", "2024-01-01T12:24:56Z", "soon"]) {
      expect(parseProduction({ status: "PRODUCED", occurredAt }).occurredAt).toBe(occurredAt);
    }
  });
});

describe("parseProduction, invalid values", () => {
  it.each([
    undefined,
    null,
    "READY",
    7,
    [],
    [{ status: "READY" }],
    {},
    { status: null },
    { status: 1 },
    { Status: "READY" },
    { error: "unauthorized", status: 403 },
  ])("parseProduction refuses %j", (value) => {
    const error = catchDecodeError(value);
    expect(error.issues.length).toBeGreaterThan(0);
    expect(error.httpStatus).toBeUndefined();
    expect(error.mayHaveTakenEffect).toBe(false);
  });

  it.each(["kioskId", "occurredAt", "errorCode", "description"])(
    "parseProduction refuses a %s that is not a string, and names the field",
    (field) => {
      const error = catchDecodeError({ status: "PRODUCED", [field]: 5 });
      expect(error.issues).toEqual([{ path: field, message: expect.any(String) }]);
      expect(error.message).toContain(`${field}: `);
    },
  );

  it("reports all issues together", () => {
    expect(catchDecodeError({ status: 1, kioskId: 2 }).issues.map(({ path }) => path)).toEqual(["status", "kioskId"]);
  });
});

describe("parseProduction, properties", () => {
  const field = fc.oneof(fc.string(), fc.constant(null), fc.constant(undefined));
  const status = fc.oneof(fc.constantFrom(...PRODUCTION_STATUSES, "UNRECOGNIZED"), fc.string());
  const body = fc.record(
    { status, kioskId: field, occurredAt: field, errorCode: field, description: field, rawStatus: fc.jsonValue() },
    { requiredKeys: ["status"], noNullPrototype: true },
  );

  it("returns a parsed production unchanged, even after JSON", () => {
    fc.assert(
      fc.property(body, (value) => {
        const once = parseProduction(value);
        expect(parseProduction(once)).toStrictEqual(once);
        expect(parseProduction(JSON.parse(JSON.stringify(once)))).toStrictEqual(once);
      }),
    );
  });

  it("does not change its argument", () => {
    fc.assert(
      fc.property(body, (value) => {
        const before = structuredClone(value);
        parseProduction(value);
        expect(value).toStrictEqual(before);
      }),
    );
  });

  it("never throws anything but a KioskDecodeError", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        try {
          expect(typeof parseProduction(value).status).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(KioskDecodeError);
        }
      }),
    );
  });

  it("returns the type Production", () => {
    expectTypeOf(parseProduction).returns.toEqualTypeOf<Production>();
  });
});
