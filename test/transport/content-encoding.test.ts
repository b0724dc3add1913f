import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { withoutContentEncoding } from "../../src/transport/content-encoding.js";
import { MAX_RESPONSE_BYTES } from "../../src/transport/http-message.js";

const TEXT = Buffer.from('{"status":"READY"}');

function decode(encoding: string | undefined, body: Uint8Array, oversized = false) {
  const headers = new Map(encoding === undefined ? [] : [["content-encoding", encoding]]);
  return withoutContentEncoding({ status: 200, headers, body, oversized });
}

function gzipped(times: number): Uint8Array {
  return times === 0 ? TEXT : gzipSync(gzipped(times - 1));
}

describe("withoutContentEncoding", () => {
  it.each([
    ["gzip", gzipSync(TEXT)],
    ["X-GZIP", gzipSync(TEXT)],
    [" GZip ", gzipSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["gzip, br", brotliCompressSync(gzipSync(TEXT))],
    ["br,GZIP", gzipSync(brotliCompressSync(TEXT))],
    ["gzip, gzip", gzipSync(gzipSync(TEXT))],
    ["gzip, gzip, gzip, gzip, deflate", deflateRawSync(gzipped(4))],
    ["identity", TEXT],
    ["", TEXT],
    [undefined, TEXT],
  ])("returns the text of a body with the encoding %s", (encoding, body) => {
    expect(Buffer.from(decode(encoding, body).body).toString()).toBe(TEXT.toString());
  });

  it.each([-1, 0, 1, 9])(
    "decodes deflate of level %i with the header of zlib and without it, as fetch does",
    (level) => {
      for (const compress of [deflateSync, deflateRawSync]) {
        expect(decode("deflate", compress(TEXT, { level })).body).toEqual(TEXT);
      }
    },
  );

  it.each([
    ["gzip", TEXT],
    ["gzip", deflateRawSync(TEXT)],
    ["gzip", gzipSync(TEXT).subarray(0, 20)],
    ["br", Buffer.from([0xff, 0xff])],
    ["gzip", Buffer.alloc(0)],
    ["deflate", Buffer.alloc(0)],
    ["deflate", TEXT],
    ["gzip, br", gzipSync(brotliCompressSync(TEXT))],
    ["gzip, gzip", gzipSync(TEXT)],
    ["compress, gzip", gzipSync(TEXT)],
    ["gzip,", gzipSync(TEXT)],
    ["gzip, gzip, gzip, gzip, gzip, gzip", gzipped(6)],
    ["compress", TEXT],
    ["constructor", TEXT],
    ["__proto__", TEXT],
  ])("does not change a body that cannot be decoded: %s", (encoding, body) => {
    expect(decode(encoding, body)).toMatchObject({ body, oversized: false });
  });

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ] as const)("decodes no more than the largest body that is accepted: %s", (encoding, compress) => {
    expect(decode(encoding, compress(Buffer.alloc(MAX_RESPONSE_BYTES)))).toMatchObject({ oversized: false });
    const bomb = decode(encoding, compress(Buffer.alloc(MAX_RESPONSE_BYTES + 1)));
    expect([bomb.oversized, bomb.body.byteLength]).toEqual([true, 0]);
  });

  it("decodes no more than the largest body at each of several encodings", () => {
    const bomb = decode("br, gzip", gzipSync(Buffer.alloc(MAX_RESPONSE_BYTES + 1)));
    expect([bomb.oversized, bomb.body.byteLength]).toEqual([true, 0]);
  });

  it("does not decode a body that is already too large", () => {
    const body = gzipSync(TEXT);
    expect(decode("gzip", body, true)).toMatchObject({ body, oversized: true });
  });
});
