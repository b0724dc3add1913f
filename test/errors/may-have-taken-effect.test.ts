import { describe, expect, it } from "vitest";
import { KioskArgumentError } from "../../src/errors/argument-error.js";
import { brand } from "../../src/errors/brand.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import { mayHaveTakenEffect } from "../../src/errors/may-have-taken-effect.js";
import { KioskWebhookSignatureError } from "../../src/errors/webhook-errors.js";

/** A copy of the base class, like that of another entry point or the other module format. */
class CopyOfKioskError extends Error {
  static {
    brand(CopyOfKioskError, "KioskError");
  }
  readonly mayHaveTakenEffect: unknown;
  constructor(mayHaveTakenEffect: unknown) {
    super("a copy");
    this.mayHaveTakenEffect = mayHaveTakenEffect;
  }
}

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const refuse = () => {
  throw new Error("refused");
};
const hostile = Object.defineProperty(new CopyOfKioskError(false), "mayHaveTakenEffect", { get: refuse });

describe("mayHaveTakenEffect", () => {
  it.each<[string, unknown]>([
    ["an error that certainly had no effect", new KioskConnectionError("Refused.", { requestSent: false })],
    ["an argument error", new KioskArgumentError("kioskId", "must not be empty")],
    ["an error of a webhook", new KioskWebhookSignatureError("missing", "No signature.")],
    ["an error of another copy of the package", new CopyOfKioskError(false)],
  ])("mayHaveTakenEffect returns false for %s", (_what, error) => {
    expect(mayHaveTakenEffect(error)).toBe(false);
  });

  it.each<[string, unknown]>([
    ["an error in doubt", new KioskConnectionError("Reset.", { requestSent: true, mayHaveTakenEffect: true })],
    ["an error in doubt of another copy", new CopyOfKioskError(true)],
    ["an error of an older copy that does not say", new CopyOfKioskError(undefined)],
    ["an error of this package with a field that throws", hostile],
    ["the reason of an aborted signal", AbortSignal.abort().reason],
    ["a foreign error", new TypeError("fetch failed")],
    ["an object that only looks like an error of this package", { name: "KioskError", mayHaveTakenEffect: false }],
    ["a revoked proxy", revoked.proxy],
    ["a proxy that refuses everything", new Proxy({}, { has: refuse, get: refuse, getPrototypeOf: refuse })],
    ["a string", "left"],
    ["undefined", undefined],
    ["null", null],
  ])("mayHaveTakenEffect returns true for %s", (_what, error) => {
    expect(mayHaveTakenEffect(error)).toBe(true);
  });
});
