import { generateKeyPairSync, sign } from "node:crypto";
import { pathToFileURL } from "node:url";
import { medianOf, quartilesOf } from "../statistics.mjs";
import { createBareUnwrap } from "./bare-unwrap.mjs";

const SUBSCRIPTION = "01234567-89ab-cdef-0123-456789abcdef";

/** The body of the webhook in Wise's documentation. */
const BODY = JSON.stringify({
  schema_version: "4.0.0",
  subscription_id: SUBSCRIPTION,
  event_type: "cards#card-production-status-change",
  sent_at: "2024-01-01T12:34:56.123Z",
  data: {
    resource: {
      profile_id: 123456,
      type: "card",
      client_id: "your-bank",
      card_token: "35050a4a-9521-426e-8109-1396e3687a3e",
    },
    status: "PRODUCED",
    kiosk_id: "WIS00001",
    occurred_at: "2024-01-01T12:24:56.789Z",
    error_code: null,
    description: "Card produced",
  },
});

/** Headers as a gateway passes them on. */
const OTHER_HEADERS = {
  host: "your-bank.example",
  "content-type": "application/json",
  "content-length": String(BODY.length),
  "user-agent": "TW-Webhooks",
  "x-delivery-id": "c4ca4238-a0b9-2382-0dcc-509a6f75849b",
  "x-forwarded-for": "192.0.2.1",
  "x-forwarded-proto": "https",
};

/**
 * Compares `unwrap` with the bare work of a receiver, in interleaved rounds.
 *
 * @param {object} options
 * @param {string} options.packageFolder the folder of the installed package.
 * @param {readonly number[]} options.inFlight how many deliveries to unwrap at the same time.
 * @param {number} options.rounds how many rounds to measure.
 * @param {number} options.deliveries how many deliveries each round unwraps in each way.
 * @returns {Promise<readonly { inFlight: number, unwrapUs: number, bareUs: number, ratio: number, spread: [number, number] }[]>}
 * the medians of the processor time per delivery in µs, of all threads; the median ratio, and the quartiles of the ratio.
 */
export async function measureUnwrap({ packageFolder, inFlight, rounds, deliveries }) {
  const { KioskWebhooks } = await import(pathToFileURL(`${packageFolder}/dist/webhooks/index.js`));
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const webhooks = new KioskWebhooks({ publicKeys: [pem], subscriptionIds: [SUBSCRIPTION] });
  const body = new TextEncoder().encode(BODY);
  const headers = { ...OTHER_HEADERS, "x-signature-sha256": sign("sha256", body, privateKey).toString("base64") };
  const bare = await createBareUnwrap(pem);
  const ways = { unwrap: () => webhooks.unwrap(body, headers), bare: () => bare(body, headers) };
  const results = [];
  for (const concurrency of inFlight) {
    await timeInterleaved(ways, concurrency, deliveries);
    const times = [];
    for (let round = 0; round < rounds; round += 1) times.push(await timeInterleaved(ways, concurrency, deliveries));
    const ratios = times.map((time) => time.unwrap / time.bare);
    results.push({
      inFlight: concurrency,
      unwrapUs: medianOf(times.map((time) => time.unwrap)),
      bareUs: medianOf(times.map((time) => time.bare)),
      ratio: medianOf(ratios),
      spread: quartilesOf(ratios),
    });
  }
  return results;
}

/** Measures both ways in small alternating parts, so that a slow phase of the machine meets both. */
async function timeInterleaved(ways, concurrency, deliveries) {
  const PARTS = 8;
  const total = { unwrap: 0, bare: 0 };
  for (let part = 0; part < PARTS; part += 1) {
    const names = part % 2 === 0 ? ["unwrap", "bare"] : ["bare", "unwrap"];
    for (const name of names) total[name] += await timePart(ways[name], concurrency, Math.ceil(deliveries / PARTS));
  }
  return { unwrap: total.unwrap / deliveries, bare: total.bare / deliveries };
}

/** Returns the processor time of a number of deliveries in µs. */
async function timePart(work, concurrency, deliveries) {
  let left = deliveries;
  const start = process.cpuUsage();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left > 0) {
        left -= 1;
        await work();
      }
    }),
  );
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
