import { describe, expect, it } from "vitest";
import { createRefreshingToken, KioskArgumentError, KioskError, WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator, fixtures } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { createIntent } from "../support/intents.js";

const CARD = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dd93a7a1f6f3" };
const PRODUCE = { ...CARD, kioskId: "WIS00001" };

const simulator = () => createKioskSimulator({ cards: [CARD] });
const webhooks = () => new KioskWebhooks({ environment: "sandbox" });

/** Calls a method of a client, and checks that a call with refused options sends nothing. */
async function calling(call: (kiosk: WiseKioskClient) => Promise<unknown>): Promise<void> {
  const wise = simulator();
  try {
    await call(new WiseKioskClient({ ...wise.clientOptions(), maxRetries: 0 }));
  } catch (error) {
    if (error instanceof KioskError && !(error instanceof KioskArgumentError)) return;
    expect(wise.requests).toEqual([]);
    throw error;
  }
}

const simulated = { ...CARD, status: "PRODUCED" } as const;

/** Every options object: how to pass it, valid options, their names, and a typo with the name that it means. */
const OBJECTS: readonly {
  readonly of: string;
  readonly path?: string;
  readonly pass: (options: never) => unknown;
  readonly valid: object;
  readonly names: readonly string[];
  readonly typo: string;
  readonly meant: string;
}[] = [
  {
    of: "new WiseKioskClient",
    pass: (options) => new WiseKioskClient(options),
    valid: { environment: "sandbox", token: "token" },
    names: ["environment", "baseUrl", "apiVersion", "token", "mtls", "timeoutMs", "deadlineMs", "maxRetries", "fetch"],
    typo: "timeout",
    meant: "timeoutMs",
  },
  {
    of: "produceCard",
    pass: (options) => calling((kiosk) => kiosk.produceCard(PRODUCE, options)),
    valid: {},
    names: ["signal", "timeoutMs", "deadlineMs", "maxRetries", "correlationId", "token"],
    typo: "timeout",
    meant: "timeoutMs",
  },
  {
    of: "getProductionStatus",
    pass: (options) => calling((kiosk) => kiosk.getProductionStatus(CARD, options)),
    valid: {},
    names: ["signal", "timeoutMs", "deadlineMs", "maxRetries", "correlationId", "token"],
    typo: "retries",
    meant: "maxRetries",
  },
  {
    of: "reconcileProduction",
    pass: (options) => calling((kiosk) => kiosk.reconcileProduction(createIntent(0), options)),
    valid: {},
    names: ["signal", "timeoutMs", "deadlineMs", "maxRetries", "reconcileWindowMs", "correlationId", "token"],
    typo: "reconcileWindow",
    meant: "reconcileWindowMs",
  },
  {
    of: "simulateProductionStatus",
    pass: (options) => calling((kiosk) => kiosk.simulateProductionStatus(simulated, options)),
    valid: {},
    names: ["signal", "timeoutMs", "deadlineMs", "maxRetries", "correlationId", "token"],
    typo: "correlationID",
    meant: "correlationId",
  },
  {
    of: "waitForProduction",
    pass: (options) => calling((kiosk) => kiosk.waitForProduction(CARD, options)),
    valid: { until: ["READY"] },
    names: ["maxWaitMs", "intervalMs", "events", "until", "onChange", "signal", "timeoutMs"],
    typo: "maxWait",
    meant: "maxWaitMs",
  },
  {
    of: "watchProduction",
    pass: (options) => calling(async (kiosk) => void kiosk.watchProduction(CARD, options)),
    valid: {},
    names: ["maxWaitMs", "intervalMs", "events", "signal", "timeoutMs"],
    typo: "interval",
    meant: "intervalMs",
  },
  {
    of: "createRefreshingToken",
    pass: (options) => createRefreshingToken(options),
    valid: {
      environment: "sandbox",
      clientId: "your-bank",
      clientSecret: "secret",
      refreshToken: "refresh",
      onRefresh() {},
    },
    names: ["environment", "clientId", "clientSecret", "refreshToken", "accessToken", "expiresAt", "onRefresh"],
    typo: "clientSecet",
    meant: "clientSecret",
  },
  {
    of: "mtls",
    path: "mtls",
    pass: (mtls) => new WiseKioskClient({ environment: "sandbox", token: "token", mtls }),
    valid: { cert: 1 },
    names: ["mtls.cert", "mtls.key", "mtls.ca", "mtls.passphrase"],
    typo: "certificate",
    meant: "mtls.cert",
  },
  {
    of: "mtls of createRefreshingToken",
    path: "mtls",
    pass: (mtls) =>
      createRefreshingToken({
        environment: "sandbox",
        clientId: "your-bank",
        clientSecret: "secret",
        refreshToken: "refresh",
        onRefresh() {},
        mtls,
      }),
    valid: { cert: 1 },
    names: ["mtls.cert", "mtls.key"],
    typo: "passPhrase",
    meant: "mtls.passphrase",
  },
  {
    of: "new KioskWebhooks",
    pass: (options) => new KioskWebhooks(options),
    valid: { environment: "sandbox" },
    names: ["environment", "publicKeys", "subscriptionIds", "clientIds"],
    typo: "subscriptionId",
    meant: "subscriptionIds",
  },
  {
    of: "handler",
    pass: (options) => webhooks().handler(options),
    valid: { onProduction() {} },
    names: ["onProduction", "onOther", "onError", "invalidSignatureStatus"],
    typo: "onerror",
    meant: "onError",
  },
  {
    of: "createKioskSimulator",
    pass: (options) => createKioskSimulator(options),
    valid: {},
    names: ["kiosks", "cards", "token", "acceptsToken", "now", "latencyMs", "webhooks", "assumptions"],
    typo: "latency",
    meant: "latencyMs",
  },
  {
    of: "webhooks of createKioskSimulator",
    path: "webhooks",
    pass: (options) => createKioskSimulator({ webhooks: options }),
    valid: {},
    names: ["webhooks.schemaVersion", "webhooks.subscriptionId", "webhooks.clientId"],
    typo: "version",
    meant: "webhooks.schemaVersion",
  },
  {
    of: "assumptions of createKioskSimulator",
    path: "assumptions",
    pass: (assumptions) => createKioskSimulator({ assumptions }),
    valid: {},
    names: ["assumptions.produceExpiredCard", "assumptions.readBeforeReady", "assumptions.refusalIsRead"],
    typo: "refusalsAreRead",
    meant: "assumptions.refusalIsRead",
  },
  {
    of: "an assumed response",
    path: "assumptions.readBeforeReady",
    pass: (readBeforeReady) => createKioskSimulator({ assumptions: { readBeforeReady } }),
    valid: { httpStatus: 404 },
    names: ["assumptions.readBeforeReady.httpStatus", "assumptions.readBeforeReady.body"],
    typo: "status",
    meant: "assumptions.readBeforeReady.httpStatus",
  },
  {
    of: "a card of createKioskSimulator",
    pass: (card) => createKioskSimulator({ cards: [card] }),
    valid: CARD,
    names: ["profileId", "cardToken", "production", "createdAt", "outcomes", "productionDelayMs"],
    typo: "card",
    meant: "cardToken",
  },
  {
    of: "addCard",
    pass: (card) => createKioskSimulator().addCard(card),
    valid: CARD,
    names: ["profileId", "cardToken", "production", "createdAt", "outcomes", "productionDelayMs"],
    typo: "outcome",
    meant: "outcomes",
  },
  {
    of: "an outcome of a card",
    path: "outcomes.0",
    pass: (outcome) => createKioskSimulator({ cards: [{ ...CARD, outcomes: [outcome] }] }),
    valid: { refuse: "KIOSK_ID_NOT_FOUND" },
    names: ["outcomes.0.refuse"],
    typo: "refused",
    meant: "outcomes.0.refuse",
  },
  {
    of: "injectFault",
    pass: (injection) => simulator().injectFault(injection),
    valid: { fault: "timeout" },
    names: ["fault", "operation", "times", "takesEffect"],
    typo: "time",
    meant: "times",
  },
  {
    of: "fault",
    path: "fault",
    pass: (fault) => simulator().injectFault({ fault }),
    valid: { httpStatus: 503 },
    names: ["fault.httpStatus", "fault.headers", "fault.body"],
    typo: "status",
    meant: "fault.httpStatus",
  },
  {
    of: "listen",
    pass: async (options) => (await simulator().listen(options)).close(),
    valid: {},
    names: ["port", "host"],
    typo: "prot",
    meant: "port",
  },
  {
    of: "deliverTo",
    pass: (options) => simulator().deliverTo("http://127.0.0.1:1", options).stop(),
    valid: {},
    names: ["maxAttempts", "retryDelayMs", "timeoutMs"],
    typo: "attempts",
    meant: "maxAttempts",
  },
  {
    of: "deliver",
    pass: (options) => simulator().deliver({}, options),
    valid: {},
    names: ["isTest"],
    typo: "test",
    meant: "isTest",
  },
  {
    of: "an error fixture",
    pass: (changes) => fixtures.error.rateLimited(changes),
    valid: {},
    names: ["httpStatus", "headers", "body"],
    typo: "header",
    meant: "headers",
  },
];

