import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { toBytes } from "../../src/text/bytes.js";

const HALVES = "new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4)";

describe("toBytes", () => {
  it.each<[string, unknown]>([
    ["a Uint8Array", Uint8Array.of(1, 2, 3)],
    ["a Buffer", Buffer.from([1, 2, 3])],
    ["a part of a larger buffer", new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4)],
    ["a DataView", new DataView(Uint8Array.of(9, 1, 2, 3).buffer, 1)],
    ["an ArrayBuffer", Uint8Array.of(1, 2, 3).buffer],
    ["a part of a larger buffer of another realm", runInNewContext(HALVES)],
    ["an ArrayBuffer of another realm", runInNewContext(`${HALVES}.slice().buffer`)],
  ])("returns the bytes of %s", (_what, value) => {
    expect(toBytes(value)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("does not copy the bytes", () => {
    const foreign = runInNewContext(HALVES) as Uint8Array;
    const bytes = toBytes(foreign);
    foreign[0] = 7;
    expect(bytes?.[0]).toBe(7);
  });

  it("returns no bytes for an empty array or buffer", () => {
    expect(toBytes(new Uint8Array())).toEqual(new Uint8Array());
    expect(toBytes(runInNewContext("new ArrayBuffer(0)"))).toEqual(new Uint8Array());
  });

  const transferred = new ArrayBuffer(8);
  structuredClone(transferred, { transfer: [transferred] });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();

  it.each<[string, unknown]>([
    ["text", "abc"],
    ["undefined", undefined],
    ["null", null],
    ["a number", 3],
    ["a list of numbers", [1, 2, 3]],
    ["an object tagged as an ArrayBuffer", { [Symbol.toStringTag]: "ArrayBuffer", byteLength: 3 }],
    ["an object that inherits from an ArrayBuffer", Object.create(new ArrayBuffer(3))],
    ["a proxy of an ArrayBuffer", new Proxy(new ArrayBuffer(3), {})],
    ["a revoked proxy", proxy],
    ["a buffer that was transferred away", transferred],
    ["a view of a buffer that was transferred away", new Uint8Array(1)],
  ])("returns undefined for %s", (what, value) => {
    if (what.startsWith("a view")) structuredClone(value, { transfer: [(value as Uint8Array<ArrayBuffer>).buffer] });
    expect(toBytes(value)).toBeUndefined();
  });
});
