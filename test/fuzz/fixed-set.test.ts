import { describe, expect, it } from "vitest";
import { createRefreshingToken, WiseKioskClient } from "wise-card-kiosk";
import { KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { Dice } from "../support/dice.js";
import { createSignature, wise } from "../support/signed-delivery.js";
import { CARD, PRODUCE } from "../support/transports.js";
import { checkOutcome } from "./check-outcome.js";
import { type CorpusFile, type CorpusKind, readCorpus } from "./corpus.js";
import { FuzzInputs, TARGETS } from "./fuzz-inputs.js";
import { RunSecrets } from "./run-secrets.js";
import { outcomeWithoutStall } from "./stretches.js";
import { checkReceived } from "./targets/deliveries.js";

/** Enough for every target, in 2 s of processor time. `npm run test:fuzz` generates a million. */
const INPUTS = 1500;
const SEED = 14;

const secrets = new RunSecrets(new Dice(SEED));

const fileNames = (kind: CorpusKind): [string, CorpusFile][] => readCorpus(kind).map((file) => [file.name, file]);

describe("a file of the corpus", () => {
  const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });

  it.each(fileNames("deliveries"))("is received as a delivery with a typed outcome: %s", async (_name, { bytes }) => {
    for (const signature of [createSignature(bytes), createSignature(`${bytes} `)]) {
      const headers = [["X-Signature-SHA256", signature]] as const;
      const outcome = await outcomeWithoutStall(() => webhooks.unwrap(bytes, Object.fromEntries(headers)));
      const isSigned = signature === createSignature(bytes) && bytes.length > 0;
      checkReceived({ body: bytes, headers, isSigned }, outcome, secrets);
    }
  });

  /** Returns options of a client for which each response has this body. */
  const responding = (status: number, body: Buffer) => ({
    baseUrl: "http://127.0.0.1:9",
    fetch: async () => new Response(new Uint8Array(body), { status }),
  });

  it.each(fileNames("responses"))("is decoded as a response with a typed outcome: %s", async (_name, { bytes }) => {
    for (const status of [200, 422, 500]) {
      const client = new WiseKioskClient({ ...responding(status, bytes), token: secrets.token, maxRetries: 0 });
      checkOutcome(await outcomeWithoutStall(() => client.getProductionStatus(CARD)), secrets);
      checkOutcome(await outcomeWithoutStall(() => client.produceCard(PRODUCE)), secrets);
    }
  });

  it.each(fileNames("subscriptions"))("is decoded as a subscription response: %s", async (_name, { bytes }) => {
    const { token } = secrets;
    const options = { ...responding(200, bytes), clientKey: "your-bank", token, maxRetries: 0 };
    const subscriptions = new KioskSubscriptions(options);
    checkOutcome(await outcomeWithoutStall(() => subscriptions.list()), secrets);
    checkOutcome(await outcomeWithoutStall(() => subscriptions.get("72195556")), secrets);
    checkOutcome(await outcomeWithoutStall(() => subscriptions.sendTest("72195556")), secrets);
  });

  it.each(fileNames("tokens"))("is decoded as a response of the token endpoint: %s", async (_name, { bytes }) => {
    for (const status of [200, 401]) {
      const { clientSecret, refreshToken } = secrets;
      const token = createRefreshingToken({
        ...responding(status, bytes),
        clientId: "client-id",
        clientSecret,
        refreshToken,
        onRefresh: () => {},
      });
      checkOutcome(
        await outcomeWithoutStall(() => token({ profileId: "1", rejectedToken: undefined } as never)),
        secrets,
      );
    }
  });
});

describe(`${INPUTS} generated inputs`, () => {
  const inputs = new FuzzInputs(SEED);
  const indexes = Array.from({ length: INPUTS }, (_, index) => index);

  it.each(TARGETS.map((target) => [target.name, target] as const))(
    "break no promise of the target %s",
    async (_name, target) => {
      const ofTarget = indexes.filter((index) => inputs.target(index) === target);
      expect(ofTarget.length).toBeGreaterThan(0);
      for (const index of ofTarget) await inputs.run(index);
    },
  );
});