const passOptions = (pass: (options: never) => unknown, options: unknown) =>
  Promise.resolve().then(() => pass(options as never));

describe.each(OBJECTS)("unknown options of $of", ({ path, pass, valid, typo, meant }) => {
  const inFull = (name: string) => (path === undefined ? name : `${path}.${name}`);
  const refused = async (options: unknown) => passOptions(pass, options).catch((error: unknown) => error);

  it("refuses a mistyped option and suggests the right name", async () => {
    const error = await refused({ ...valid, [typo]: 1 });
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({
      argument: inFull(typo),
      message: `${inFull(typo)} is not a known option. Did you mean \`${meant}\`?`,
    });
  });

  it("refuses an unknown option even if its value is undefined", async () => {
    expect(await refused({ ...valid, [typo]: undefined })).toMatchObject({ argument: inFull(typo) });
  });
});

/** Objects that name a card may have other properties, such as those of a database row. */
const isReference = ({ of }: { readonly of: string }) => of === "addCard" || of === "a card of createKioskSimulator";

describe.each(OBJECTS.filter((one) => !isReference(one)))("unknown options of $of", ({ path, pass, valid, names }) => {
  const inFull = (name: string) => (path === undefined ? name : `${path}.${name}`);
  const refused = async (options: unknown) => passOptions(pass, options).catch((error: unknown) => error);

  it("lists the known names if an unknown one resembles none", async () => {
    const error = await refused({ ...valid, qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq: 1 });
    expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument: inFull("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqq") });
    for (const name of names) expect((error as Error).message).toContain(`\`${name}\``);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("refuses the unknown option %s", async (name) => {
    const options = Object.defineProperty({ ...valid }, name, { value: {}, enumerable: true });
    expect(await refused(options)).toMatchObject({ code: "ERR_ARGUMENT", argument: inFull(name) });
  });
});

