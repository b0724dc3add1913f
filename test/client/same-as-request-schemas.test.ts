import fc from "fast-check";
import { expect, it } from "vitest";
import { parseKioskId } from "../../src/client/card-arguments.js";
import { parseSimulatedStatus, type SimulatedStatus } from "../../src/client/simulated-status.js";
import { produceRequestSchema, simulationRequestSchema } from "../../src/schemas/requests.js";

const text = fc.string({ unit: fc.constantFrom("a", "Ü", "-", " ", "\n", "\u00a0", "\u2028", "\u200b"), maxLength: 4 });
const value = fc.oneof(text, fc.constantFrom(undefined, null, 7, true, [], {}, new String("WIS00001")));

/** Whether a function returns instead of throwing. */
function accepts(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

it("the client accepts the same kiosk ids as the schema that it exports", () => {
  fc.assert(
    fc.property(value, (kioskId) => {
      expect(accepts(() => parseKioskId(kioskId))).toBe(produceRequestSchema.safeParse({ kioskId }).success);
    }),
  );
});

it("the client accepts the same simulated statuses as the schema that it exports", () => {
  const status = fc.constantFrom("PRODUCED", "PRODUCTION_ERROR", "READY", undefined);
  // `null` counts as no error code, which the schema of a request does not know.
  const errorCode = value.filter((code) => code !== null);
  fc.assert(
    fc.property(status, errorCode, (status, errorCode) => {
      const simulated = { status, errorCode };
      const accepted = accepts(() => parseSimulatedStatus(simulated as SimulatedStatus));
      expect(accepted).toBe(simulationRequestSchema.safeParse(simulated).success);
    }),
  );
});
