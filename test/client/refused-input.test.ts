import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type CallOptions,
  KioskArgumentError,
  KioskError,
  type ProduceCardRequest,
  type SimulateProductionStatusRequest,
  WiseKioskClient,
  type WiseKioskClientOptions,
} from "../../src/index.js";
import { type HttpServer, reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TOKEN } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

let server: HttpServer;

beforeAll(async () => {
  server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
});

afterEach(() => expect(server.requests).toEqual([]));

afterAll(() => server[Symbol.asyncDispose]());

function expectRefusal(error: unknown, argument: string): void {
  expect(error).toBeInstanceOf(KioskArgumentError);
  expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument, mayHaveTakenEffect: false });
  const { message } = error as Error;
  expect(message.startsWith(`${argument} `)).toBe(true);
  expect(message).toMatch(/^\S+ (must|cannot|could not|is) .*$/);
}

const BAD_NUMBERS = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, true, null, undefined, [12], {}];

const BAD_PROFILES = [
  ...BAD_NUMBERS,
  ...["0", "-1", "12a", "1.5", "1e3", " 12", "12 ", "", "0123", "+7", "٣", "9007199254740992", "9".repeat(400)],
  ...[0n, -5n, 9007199254740992n],
];

const BAD_TEXTS = ["", " ", "\t\r\n", "\u00a0\ufeff", null, undefined, 7, {}, ["x"]];

const BAD_CARD_TOKENS = [...BAD_TEXTS, ".", "..", "\ud800", "a\udc00b", "\ude00\ud83d"];

const BAD_TIMES = [0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2147483648, "30", 30n, null, {}];