it.each(OBJECTS.filter(isReference))("the card of $of can have other properties", async ({ pass, valid }) => {
  await passOptions(pass, { ...valid, kioskId: "WIS00001", requestedBy: "clerk-17", id: 17 });
});

it("a request can have other properties, such as those of a database row", async () => {
  const wise = simulator();
  const kiosk = new WiseKioskClient(wise.clientOptions());
  const row = { ...PRODUCE, previous: undefined, id: 17, timeout: 1, createdAt: new Date() };
  expect(await kiosk.produceCard(row)).toMatchObject({ status: "IN_PROGRESS" });
  expect(await kiosk.getProductionStatus(row)).toMatchObject({ status: "IN_PROGRESS" });
  await kiosk.simulateProductionStatus({ ...row, status: "PRODUCED" });
  expect(await kiosk.waitForProduction(row)).toMatchObject({ status: "PRODUCED" });
});

describe.each(OBJECTS.filter(({ path }) => path !== "mtls"))("the options of $of", ({ pass, valid, names }) => {
  it("accepts symbols, and names that are inherited or not enumerable", async () => {
    const options = Object.assign(Object.create({ timeout: 1 }), valid, { [Symbol("timeout")]: 1 });
    Object.defineProperty(options, "time", { value: 1 });
    await passOptions(pass, options);
  });

  it("accepts an instance of a class with accessors", async () => {
    class Configuration {}
    for (const [name, value] of Object.entries(valid)) {
      Object.defineProperty(Configuration.prototype, name, { get: () => value });
    }
    await passOptions(pass, new Configuration());
  });

  it("accepts undefined for every optional name", async () => {
    const last = (name: string) => name.split(".").at(-1) ?? name;
    const undefinedOnes = Object.fromEntries(names.map((name) => [last(name), undefined]));
    await passOptions(pass, { ...undefinedOnes, ...valid });
  });

  it("reads each option once", async () => {
    const reads: string[] = [];
    const counting = new Proxy(valid, {
      get: (target, name) => {
        if (typeof name === "string") reads.push(name);
        return Reflect.get(target, name);
      },
    });
    await passOptions(pass, counting);
    expect(reads).toEqual([...new Set(reads)]);
  });

  it("passes on what an accessor throws", async () => {
    const failure = new Error("not now");
    const [name = ""] = names.map((each) => each.split(".").at(-1) ?? each);
    const options = Object.defineProperty({ ...valid }, name, {
      enumerable: true,
      get: () => {
        throw failure;
      },
    });
    await expect(passOptions(pass, options)).rejects.toBe(failure);
  });
});

const NOT_OPTIONS: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["42", 42],
  ["a string", "options"],
  ["a function", () => {}],
  ["an empty array", []],
  ["an AbortSignal", new AbortController().signal],
  ["a Promise", Promise.resolve({})],
  ["a Map", new Map()],
];

describe.each(OBJECTS.filter(({ path }) => path === undefined))(
  "a value instead of the options of $of",
  ({ of, pass }) => {
    const accepted = of === "new KioskWebhooks" || of === "handler" ? ["null"] : [];

    it.each(NOT_OPTIONS.filter(([title]) => !accepted.includes(title)))(
      "refuses %s instead of options",
      async (found, options) => {
        await expect(passOptions(pass, options)).rejects.toMatchObject({
          code: "ERR_ARGUMENT",
          message: expect.stringContaining(`must be an options object, not ${found}`),
        });
      },
    );
  },
);
