import { expect, it } from "vitest";
import { KioskConnectionError, KioskDecodeError, KioskError } from "wise-card-kiosk";
import { Dice } from "../support/dice.js";
import { BrokenProperty, checkOutcome } from "./check-outcome.js";
import { FuzzInputs } from "./fuzz-inputs.js";
import { RunSecrets } from "./run-secrets.js";
import { checkHandled } from "./targets/handlers.js";

const secrets = new RunSecrets(new Dice(1));
const { token, clientSecret, receivedToken } = secrets;

it.each<[string, unknown]>([
  ["an error of the language", new TypeError("Cannot read properties of undefined")],
  ["a text", "failed"],
  ["undefined", undefined],
  ["an error of the package with a code that no page lists", new KioskError("ERR_OTHER", "failed")],
  ["a secret in the message", new KioskConnectionError(`failed: ${token}`, { requestSent: false })],
  ["an encoded secret in the message", new KioskError("ERR_API", `failed: ${encodeURIComponent(clientSecret)}`)],
  ["a secret in Base64", new KioskError("ERR_API", `Basic ${secrets.basicCredentials}`)],
  ["the beginning of a secret", new KioskError("ERR_API", `failed: ${token.slice(0, 12)}[redacted]`)],
  ["the end of a secret", new KioskError("ERR_API", `failed: [redacted]${token.slice(-12)}`)],
  ["the beginning of a secret in Base64", new KioskError("ERR_API", secrets.basicCredentials.slice(0, 28))],
  ["a secret in the cause of a cause", new KioskError("ERR_API", "a", { cause: new Error("b", { cause: { token } }) })],
  [
    "a secret in a field that is not enumerable",
    Object.defineProperty(new KioskError("ERR_API", "a"), "b", { value: token }),
  ],
  ["a secret in an issue", new KioskDecodeError("a", { issues: [{ path: "b", message: receivedToken }] })],
])("the fuzzer reports %s", (_what, thrown) => {
  expect(() => checkOutcome({ thrown }, secrets)).toThrow(BrokenProperty);
});

it("the fuzzer reports a secret in a value", () => {
  expect(() => checkOutcome({ value: { description: token } }, secrets)).toThrow(BrokenProperty);
});

it("the fuzzer reports a secret in what the `onError` of a webhook handler receives", () => {
  const delivery = { body: Buffer.from("{}"), headers: [], isSigned: false };
  const response = { status: 503, body: '{"status":"error"}' };
  const handle = (error: Error) => () => checkHandled({ accepted: [], errors: [error] }, response, delivery, secrets);
  handle(new KioskError("ERR_WEBHOOK_SIGNATURE", "a"))();
  const cause = new Error(`Bearer ${secrets.ofDelivery}`);
  expect(handle(new KioskError("ERR_WEBHOOK_SIGNATURE", "a", { cause }))).toThrow(/^a secret is shown/);
});

it("the fuzzer accepts an error of the package that shows no secret", () => {
  checkOutcome({ thrown: new KioskDecodeError("a", { issues: [] }) }, secrets);
});

it("the seed and the number of an input determine its target", () => {
  const targets = (seed: number) => Array.from({ length: 50 }, (_, index) => new FuzzInputs(seed).target(index).name);
  expect(targets(7)).toEqual(targets(7));
  expect(targets(7)).not.toEqual(targets(8));
});
