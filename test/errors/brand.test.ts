import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isKioskError } from "../../src/errors/any-kiosk-error.js";
import { KioskArgumentError } from "../../src/errors/argument-error.js";
import { brand } from "../../src/errors/brand.js";
import { KioskConnectionError, KioskTimeoutError } from "../../src/errors/connection-error.js";
import { KioskError } from "../../src/errors/kiosk-error.js";

const folder = new URL("../../src/errors/", import.meta.url);
const modules: Record<string, unknown>[] = await Promise.all(
  readdirSync(folder).map((file) => import(`${folder}${file}`)),
);
const errorClasses = modules
  .flatMap((exports) => Object.values(exports))
  .filter((value): value is typeof KioskError => typeof value === "function" && value.prototype instanceof Error);

/** A copy of the class, like that of another entry point or the other module format. */
class CopyOfTimeoutError extends Error {
  static {
    brand(CopyOfTimeoutError, "KioskTimeoutError");
    Object.defineProperty(CopyOfTimeoutError.prototype, Symbol.for("wise-card-kiosk.KioskConnectionError"), {
      value: 1,
    });
    Object.defineProperty(CopyOfTimeoutError.prototype, Symbol.for("wise-card-kiosk.KioskError"), { value: 1 });
  }
}

describe("every error class", () => {
  it("there are 20 error classes", () => {
    expect(errorClasses.map(({ name }) => name)).toHaveLength(20);
  });

  it.each(errorClasses.map((errorClass) => [errorClass.name, errorClass] as const))(
    "%s has its own brand and name",
    (name, errorClass) => {
      expect(Object.hasOwn(errorClass.prototype, Symbol.for(`wise-card-kiosk.${name}`))).toBe(true);
      expect(Object.hasOwn(errorClass, Symbol.hasInstance)).toBe(true);
      expect(errorClass.prototype.name).toBe(name);
      expect(Object.keys(errorClass.prototype)).toEqual([]);
    },
  );
});

describe("brand", () => {
  it("brand lets a transpiler turn the static field `name` into an assignment", () => {
    class AssignedError extends Error {}
    Object.assign(AssignedError, { name: brand(AssignedError, "KioskServerError") });
    expect(AssignedError.name).toBe("KioskServerError");
  });
});

describe("instanceof", () => {
  const timeout = new KioskTimeoutError("Too late.", { requestSent: true });

  it("instanceof matches the class and its base classes, and no other", () => {
    const found = errorClasses.filter((errorClass) => timeout instanceof errorClass).map(({ name }) => name);
    expect(found.sort()).toEqual(["KioskConnectionError", "KioskError", "KioskTimeoutError"]);
  });

  it("instanceof matches a copy of the class in both directions", () => {
    const copy = new CopyOfTimeoutError();
    expect(copy).toBeInstanceOf(KioskTimeoutError);
    expect(copy).toBeInstanceOf(KioskConnectionError);
    expect(copy).not.toBeInstanceOf(KioskArgumentError);
    expect(timeout).toBeInstanceOf(CopyOfTimeoutError);
    expect(isKioskError(copy)).toBe(true);
  });

  it("instanceof works as usual for a class that a user derives", () => {
    class HopperError extends KioskConnectionError {}
    const hopperError = new HopperError("Jammed.", { requestSent: false });
    expect(hopperError).toBeInstanceOf(HopperError);
    expect(hopperError).toBeInstanceOf(KioskConnectionError);
    expect(timeout).not.toBeInstanceOf(HopperError);
    expect(new KioskArgumentError("x", "is wrong.")).not.toBeInstanceOf(HopperError);
  });

  it.each([null, undefined, "KioskError", 7, {}, new Error("KioskError"), { name: "KioskError", code: "ERR_API" }])(
    "instanceof does not match %j",
    (value) => {
      expect(value instanceof KioskError).toBe(false);
      expect(isKioskError(value)).toBe(false);
    },
  );
});

it("a proxy that throws is not an error of this package", () => {
  const { proxy, revoke } = Proxy.revocable(new Error(), {});
  revoke();
  expect((proxy as unknown) instanceof KioskError).toBe(false);
});
