import { expect, it } from "vitest";
import { createKioskSimulator, type KioskSimulatorOptions } from "../../src/testing/index.js";

const A_RESPONSE = "a response { httpStatus, body } with a status from 200 to 599";

it.each<[KioskSimulatorOptions, string]>([
  [{ kiosks: [""] }, "kiosks.0 must be a non-blank string, not an empty string"],
  [{ assumptions: { readBeforeReady: null as never } }, `assumptions.readBeforeReady must be ${A_RESPONSE}, not null`],
])("an invalid option is refused with what it must be: %j", (options, message) => {
  expect(() => createKioskSimulator(options)).toThrow(message);
});

it("an assumed response has a status from 200 to 599 and no unknown options", () => {
  const assume = (readBeforeReady: object) => () => createKioskSimulator({ assumptions: { readBeforeReady } as never });
  for (const httpStatus of [200, 599]) expect(assume({ httpStatus })).not.toThrow();
  for (const httpStatus of [199, 600]) expect(assume({ httpStatus })).toThrow("from 200 to 599");
  expect(assume({ httpStatus: 200, headers: {} })).toThrow("assumptions.readBeforeReady");
});
