import { describe, expect, it } from "vitest";
import { runForJson } from "../support/consumer.js";
import { SPECIFIERS } from "../support/entry-points.js";

const LOAD = `
  import { createRequire } from "node:module";
  const require = createRequire(import.meta.url);
  const names = ${JSON.stringify(SPECIFIERS)};
  const copies = [];
  for (const name of names) copies.push(await import(name), require(name));
  const imported = copies[0];
  const required = copies[1];
  const print = (value) => console.log(JSON.stringify(value));
`;

describe("errors of an installed package", () => {
  it("instanceof recognises errors across ESM and CommonJS, in both directions", () => {
    const known = runForJson(
      "esm",
      `${LOAD}
       const error = new imported.KioskTimeoutError("Too late.", { requestSent: true });
       const other = new required.KioskTimeoutError("Too late.", { requestSent: true });
       print({
         apart: imported.KioskTimeoutError !== required.KioskTimeoutError,
         instances: [error instanceof required.KioskTimeoutError, other instanceof imported.KioskTimeoutError],
         bases: [error instanceof required.KioskError, other instanceof imported.KioskConnectionError],
         strangers: [error instanceof required.KioskArgumentError, other instanceof imported.KioskApiError],
         guards: [required.isKioskError(error), imported.isKioskError(other)],
         effects: [required.mayHaveTakenEffect(error), imported.mayHaveTakenEffect(other)],
       });`,
    );
    expect(known).toEqual({
      apart: true,
      instances: [true, true],
      bases: [true, true],
      strangers: [false, false],
      guards: [true, true],
      effects: [false, false],
    });
  });

  it("instanceof recognises errors across all entry points that export their class", () => {
    const mismatches = runForJson(
      "esm",
      `${LOAD}
       const classes = copies.flatMap((copy) => Object.entries(copy)).filter(([, value]) => value?.prototype instanceof Error);
       const mismatches = [];
       for (const [name, made] of classes) {
         const error = Object.create(made.prototype);
         for (const [asked, by] of classes) {
           const expected = copies.some((copy) => copy[name] && copy[asked] && (copy[name] === copy[asked] || copy[name].prototype instanceof copy[asked]));
           if (name === asked && !(error instanceof by)) mismatches.push([name, asked]);
           if (imported[name] && imported[asked] && (error instanceof by) !== expected) mismatches.push([name, asked]);
         }
       }
       print({ asked: classes.length, mismatches });`,
    );
    expect(mismatches).toEqual({ asked: expect.any(Number), mismatches: [] });
    expect((mismatches as { asked: number }).asked).toBeGreaterThanOrEqual(34);
  });

  it("instanceof does not match an error with a class that a user derived", () => {
    const matches = runForJson(
      "esm",
      `${LOAD}
       class HopperError extends imported.KioskConnectionError {}
       const error = new required.KioskConnectionError("Reset.", { requestSent: true });
       const own = new HopperError("Jammed.", { requestSent: false });
       print([error instanceof HopperError, own instanceof HopperError, own instanceof required.KioskConnectionError]);`,
    );
    expect(matches).toEqual([false, true, true]);
  });
});