const BAD_RETRIES = [-1, 11, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2", 2n, null];

const BAD_WINDOWS = [-1, -0.5, Number.NaN, Number.POSITIVE_INFINITY, 600_000.5, 600_001, "0", 10n, null, true, {}];

const BAD_SWITCHES = ["false", "", 0, 1, null, {}, []];

const BAD_TOKENS = [
  "",
  "two words",
  "line\nbreak",
  "line\r\nX-Evil: 1",
  "tab\t",
  "é",
  "\u0000",
  "\u007f",
  "🂡",
  42,
  null,
  {},
];

const BAD_BASE_URLS: readonly unknown[] = [
  ...["", " ", "not a url", "/v3", "//api.example", "api.example/wise", "https://", "https://[::1", "https://a:99999"],
  ...["ftp://api.example", "ws://127.0.0.1", "file:///etc/hosts", "javascript:alert(1)", "data:,x"],
  ...["https://user@api.example", "https://user:secret@api.example", "https://:secret@api.example"],
  ...["https://api.example/?", "https://api.example/?a=b", "https://api.example/#", "https://api.example/a#b"],
  ...["http://api.example", "http://127.0.0.1.example", "http://localhost.example", "http://0.0.0.0", "http://[::2]"],
  ...["http://10.0.0.1", "http://xlocalhost", "http://127.0.0.1@api.example"],
  ...[
    7,
    {},
    [],
    true,
    new URL("ftp://api.example"),
    new URL("https://user@api.example"),
    new URL("https://a.example?b"),
  ],
];

/** Pairs each value with a readable name for the title of its test. */
const titled = (values: readonly unknown[]): readonly (readonly [string, unknown])[] =>
  values.map((value) => {
    const text = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
    return [text.length > 40 ? `${text.slice(0, 40)}…` : text, value] as const;
  });

describe("invalid cards", () => {
  it.each(titled(BAD_PROFILES))("refuses the profile id %s", async (_title, profileId) => {
    const kiosk = createClient(server);
    const card = { ...CARD, profileId } as typeof CARD;
    expectRefusal(await catchRejection(kiosk.produceCard({ ...card, kioskId: "WIS00001" })), "profileId");
    expectRefusal(await catchRejection(kiosk.getProductionStatus(card)), "profileId");
    expectRefusal(await catchRejection(kiosk.simulateProductionStatus({ ...card, status: "PRODUCED" })), "profileId");
  });

  it("says that the digits of a profile id have no leading zeros", async () => {
    const error = await catchRejection(createClient(server).getProductionStatus({ ...CARD, profileId: "0123" }));
    const wanted = "as a number, a bigint or a string, without leading zeros";
    const message = `profileId must be a positive integer up to 9007199254740991, ${wanted}, not another string`;
    expect(error).toMatchObject({ argument: "profileId", message });
  });

  it.each(titled(BAD_CARD_TOKENS))("refuses the card token %s", async (_title, cardToken) => {
    const kiosk = createClient(server);
    const card = { ...CARD, cardToken } as unknown as typeof CARD;
    expectRefusal(await catchRejection(kiosk.produceCard({ ...card, kioskId: "WIS00001" })), "cardToken");
    expectRefusal(await catchRejection(kiosk.getProductionStatus(card)), "cardToken");
    expectRefusal(await catchRejection(kiosk.simulateProductionStatus({ ...card, status: "PRODUCED" })), "cardToken");
  });

  it.each(titled([undefined, null, 7, "ca0c"]))("refuses %s as a card", async (_title, card) => {
    const kiosk = createClient(server);
    expectRefusal(await catchRejection(kiosk.produceCard(card as ProduceCardRequest)), "card");
    expectRefusal(await catchRejection(kiosk.getProductionStatus(card as typeof CARD)), "card");
    expectRefusal(
      await catchRejection(kiosk.simulateProductionStatus(card as SimulateProductionStatusRequest)),
      "card",
    );
  });
});

describe("invalid requests for a card", () => {
  it.each(titled([...BAD_TEXTS, " WIS00001", "WIS00001 ", "WIS00001\n", "\tWIS00001", "WIS00001\u00a0"]))(
    "refuses the kiosk id %s",
    async (_title, kioskId) => {
      const request = { ...PRODUCE, kioskId } as ProduceCardRequest;
      expectRefusal(await catchRejection(createClient(server).produceCard(request)), "kioskId");
    },
  );

  it.each(titled(["READY", 7, true, {}, [], { status: 7 }, { status: "READY", kioskId: 7 }]))(
    "refuses %s as the previous production",
    async (_title, previous) => {
      const request = { ...PRODUCE, previous } as ProduceCardRequest;
      expectRefusal(await catchRejection(createClient(server).produceCard(request)), "previous");
    },
  );

  it.each(titled(["store", 7, true, null, {}, []]))("refuses %s as onIntent", async (_title, onIntent) => {
    const request = { ...PRODUCE, onIntent } as ProduceCardRequest;
    expectRefusal(await catchRejection(createClient(server).produceCard(request)), "onIntent");
  });

  it.each(titled(["READY", "IN_PROGRESS", "REQUEST_ERROR", "produced", "", undefined, null, 7]))(
    "refuses the simulated status %s",
    async (_title, status) => {
      const request = { ...CARD, status } as SimulateProductionStatusRequest;
      expectRefusal(await catchRejection(createClient(server).simulateProductionStatus(request)), "status");
    },
  );

  it.each(titled([...BAD_TEXTS.filter((text) => text !== undefined && text !== null)]))(
    "refuses the simulated error code %s",
    async (_title, errorCode) => {
      const request = { ...CARD, status: "PRODUCTION_ERROR", errorCode } as SimulateProductionStatusRequest;
      expectRefusal(await catchRejection(createClient(server).simulateProductionStatus(request)), "errorCode");
    },
  );

  it("takes a simulated error code that is null for none", async () => {
    await using simulated = await startHttpServer(reply(200));
    const request = { ...CARD, status: "PRODUCED", errorCode: null } as unknown as SimulateProductionStatusRequest;
    await createClient(simulated).simulateProductionStatus(request);
    expect(simulated.requests.map(({ body }) => body)).toEqual(['{"status":"PRODUCED"}']);
  });

  it("refuses a simulated error code with the status PRODUCED", async () => {
    const request = { ...CARD, status: "PRODUCED", errorCode: "PRT_NOT_REACHABLE" } as unknown;
    const call = createClient(server).simulateProductionStatus(request as SimulateProductionStatusRequest);
    expectRefusal(await catchRejection(call), "errorCode");
  });
});

const OPTIONS: readonly (readonly [keyof CallOptions & keyof WiseKioskClientOptions, readonly unknown[]])[] = [
  ["timeoutMs", BAD_TIMES],
  ["deadlineMs", BAD_TIMES],
  ["maxRetries", BAD_RETRIES],
  ["reconcileWindowMs", BAD_WINDOWS],
  ["resend", BAD_SWITCHES],
  ["token", BAD_TOKENS],
];

describe.each(OPTIONS)("invalid values of %s", (option, values) => {
  it.each(titled(values))(`refuses %s as ${option}`, async (_title, value) => {
    const options = { [option]: value } as CallOptions;
    expectRefusal(await catchRejection(createClient(server).getProductionStatus(CARD, options)), option);
    expectRefusal(thrownBy({ baseUrl: server.url, token: TOKEN, ...options } as WiseKioskClientOptions), option);
  });
});

describe("invalid call options", () => {
  it.each(titled(["", "x".repeat(37), "two words", "é", "line\nbreak", "\u007f", 7, null, {}]))(
    "refuses the correlation id %s",
    async (_title, correlationId) => {
      const options = { correlationId } as CallOptions;
      expectRefusal(await catchRejection(createClient(server).getProductionStatus(CARD, options)), "correlationId");
    },
  );

  it.each(titled([{}, "abort", 7, true, null, new AbortController()]))(
    "refuses the signal %s",
    async (_title, signal) => {
      const options = { signal } as CallOptions;
      expectRefusal(await catchRejection(createClient(server).getProductionStatus(CARD, options)), "signal");
    },
  );

  it.each(titled([null, 7, "fast"]))("refuses %s as the options of a call", async (_title, options) => {
    expectRefusal(await catchRejection(createClient(server).produceCard(PRODUCE, options as CallOptions)), "options");
  });
});

describe("invalid client options", () => {
  it.each(titled([undefined, null, 7, "sandbox"]))("refuses %s as the options of a client", (_title, options) => {
    expectRefusal(thrownBy(options as WiseKioskClientOptions), "options");
  });

  it.each(titled([undefined, null, "", "staging", "PRODUCTION", "Sandbox", 7, "__proto__"]))(
    "refuses the environment %s",
    (_title, environment) => {
      expectRefusal(thrownBy({ environment, token: TOKEN } as WiseKioskClientOptions), "environment");
    },
  );

  it("refuses an unknown environment even with a base URL", () => {
    const options = { environment: "staging", baseUrl: server.url, token: TOKEN } as unknown;
    expectRefusal(thrownBy(options as WiseKioskClientOptions), "environment");
  });

  it.each(titled(BAD_BASE_URLS))("refuses the base URL %s", (_title, baseUrl) => {
    const refused = thrownBy({ baseUrl, token: TOKEN } as WiseKioskClientOptions);
    expectRefusal(refused, "baseUrl");
    expect(String(refused)).not.toContain("secret");
    expectRefusal(thrownBy({ environment: "sandbox", baseUrl, token: TOKEN } as WiseKioskClientOptions), "baseUrl");
  });

  it.each(titled(["", "v3", "2026", "2026Q0", "2026Q5", "26Q3", "2026q3", "2026Q3/", "latest", 2026, null, {}]))(
    "refuses the API version %s",
    (_title, apiVersion) => {
      const options = { baseUrl: server.url, token: TOKEN, apiVersion } as WiseKioskClientOptions;
      expectRefusal(thrownBy(options), "apiVersion");
    },
  );

  it.each([
    ["dispatcher", {}],
    ["dispatcher", null],
    ["dispatcher", "agent"],
    ["dispatcher", { dispatch: true }],
    ["fetch", "fetch"],
    ["fetch", {}],
    ["fetch", null],
    ["onExchange", {}],
    ["onExchange", "log"],
  ])("refuses the %s %j", (option, value) => {
    const options = { baseUrl: server.url, token: TOKEN, [option]: value } as WiseKioskClientOptions;
    expectRefusal(thrownBy(options), option);
  });

  it("refuses options without a token", () => {
    expectRefusal(thrownBy({ environment: "sandbox" } as WiseKioskClientOptions), "token");
  });

  it("does not show a refused token", () => {
    const refused = thrownBy({ environment: "sandbox", token: "secret-token-\n-secret" });
    expectRefusal(refused, "token");
    expect(String(refused)).not.toContain("secret");
  });
});

describe("invalid tokens from a provider", () => {
  it.each(titled([...BAD_TOKENS, undefined]))("refuses %s from a token provider", async (_title, token) => {
    const kiosk = createClient(server, { token: () => token as string });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toBeInstanceOf(KioskError);
    expect(error).toMatchObject({ name: "KioskTokenError", mayHaveTakenEffect: false });
    if (typeof token === "string" && token.trim().length > 2) expect(String(error)).not.toContain(token);
  });
});

describe("unusual but valid options", () => {
  it.each([
    ...["https://gateway.example", "https://gateway.example/wise///", "HTTPS://GATEWAY.EXAMPLE:8443/a%20b"],
    ...[
      "http://localhost",
      "http://kiosk.localhost:81",
      "http://127.0.0.1:8080/a",
      "http://127.1",
      "http://[::1]:3000",
    ],
    new URL("https://gateway.example/wise"),
  ])("accepts the base URL %s", (baseUrl) => {
    expect(() => new WiseKioskClient({ baseUrl, token: TOKEN })).not.toThrow();
  });

  it("accepts plain http to any host only if allowInsecureHttp is true", () => {
    const options = { baseUrl: "http://10.0.0.1", token: TOKEN };
    expect(() => new WiseKioskClient({ ...options, allowInsecureHttp: true })).not.toThrow();
    expectRefusal(thrownBy({ ...options, allowInsecureHttp: "yes" as unknown as boolean }), "baseUrl");
  });

  it.each([1, 1.5, 2147483647])("accepts a time limit of %d ms", (ms) => {
    expect(
      () => new WiseKioskClient({ environment: "sandbox", token: TOKEN, timeoutMs: ms, deadlineMs: ms }),
    ).not.toThrow();
  });
});

describe("values within their range", () => {
  it.each([0, 0.5, 10_000, 600_000])("accepts a reconcile window of %d ms", (reconcileWindowMs) => {
    expect(() => new WiseKioskClient({ environment: "sandbox", token: TOKEN, reconcileWindowMs })).not.toThrow();
  });

  it.each([true, false, undefined])("accepts %s for resend", (resend) => {
    expect(() => new WiseKioskClient({ environment: "sandbox", token: TOKEN, resend })).not.toThrow();
  });
});

function thrownBy(options: WiseKioskClientOptions): unknown {
  try {
    return new WiseKioskClient(options);
  } catch (error) {
    return error;
  }
}
