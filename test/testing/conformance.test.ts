import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Exchange, KioskUnprocessableError, type Production, WiseKioskClient } from "../../src/index.js";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../src/production/error-codes.js";
import { createKioskSimulator, type KioskSimulator, type SimulatedCard } from "../../src/testing/index.js";
import { KioskWebhooks } from "../../src/webhooks/index.js";

const CARD = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const NOW = "2024-01-01T12:24:56.121Z";

/** The simulator and its client, against which a sentence is checked. */
interface World {
  readonly simulator: KioskSimulator;
  readonly card: SimulatedCard;
  readonly kiosk: WiseKioskClient;
  readonly exchanges: Exchange[];
  produce(kioskId?: string): Promise<Production>;
  /** Produces the card an hour later, so that the client does not attribute the earlier print to this call. */
  produceLater(): Promise<Production>;
  read(): Promise<Production>;
  simulate(status: "PRODUCED" | "PRODUCTION_ERROR", errorCode?: string): Promise<void>;
  /** Returns the productions that webhooks have reported so far. */
  events(): Promise<Production[]>;
}

/** A sentence of Wise's documentation, what to do, and the expected result. */
interface Sentence {
  readonly says: string;
  readonly when: (world: World) => Promise<unknown> | unknown;
  readonly expected: unknown;
}

const statuses = async ({ events }: World) => (await events()).map(({ status }) => status);

