import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod";
import type { Production } from "../../src/production/production.js";
import {
  decodedProductionSchema,
  productionErrorCodeSchema,
  productionSchema,
  productionStatusSchema,
  requestErrorCodeSchema,
} from "../../src/schemas/index.js";

const details = {
  kioskId: fc.option(fc.string()),
  occurredAt: fc.option(fc.string()),
  description: fc.option(fc.string()),
};
const code = fc.option(fc.string());

const noNullPrototype = { noNullPrototype: true };

const productions: fc.Arbitrary<Production> = fc.oneof(
  fc.record(
    { status: fc.constantFrom("READY", "IN_PROGRESS", "PRODUCED"), ...details, errorCode: fc.constant(null) },
    noNullPrototype,
  ),
  fc.record(
    { status: fc.constantFrom("PRODUCTION_ERROR", "REQUEST_ERROR"), ...details, errorCode: code },
    noNullPrototype,
  ),
  fc.record(
    {
      status: fc.constant("UNRECOGNIZED"),
      rawStatus: fc.string().filter((text) => !productionStatusSchema.safeParse(text).success),
      ...details,
      errorCode: code,
    },
    noNullPrototype,
  ),
);

describe("productionSchema", () => {
  it("decodes what it encoded", () => {
    fc.assert(
      fc.property(productions, (production) => {
        const body: unknown = JSON.parse(JSON.stringify(z.encode(productionSchema, production)));
        expect(z.decode(productionSchema, body as z.input<typeof productionSchema>)).toStrictEqual(production);
      }),
    );
  });

  it("encodes an unknown status as Wise sent it, and nothing that Wise does not send", () => {
    const nulls = { kioskId: null, occurredAt: null, errorCode: null, description: null };
    expect(z.encode(productionSchema, { status: "UNRECOGNIZED", rawStatus: "PAUSED", ...nulls })).toStrictEqual({
      status: "PAUSED",
      ...nulls,
    });
  });

  it("ignores a `rawStatus` that comes with a status from Wise", () => {
    const body = { status: "PAUSED", rawStatus: "PRODUCED" };
    expect(z.decode(productionSchema, body)).toMatchObject({ status: "UNRECOGNIZED", rawStatus: "PAUSED" });
  });

  it("can be part of another schema", () => {
    const printJobs = z.object({ jobs: z.array(z.object({ id: z.number(), production: productionSchema })) });
    expect(printJobs.parse({ jobs: [{ id: 1, production: { status: "PRODUCED" } }] }).jobs[0]?.production.status).toBe(
      "PRODUCED",
    );
  });

  it("has the types of the main entry point", () => {
    expectTypeOf<z.output<typeof productionSchema>>().toExtend<Production>();
    expectTypeOf<Production>().toExtend<z.output<typeof productionSchema>>();
  });
});

describe("decodedProductionSchema", () => {
  it("accepts every production and nothing else", () => {
    fc.assert(fc.property(productions, (production) => decodedProductionSchema.safeParse(production).success));
    expect(decodedProductionSchema.safeParse({ status: "READY" }).success).toBe(false);
    expect(decodedProductionSchema.safeParse({ status: "PAUSED" }).success).toBe(false);
  });
});

describe("the closed schemas", () => {
  it("closed schemas accept only what this version knows", () => {
    expect(productionStatusSchema.safeParse("PRODUCED").success).toBe(true);
    expect(productionStatusSchema.safeParse("PAUSED").success).toBe(false);
    expect(requestErrorCodeSchema.options).toHaveLength(22);
    expect(requestErrorCodeSchema.safeParse("PRD_HOPPER_JAM").success).toBe(false);
    expect(productionErrorCodeSchema.options).toHaveLength(36);
    expect(productionErrorCodeSchema.safeParse("PRD_HOPPER_JAM").success).toBe(true);
  });
});
