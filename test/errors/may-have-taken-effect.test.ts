import { describe, expect, it } from "vitest";
import { KioskArgumentError } from "../../src/errors/argument-error.js";
import { brand } from "../../src/errors/brand.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import { mayHaveTakenEffect } from "../../src/errors/may-have-taken-effect.js";
import { KioskWebhookSignatureError } from "../../src/errors/webhook-errors.js";

/** The base class, as another entry point or the other format holds a copy of it. */
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
  throw new Error("hands off");
};
const hostile = Object.defineProperty(new CopyOfKioskError(false), "mayHaveTakenEffect", { get: refuse });

describe("mayHaveTakenEffect", () => {
  it.each<[string, unknown]>([
    ["an error that says so", new KioskConnectionError("Refused.", { requestSent: false })],
    ["an argument that was refused", new KioskArgumentError("kioskId", "must not be empty")],
    ["an error of a webhook", new KioskWebhookSignatureError("missing", "No signature.")],
    ["an error of another copy of the package", new CopyOfKioskError(false)],
  ])("is false for %s", (_what, error) => {
    expect(mayHaveTakenEffect(error)).toBe(false);
  });

  it.each<[string, unknown]>([
    ["an error in doubt", new KioskConnectionError("Reset.", { requestSent: true, mayHaveTakenEffect: true })],
    ["an error in doubt of another copy", new CopyOfKioskError(true)],
    ["an error of an older copy that does not say", new CopyOfKioskError(undefined)],
    ["an error of this package whose field throws", hostile],
    ["the reason of an aborted signal", AbortSignal.abort().reason],
    ["a foreign error", new TypeError("fetch failed")],
    ["an object that only looks like one of ours", { name: "KioskError", mayHaveTakenEffect: false }],
    ["a proxy that was revoked", revoked.proxy],
    ["a proxy that refuses everything", new Proxy({}, { has: refuse, get: refuse, getPrototypeOf: refuse })],
    ["a string", "left"],
    ["undefined", undefined],
    ["null", null],
  ])("is true for %s", (_what, error) => {
    expect(mayHaveTakenEffect(error)).toBe(true);
  });
});