/** @see https://docs.wise.com/api-reference/card-kiosk-collection */
const REFERENCE: readonly Sentence[] = [
  {
    says: "READY - The card is ready for production. The produce card endpoint can be called.",
    when: async ({ read, produce }) => [await read(), await produce()],
    expected: [{ status: "READY" }, { status: "IN_PROGRESS" }],
  },
  {
    says: "IN_PROGRESS - The card is in production at the kiosk machine.",
    when: async ({ produce, read }) => [await produce("WIS00002"), await read()],
    expected: [{ status: "IN_PROGRESS" }, { status: "IN_PROGRESS", kioskId: "WIS00002" }],
  },
  {
    says: "PRODUCED - The card is produced and collected. This is a final state.",
    when: async ({ produce, produceLater, simulate, read }) => {
      await produce();
      await simulate("PRODUCED");
      return [await read(), await produceLater(), await read()];
    },
    expected: [{ status: "PRODUCED" }, { status: "REQUEST_ERROR" }, { status: "PRODUCED" }],
  },
  {
    says: "PRODUCTION_ERROR - The card production failed. The produce card endpoint can be called again to retry the card production.",
    when: async ({ produce, simulate, read }) => {
      await produce();
      await simulate("PRODUCTION_ERROR", "PRD_HOPPER_JAM");
      return [await read(), await produce()];
    },
    expected: [{ status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" }, { status: "IN_PROGRESS" }],
  },
  {
    says: "200 - OK - The card information have been successfully sent to the kiosk machine.",
    when: async ({ produce, exchanges }) => {
      await produce();
      return exchanges;
    },
    expected: [{ operation: "produceCard", httpStatus: 200 }],
  },
  {
    says: "422 - Unprocessable Content - The card information can't be processed by the kiosk machine. For more details, check the error code returned.",
    when: async ({ produce, exchanges }) => [await produce("UNKNOWN"), exchanges],
    expected: [{ errorCode: "KIOSK_ID_NOT_FOUND" }, [{ operation: "produceCard", httpStatus: 422 }]],
  },
  {
    says: "The value will be IN_PROGRESS if the card information has been successfully sent to the kiosk machine, otherwise it will be REQUEST_ERROR.",
    when: async ({ produce, produceLater }) => [await produce(), await produceLater()],
    expected: [{ status: "IN_PROGRESS" }, { status: "REQUEST_ERROR" }],
  },
  {
    says: "REQUEST_ALREADY_EXISTS: The request has already been submitted.",
    when: async ({ produce, produceLater }) => [await produce(), await produceLater()],
    expected: [{ errorCode: null }, { errorCode: "REQUEST_ALREADY_EXISTS" }],
  },
  {
    says: "KIOSK_ID_NOT_FOUND: The kiosk ID does not exist. Please verify that this kiosk ID is correctly set up.",
    when: ({ produce }) => produce("UNKNOWN"),
    expected: { status: "REQUEST_ERROR", kioskId: "UNKNOWN", errorCode: "KIOSK_ID_NOT_FOUND" },
  },
  {
    says: "kioskId: Identifier that specifies which kiosk machine is producing the card. When the status is READY, this value is null.",
    when: async ({ read, produce }) => [await read(), await produce("WIS00002"), await read()],
    expected: [{ kioskId: null }, { kioskId: "WIS00002" }, { kioskId: "WIS00002" }],
  },
  {
    says: "occurredAt: Time when the card production request has been sent to the kiosk machine.",
    when: async ({ simulator, produce, simulate, read }) => {
      const produced = await produce();
      simulator.advanceTime(60_000);
      const before = await read();
      await simulate("PRODUCED");
      return [produced, before, await read()].map(({ occurredAt }) => occurredAt);
    },
    expected: [NOW, NOW, NOW],
  },
  {
    says: "errorCode (optional): Code returned when sending the card production request is not successful. The possible values are listed in request errors.",
    when: async ({ simulator, kiosk }) => {
      const codes = [];
      for (const code of REQUEST_ERROR_CODES) {
        simulator.addCard({ profileId: 1, cardToken: code, outcomes: [{ refuse: code }] });
        const refused = await kiosk.produceCard({ profileId: 1, cardToken: code, kioskId: "WIS00001" });
        codes.push(`${refused.status} ${refused.errorCode}`);
      }
      return codes;
    },
    expected: REQUEST_ERROR_CODES.map((code) => `REQUEST_ERROR ${code}`),
  },
  {
    says: "errorCode: Code returned when card production is not successful. The possible values are listed in production errors. Nullable.",
    when: async ({ card, produce, simulate, read }) => {
      const codes = [];
      for (const code of [...PRODUCTION_ERROR_CODES, undefined]) {
        await produce();
        await simulate("PRODUCTION_ERROR", code);
        codes.push((await read()).errorCode);
      }
      card.ready();
      return [...codes, (await read()).errorCode];
    },
    expected: [...PRODUCTION_ERROR_CODES, null, null],
  },
  {
    says: "description: Detailed description of the error code.",
    when: async ({ produce, card, read }) => {
      const refused = await produce("UNKNOWN");
      card.fail("PRD_HOPPER_JAM");
      return [refused, await read()];
    },
    expected: [{ description: expect.stringMatching(/kiosk id/) }, { description: expect.stringMatching(/hopper/) }],
  },
  {
    says: "Cards that were created over 60 days ago will result in a 422 error code and cannot be retried, this is due to the data being obfuscated on our side.",
    when: async ({ card, produce, exchanges }) => {
      card.expire();
      const failures = [await produce().catch((error) => error), await produce().catch((error) => error)];
      expect(failures.every((failure) => failure instanceof KioskUnprocessableError)).toBe(true);
      return exchanges.map(({ httpStatus }) => httpStatus);
    },
    expected: [422, 422],
  },
  {
    says: "To confirm that card information has been successfully created, please listen to card-production-status-change webhook with status READY.",
    when: async (world) => {
      world.simulator.addCard({ profileId: 1, cardToken: "new", production: null }).ready();
      return statuses(world);
    },
    expected: ["READY"],
  },
  {
    says: "During the printing process, you will be notified via webhook about any card production status change.",
    when: async (world) => {
      await world.produce();
      await world.simulate("PRODUCTION_ERROR", "PRT_PAUSED");
      await world.produce();
      await world.simulate("PRODUCED");
      return statuses(world);
    },
    expected: ["IN_PROGRESS", "PRODUCTION_ERROR", "IN_PROGRESS", "PRODUCED"],
  },
  {
    says: "In some situations, you might want to use this endpoint to synchronously retrieve the production status of a card.",
    when: async ({ read, exchanges }) => [await read(), exchanges],
    expected: [{ status: "READY" }, [{ operation: "getProductionStatus", method: "GET", httpStatus: 200 }]],
  },
];

/** @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection */
const GUIDE: readonly Sentence[] = [
  {
    says: "In case multiple kioskId values have been configured, use the one you wish to send the card to.",
    when: async ({ produce, card }) => [await produce("WIS00002"), card.fail().production, await produce("WIS00001")],
    expected: [{ kioskId: "WIS00002" }, { kioskId: "WIS00002" }, { kioskId: "WIS00001" }],
  },
  {
    says: "Once the card has been successfully sent to the kiosk machine, you will receive an event with the status IN_PROGRESS, indicating that the card is currently being produced.",
    when: async (world) => [await world.produce(), await statuses(world)],
    expected: [{ status: "IN_PROGRESS" }, ["IN_PROGRESS"]],
  },
  {
    says: "Once the card is produced, you will receive an event with the status PRODUCED. This means that the card has been successfully produced and collected from a kiosk machine.",
    when: async (world) => {
      world.card.produce().collect();
      return [await world.read(), await statuses(world)];
    },
    expected: [{ status: "PRODUCED" }, ["IN_PROGRESS", "PRODUCED"]],
  },
  {
    says: "If the card is not collected, the system will return a PRODUCTION_ERROR status and the card will be redirected to a rejection hopper inside the machine.",
    when: async (world) => {
      world.card.produce().reject();
      return [await world.read(), await statuses(world)];
    },
    expected: [{ status: "PRODUCTION_ERROR" }, ["IN_PROGRESS", "PRODUCTION_ERROR"]],
  },
  {
    says: "If you receive an event with the status PRODUCTION_ERROR, it indicates that an issue occured during the production process. You can check the errorCode and description fields to determine the root cause of the problem.",
    when: async ({ card, events }) => {
      card.produce().fail("PRD_HOPPER_DOOR");
      return (await events()).slice(1);
    },
    expected: [
      { status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_DOOR", description: expect.stringMatching(/hopper/) },
    ],
  },
  {
    says: "If the error can be manually solved (e.g., the hopper adapter is open), you can retry producing the same card by calling the produce card endpoint after fixing the issue.",
    when: async ({ card, produce }) => {
      card.produce().fail("PRD_HOPPER_DOOR");
      return produce();
    },
    expected: { status: "IN_PROGRESS" },
  },
  {
    says: "We offer a synchronous endpoint that allows you to retrieve the latest production data that we received from the card manufacturer.",
    when: async ({ card, read }) => {
      card.produce().fail("PRT_RIBBON_ENDED").produce("WIS00002");
      return read();
    },
    expected: { status: "IN_PROGRESS", kioskId: "WIS00002", errorCode: null },
  },
  {
    says: "To test out your integration, we provide an API in the sandbox environment to simulate production statuses. This will assist you in simulating success or any potential errors that may occur on the kiosk machine.",
    when: async ({ produce, simulate, read }) => {
      await produce();
      const simulated = await simulate("PRODUCTION_ERROR", "PRT_NOT_REACHABLE");
      const failed = await read();
      await produce();
      await simulate("PRODUCED");
      return [simulated, failed, await read()];
    },
    expected: [undefined, { status: "PRODUCTION_ERROR", errorCode: "PRT_NOT_REACHABLE" }, { status: "PRODUCED" }],
  },
];

/** The ways in which a client can reach a simulator. */
const WAYS = {
  fetch: async (simulator: KioskSimulator) => ({ ...simulator.clientOptions(), close: async () => {} }),
  dispatcher: async (simulator: KioskSimulator) => {
    const { token } = simulator.clientOptions();
    const { dispatcher } = simulator;
    return { environment: "sandbox", apiVersion: "2026Q3", token, dispatcher, close: async () => {} } as const;
  },
  "loopback server": async (simulator: KioskSimulator) => {
    const { url, close } = await simulator.listen();
    return { baseUrl: `${url}/gateway`, token: simulator.clientOptions().token, close };
  },
};

describe.each(Object.entries(WAYS))("the simulator's conformance through its %s", (_way, reach) => {
  let world: World;
  let closeWay: () => Promise<void>;

  beforeEach(async () => {
    const simulator = createKioskSimulator({ kiosks: ["WIS00001", "WIS00002"], cards: [CARD], now: NOW });
    const exchanges: Exchange[] = [];
    const { close, ...options } = await reach(simulator);
    closeWay = close;
    const kiosk = new WiseKioskClient({ ...options, onExchange: (exchange) => exchanges.push(exchange) });
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    world = {
      simulator,
      card: simulator.card(CARD.cardToken),
      kiosk,
      exchanges,
      produce: (kioskId = "WIS00001") => kiosk.produceCard({ ...CARD, kioskId }),
      produceLater() {
        simulator.advanceTime(60 * 60 * 1000);
        return kiosk.produceCard({ ...CARD, kioskId: "WIS00001" });
      },
      read: () => kiosk.getProductionStatus(CARD),
      simulate: (status, errorCode) =>
        kiosk.simulateProductionStatus(
          status === "PRODUCED"
            ? { ...CARD, status }
            : { ...CARD, status, ...(errorCode === undefined ? {} : { errorCode }) },
        ),
      async events() {
        const received = simulator.deliveries.map(({ body, headers }) => webhooks.unwrap(body, headers));
        return (await Promise.all(received)).flatMap((event) => (event.type === "other" ? [] : [event.production]));
      },
    };
  });
  afterEach(() => closeWay());

  it.each([...REFERENCE, ...GUIDE])("conforms to the documentation: $says", async ({ when, expected }) => {
    const outcome = await when(world);
    expect(outcome).toMatchObject(expected as object);
  });
});
