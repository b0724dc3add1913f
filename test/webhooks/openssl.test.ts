import { execFileSync, spawnSync } from "node:child_process";
import { constants, verify as verifyNode } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { productionBody } from "../support/event-bodies.js";

const bodies: readonly (readonly [string, Buffer])[] = [
  ["the documented body", Buffer.from(productionBody())],
  ["a body with multi-byte characters", Buffer.from(productionBody({ data: { description: "Käse 💳 \u2028" } }))],
  ["a body with a byte order mark", Buffer.from(`\uFEFF${productionBody()}`)],
  ["a body that is not UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x0a, 0x0d, 0x7d])],
];

let directory: string;
let publicKey: string;

const path = (name: string): string => join(directory, name);

const openssl = (...args: readonly string[]): Buffer =>
  execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });

/** Signs a body with the openssl program, and encodes the signature in Base64 with it too. */
function signedByOpenssl(body: Buffer, ...options: readonly string[]): string {
  writeFileSync(path("body"), body);
  openssl("dgst", "-sha256", "-sign", "private.pem", ...options, "-out", "signature", "body");
  return openssl("base64", "-A", "-in", "signature").toString();
}

/** Whether the openssl program accepts a signature over a body, by the key in a file. */
function isAcceptedByOpenssl(body: Buffer, signature: string, keyFile = "public.pem"): boolean {
  writeFileSync(path("body"), body);
  writeFileSync(path("signature"), Buffer.from(signature, "base64"));
  const args = ["dgst", "-sha256", "-verify", keyFile, "-signature", "signature", "body"];
  return spawnSync("openssl", args, { cwd: directory }).status === 0;
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "wise-card-kiosk-openssl-"));
  openssl("genrsa", "-out", "private.pem", "2048");
  openssl("rsa", "-in", "private.pem", "-pubout", "-out", "public.pem");
  publicKey = readFileSync(path("public.pem"), "utf8");
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true }));

describe("a signature made by openssl dgst -sha256 -sign", () => {
  it.each(bodies)("accepts an openssl signature over %s", async (_, body) => {
    const headers = { "X-Signature-SHA256": signedByOpenssl(body) };
    await expect(new KioskWebhooks({ publicKeys: [publicKey] }).verify(body, headers)).resolves.toBeUndefined();
  });

  it("rejects an openssl signature with PSS or SHA-1", async () => {
    const webhooks = new KioskWebhooks({ publicKeys: [publicKey] });
    const [, body] = bodies[0] as (typeof bodies)[0];
    const pss = signedByOpenssl(body, "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32");
    const sha1 = signedByOpenssl(body, "-sha1");
    for (const value of [pss, sha1]) {
      await expect(webhooks.verify(body, { "X-Signature-SHA256": value })).rejects.toMatchObject({
        reason: "mismatch",
      });
    }
  });

  it("verifies signatures over other bytes as openssl and node:crypto do", async () => {
    const webhooks = new KioskWebhooks({ publicKeys: [publicKey] });
    for (const [, signed] of bodies) {
      const signature = signedByOpenssl(signed);
      for (const [, body] of bodies) {
        const isAccepted = await webhooks.verify(body, { "X-Signature-SHA256": signature }).then(
          () => true,
          () => false,
        );
        expect(isAccepted).toBe(signed === body);
        expect(isAcceptedByOpenssl(body, signature)).toBe(isAccepted);
        const key = { key: publicKey, padding: constants.RSA_PKCS1_PADDING };
        expect(verifyNode("RSA-SHA256", body, key, Buffer.from(signature, "base64"))).toBe(isAccepted);
      }
    }
  });
});

it("simulator deliveries are accepted by openssl and node:crypto, but not with another delivery's signature", () => {
  const cardToken = "35050a4a-9521-426e-8109-1396e3687a3e";
  const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken }] });
  simulator.card(cardToken).fail("PRD_HOPPER_JAM").produce().complete();
  writeFileSync(path("simulator.pem"), simulator.publicKey);
  const signatures = simulator.deliveries.map(({ headers }) => headers["X-Signature-SHA256"] ?? "");
  simulator.deliveries.forEach(({ body }, delivered) => {
    signatures.forEach((signature, signed) => {
      const isExpected = delivered === signed;
      expect(isAcceptedByOpenssl(Buffer.from(body), signature, "simulator.pem")).toBe(isExpected);
      const bytes = Buffer.from(signature, "base64");
      expect(verifyNode("RSA-SHA256", Buffer.from(body), simulator.publicKey, bytes)).toBe(isExpected);
    });
  });
  expect(signatures).toHaveLength(3);
});
